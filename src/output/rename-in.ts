/**
 * How a staged file takes the output's place where names cannot be exchanged: what lies there is linked into
 * `backup/` first, and replaced by rename. What another program renames there between the last look and the
 * rename, which are two calls in a row, is lost; it is found out and told.
 */
import { join } from 'node:path';
import { type Disk, errorCode, type FileIdentity } from '../disk/disk.js';
import type { RecordHeader } from './commit-record.js';
import { type Displaced, isOurs } from './displaced.js';
import { isPlaced, linkIn, type Placed } from './exchange-in.js';
import { watchInstant } from './instant.js';
import { withFolders } from './place.js';
import { linkName, type StateFolder, stagedName } from './state-folder.js';

export type Renamed = Placed & {
  /** Whether a version of someone else was replaced that is not the displaced one. */
  readonly lost: boolean;
};

interface Copy extends Displaced {
  readonly path: string;
  readonly identity: FileIdentity;
}

/** A program that replaces the output so often has to be stopped first. */
const maxTries = 100;

export async function renameIn(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<Renamed> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const copy = await copyCurrent(disk, folder, record);
    const placed =
      copy === null
        ? await linkIn(disk, folder, record)
        : await replace(disk, folder, record, copy);
    if (placed !== null) return { lost: false, ...placed };
    // Another one lies there by now. No rename was tried, so that nothing rests on this copy.
    if (copy !== null) await disk.remove(copy.path);
  }
  throw new Error(`another program kept replacing ${folder.output} while it was published`);
}

/** A second name in `backup/`, of our own, for what is the output now; null where there is none, or not for long. */
async function copyCurrent(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<Copy | null> {
  const name = linkName(record);
  const path = join(folder.backup, name);
  try {
    await withFolders(disk, folder, () => disk.link(folder.output, path));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const identity = await disk.identity(path);
  // It was ours, and another process that recovers dropped it.
  if (identity === null) return null;
  // A copy that must outlive a power cut has to do so before the rename can.
  if (!isOurs(identity, record)) await disk.syncFolder(folder.backup);
  return { at: 'backup', name, path, identity };
}

/** Null where the output is another file than the copy. */
async function replace(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
  copy: Copy,
): Promise<Placed | Renamed | null> {
  const staged = join(folder.staged, stagedName(record));
  const instant = watchInstant(folder.output, copy.path, staged);
  try {
    if (!(await disk.renameOver(staged, folder.output, copy.identity))) return null;
    return { kind: 'placed', displaced: copy, lost: await instant.isLost() };
  } catch (error) {
    if (await isPlaced(disk, folder, record)) return { kind: 'placed', displaced: copy };
    if (isOurs(copy.identity, record)) await disk.remove(copy.path);
    if (errorCode(error) === 'ENOENT') return { kind: 'gone' };
    throw error;
  } finally {
    instant.close();
  }
}
