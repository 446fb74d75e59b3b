/**
 * Recovery: what a crash between the steps of the commit protocol left behind is finished or cleared.
 * Any process may do it at any time; every step is safe to repeat.
 */
import { join } from 'node:path';
import type { Disk } from '../disk/disk.js';
import type { RecordHeader } from './commit-record.js';
import { dropSpares, publish } from './publish.js';
import { parseStagedName, type StagedFile, type StateFolder } from './state-folder.js';

/** A staged file of a version to come may belong to a live writer; after this long, to none. */
const abandonedMs = 24 * 60 * 60 * 1000;

/** Finishes the head's publication where it is due and clears what the past left. Says what it did. */
export async function recover(
  disk: Disk,
  folder: StateFolder,
  head: RecordHeader,
): Promise<string[]> {
  // Whoever did it may have been killed before these: what is answered from must outlive a power cut.
  await disk.syncFolder(folder.commits);
  await disk.syncFolder(folder.outputFolder);
  const done: string[] = [];
  const staged = await listStaged(disk, folder);
  if (staged.some((each) => isOf(each, head))) {
    const { renamed, backup, warnings } = await publish(disk, folder, head);
    if (renamed) done.push(`published version ${head.version}, which was committed before a stop`);
    if (backup !== null) done.push(`kept an output that was not ours as ${backup}`);
    done.push(...warnings);
  }
  await dropSpares(disk, folder, head);
  await clearPast(disk, folder, head);
  for (const each of staged) {
    if (each.version > head.version && (await isAbandoned(disk, folder, each))) {
      await disk.remove(join(folder.staged, each.name));
    }
  }
  return done;
}

/** Staged files of versions that are taken: their commits can no longer be. */
export async function clearPast(
  disk: Disk,
  folder: StateFolder,
  head: RecordHeader,
): Promise<void> {
  for (const staged of await listStaged(disk, folder)) {
    if (staged.version <= head.version && !isOf(staged, head)) {
      await disk.remove(join(folder.staged, staged.name));
    }
  }
}

async function listStaged(disk: Disk, folder: StateFolder): Promise<StagedFile[]> {
  return (await disk.list(folder.staged)).map(parseStagedName).filter((staged) => staged !== null);
}

function isOf(staged: StagedFile, head: RecordHeader): boolean {
  return staged.version === head.version && staged.runId === head.runId;
}

async function isAbandoned(disk: Disk, folder: StateFolder, staged: StagedFile): Promise<boolean> {
  const identity = await disk.identity(join(folder.staged, staged.name));
  return identity !== null && Date.now() - Number(identity.mtimeNs / 1_000_000n) > abandonedMs;
}
