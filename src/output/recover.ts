/**
 * Recovery: what a crash between the steps of the commit protocol left behind is finished or cleared.
 * Any process may do it at any time; every step is safe to repeat.
 */
import { join } from 'node:path';
import { type Disk, unlessAbsent } from '../disk/disk.js';
import type { CommitId, RecordHeader } from './commit-record.js';
import { moveToBackup, settle } from './displaced.js';
import { type PublishPlace, publish } from './publish.js';
import { isOf, listStaged, takeLinks } from './staged-files.js';
import { parseStagedName, type StagedFile, type StateFolder } from './state-folder.js';

/** A staged file of a version to come may belong to a live writer; after this long, to none. */
const abandonedMs = 24 * 60 * 60 * 1000;

/** Finishes the head's publication where it is due and clears what the past left. Says what it did. */
export async function recover(place: PublishPlace, head: RecordHeader): Promise<string[]> {
  const { disk, folder } = place;
  // The process that committed it may have been killed before this step: answers must rest on durable files.
  await disk.syncFolder(folder.commits);
  // What it moved there may have no other name that lasts.
  await unlessAbsent(() => disk.syncFolder(folder.backup), undefined);
  const done: string[] = [];
  const tell = (kept: readonly string[]) =>
    done.push(...kept.map((path) => `kept an output that was not ours as ${path}`));

  const { placed, kept, warnings } = await publish(place, head);
  if (placed) done.push(`published version ${head.version}, which was committed before a stop`);
  tell(kept);
  done.push(...warnings);
  // No more links of the head can be made: those that are there belong to publishers that come too late.
  const staged = await listStaged(place);
  tell(await takeLinks(place, staged, head, head.version));
  await dropSpares(disk, folder, head);
  for (const each of staged) {
    if (each.version > head.version && (await isAbandoned(disk, folder, each))) {
      tell(await removeAbandoned(disk, folder, each));
    }
  }
  return done;
}

/** Copies of our own versions that a stop in the middle of a publication left. */
async function dropSpares(disk: Disk, folder: StateFolder, head: RecordHeader): Promise<void> {
  for (const name of await disk.list(folder.backup)) {
    const copy = parseCopyName(name);
    if (copy !== null && (isOf(copy, head) || (head.parent !== null && isOf(copy, head.parent)))) {
      await settle(disk, folder, { at: 'backup', name }, head);
    }
  }
}

/** Also the names that copies had in earlier versions. */
function parseCopyName(name: string): CommitId | null {
  return parseStagedName(name.replace(/\.[^.]*\.csv$/, '.csv'));
}

async function isAbandoned(disk: Disk, folder: StateFolder, staged: StagedFile): Promise<boolean> {
  const identity = await disk.identity(join(folder.staged, staged.name));
  return identity !== null && Date.now() - Number(identity.mtimeNs / 1_000_000n) > abandonedMs;
}

/** A link can be the only name of what someone else wrote. */
async function removeAbandoned(
  disk: Disk,
  folder: StateFolder,
  staged: StagedFile,
): Promise<string[]> {
  const { name, isLink } = staged;
  const kept = isLink ? await moveToBackup(disk, folder, name, staged) : null;
  if (!isLink) await disk.remove(join(folder.staged, name));
  return kept === null ? [] : [kept];
}
