/** Files that a publication displaced: our own versions are dropped, everything else is kept in `backup/`. */
import { join } from 'node:path';
import { type Disk, errorCode, type FileIdentity } from '../disk/disk.js';
import type { BaseFile, CommitId, FileMark, RecordHeader } from './commit-record.js';
import { withFolders } from './place.js';
import { linkName, type StateFolder } from './state-folder.js';

/** A file that a publisher put there under a name that is its own. */
export interface Displaced {
  readonly at: 'staged' | 'backup';
  readonly name: string;
}

/** Where it is kept; null where it was ours, or another process has taken it and tells of it. */
export async function settle(
  disk: Disk,
  folder: StateFolder,
  { at, name }: Displaced,
  record: RecordHeader,
): Promise<string | null> {
  const path = join(folder[at], name);
  const found = await disk.identity(path);
  if (found === null) return null;
  if (isOurs(found, record)) {
    await disk.remove(path);
    return null;
  }
  return at === 'backup' ? path : moveToBackup(disk, folder, name, record);
}

/**
 * From `staged/`, so that it outlives a power cut; null where it is not there. Under a new name: where a
 * power cut undoes half of a rename, its old name leads to another file, and is moved again.
 */
export async function moveToBackup(
  disk: Disk,
  folder: StateFolder,
  name: string,
  id: CommitId,
): Promise<string | null> {
  const kept = join(folder.backup, linkName(id));
  try {
    await withFolders(disk, folder, () => disk.rename(join(folder.staged, name), kept));
  } catch (error) {
    // Over a network the answer can be lost: an error may mean that it was renamed. Look.
    if ((await disk.identity(kept)) === null) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }
  await disk.syncFolder(folder.backup);
  return kept;
}

/** Whether it is the file of this commit, or the one that it was spliced from, if that was a version of ours. */
export function isOurs(found: FileIdentity, { file, base }: RecordHeader): boolean {
  return isMarked(found, file) || (base?.ours === true && isMarked(found, base));
}

/** Whether it is that file, with the contents that it had. */
export function isMarked(found: FileIdentity | null, mark: FileMark | null): boolean {
  if (found === null || mark === null) return false;
  const { dev, ino, sizeBytes, mtimeNs } = markOf(found);
  return (
    dev === mark.dev && ino === mark.ino && sizeBytes === mark.sizeBytes && mtimeNs === mark.mtimeNs
  );
}

export function markOf({ dev, ino, sizeBytes, mtimeNs }: FileIdentity): FileMark {
  return { dev: String(dev), ino: String(ino), sizeBytes, mtimeNs: String(mtimeNs) };
}

export function baseOf(identity: FileIdentity, ours: boolean): BaseFile {
  return { ...markOf(identity), ours };
}
