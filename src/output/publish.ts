/** Step 5 of the commit protocol: the staged file takes the output's place, and what lay there is kept if it was not ours. */
import { join } from 'node:path';
import type { BaseFile, CommitRecord } from './commit-record.js';
import { type Disk, errorCode, type FileIdentity, sameContent } from './disk.js';
import { type StateFolder, stagedName } from './state-folder.js';

export interface Published {
  /** False when the staged file was gone: another process published it, or someone removed it. */
  readonly renamed: boolean;
  /** Of the new output; null where it was not renamed here, or was touched at once. */
  readonly identity: FileIdentity | null;
  /** Where a version that was not ours is kept, or null. */
  readonly backup: string | null;
}

/** Safe to repeat, by any process, as long as `record` is the head. */
export async function publish(
  disk: Disk,
  folder: StateFolder,
  record: CommitRecord,
): Promise<Published> {
  const name = stagedName(record.version, record.runId);
  const kept = await keepCurrent(disk, folder, record);
  const staged = await disk.identity(join(folder.staged, name));
  const renamed = await renameStaged(disk, folder, name);
  if (renamed) await disk.syncFolder(folder.outputFolder);
  const current = await disk.identity(folder.output);
  const identity = renamed && sameContent(staged, current) ? current : null;

  if (kept === null) return { renamed, identity, backup: null };
  if (await isSpare(disk, folder, kept, record)) {
    await disk.remove(kept);
    return { renamed, identity, backup: null };
  }
  await disk.syncFolder(folder.backup);
  return { renamed, identity, backup: kept };
}

/**
 * Whether the copy at `kept` need not be kept: it is the file that the commit was spliced from, and that
 * was ours; or it still is the output itself.
 */
async function isSpare(
  disk: Disk,
  folder: StateFolder,
  kept: string,
  { base }: CommitRecord,
): Promise<boolean> {
  const found = await disk.identity(kept);
  // Another process, publishing the same commit, has decided already.
  if (found === null) return true;
  if (await isSameFile(disk, kept, folder.output)) return true;
  return base?.ours === true && isBase(found, base);
}

export function baseOf(identity: FileIdentity, ours: boolean): BaseFile {
  return {
    dev: String(identity.dev),
    ino: String(identity.ino),
    sizeBytes: identity.sizeBytes,
    mtimeNs: String(identity.mtimeNs),
    ours,
  };
}

function isBase(found: FileIdentity, base: BaseFile): boolean {
  const { dev, ino, sizeBytes, mtimeNs } = baseOf(found, base.ours);
  return (
    dev === base.dev && ino === base.ino && sizeBytes === base.sizeBytes && mtimeNs === base.mtimeNs
  );
}

/** A second name in `backup/` for what is the output now; null where there is none. */
async function keepCurrent(
  disk: Disk,
  folder: StateFolder,
  record: CommitRecord,
): Promise<string | null> {
  for (let copy = 0; copy < maxCopies; copy += 1) {
    const kept = join(folder.backup, `${record.version}-${record.runId}.${copy}.csv`);
    try {
      await disk.link(folder.output, kept);
      return kept;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT') return null;
      if (code !== 'EEXIST') throw error;
      // Left by an earlier try. If the output was replaced since then, it needs a copy of its own.
      if (await isSameFile(disk, kept, folder.output)) return kept;
    }
  }
  throw new Error(
    `${folder.backup} holds ${maxCopies} copies for version ${record.version} already`,
  );
}

const maxCopies = 100;

async function isSameFile(disk: Disk, a: string, b: string): Promise<boolean> {
  const [one, other] = [await disk.identity(a), await disk.identity(b)];
  return one !== null && one.ino === other?.ino && one.dev === other.dev;
}

async function renameStaged(disk: Disk, folder: StateFolder, name: string): Promise<boolean> {
  try {
    await disk.rename(join(folder.staged, name), folder.output);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
