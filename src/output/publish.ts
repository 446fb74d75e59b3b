/** Step 5 of the commit protocol: the staged file takes the output's place, and what lay there is kept if it was not ours. */
import { join } from 'node:path';
import { type Disk, errorCode, type FileIdentity, sameContent } from '../disk/disk.js';
import type { BaseFile, RecordHeader } from './commit-record.js';
import { makeFolders } from './place.js';
import { type StateFolder, stagedName } from './state-folder.js';

export interface Published {
  /** False when the staged file was gone: another process published it, or someone removed it. */
  readonly renamed: boolean;
  /** Of the new output; null where it was not renamed here, or is to be looked at again. */
  readonly identity: FileIdentity | null;
  /** Where a version that was not ours is kept, or null. */
  readonly backup: string | null;
  /** What went wrong once the new output was in its place. */
  readonly warnings: readonly string[];
}

/** Safe to repeat, by any process, as long as `record` is the head. Throws only while the old output lies there. */
export async function publish(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<Published> {
  const name = stagedName(record.version, record.runId);
  const staged = await disk.identity(join(folder.staged, name));
  // Without a staged file nothing is replaced, and what lies there may be a later version.
  const kept = staged === null ? null : await keepCurrent(disk, folder, record);
  // A copy that must outlive a power cut has to do so before the rename can.
  if (kept !== null && !isBase(await disk.identity(kept), record)) {
    await disk.syncFolder(folder.backup);
  }
  const renamed = staged !== null && (await renameStaged(disk, folder, name, staged));
  try {
    // Whoever renamed it: nothing may be answered, or built on it, before it would outlive a power cut.
    await disk.syncFolder(folder.outputFolder);
    const backup = kept === null || (await dropSpare(disk, folder, kept, record)) ? null : kept;
    const current = renamed ? await disk.identity(folder.output) : null;
    const identity = current !== null && sameContent(staged, current) ? current : null;
    return { renamed, identity, backup, warnings: [] };
  } catch (error) {
    const warning = `after version ${record.version} was published: ${(error as Error).message}`;
    return { renamed, identity: null, backup: null, warnings: [warning] };
  }
}

/** Copies of our own versions that a stop in the middle of a publication left. */
export async function dropSpares(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<void> {
  const prefix = copyName(record, '');
  for (const name of await disk.list(folder.backup)) {
    if (name.startsWith(prefix)) await dropSpare(disk, folder, join(folder.backup, name), record);
  }
}

/** False where the copy at `kept` must stay. */
async function dropSpare(
  disk: Disk,
  folder: StateFolder,
  kept: string,
  record: RecordHeader,
): Promise<boolean> {
  if (!(await isSpare(disk, folder, kept, record))) return false;
  await disk.remove(kept);
  return true;
}

/**
 * Whether the copy at `kept` need not be kept: it is the file that the commit was spliced from, and that
 * was ours; or it still is the output itself.
 */
async function isSpare(
  disk: Disk,
  folder: StateFolder,
  kept: string,
  record: RecordHeader,
): Promise<boolean> {
  const found = await disk.identity(kept);
  // Another process, publishing the same commit, has decided already.
  if (found === null) return true;
  return isBase(found, record) || isSameFile(found, await disk.identity(folder.output));
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

/** Whether this is the file that the commit was spliced from, untouched since, and a version of ours. */
function isBase(found: FileIdentity | null, { base }: RecordHeader): boolean {
  if (found === null || base === null || !base.ours) return false;
  const { dev, ino, sizeBytes, mtimeNs } = baseOf(found, true);
  return (
    dev === base.dev && ino === base.ino && sizeBytes === base.sizeBytes && mtimeNs === base.mtimeNs
  );
}

function copyName({ version, runId }: RecordHeader, rest: string): string {
  return `${version}-${runId}.${rest}`;
}

/** A second name in `backup/` for what is the output now; null where there is none. */
async function keepCurrent(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<string | null> {
  for (let copy = 0; copy < maxCopies; copy += 1) {
    const kept = join(folder.backup, copyName(record, `${copy}.csv`));
    const code = await linkedOrCode(disk, folder.output, kept);
    if (code === null) return kept;
    const current = await disk.identity(folder.output);
    if (code === 'EEXIST') {
      // Left by an earlier try. If the output was replaced since then, it needs a copy of its own.
      if (isSameFile(await disk.identity(kept), current)) return kept;
    } else {
      if (current === null) return null;
      // Someone deleted the folder for the copy.
      await makeFolders(disk, folder);
    }
  }
  throw new Error(
    `${folder.backup} holds ${maxCopies} copies for version ${record.version} already`,
  );
}

/** Null where `to` is a link now; else why there is none: its name is taken, or something is missing. */
async function linkedOrCode(
  disk: Disk,
  from: string,
  to: string,
): Promise<'EEXIST' | 'ENOENT' | null> {
  try {
    await disk.link(from, to);
    return null;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' || code === 'ENOENT') return code;
    throw error;
  }
}

const maxCopies = 100;

function isSameFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return a !== null && a.ino === b?.ino && a.dev === b.dev;
}

async function renameStaged(
  disk: Disk,
  folder: StateFolder,
  name: string,
  staged: FileIdentity,
): Promise<boolean> {
  try {
    await disk.rename(join(folder.staged, name), folder.output);
    return true;
  } catch (error) {
    // Over a network the answer can be lost: an error may mean that it was renamed. Look.
    if (sameContent(staged, await disk.identity(folder.output))) return true;
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
