/**
 * The days of a run between their making and its commit: in memory, and beyond a bound in a file among the
 * staged ones. The file loses its name as soon as it is made, so that the system takes it back with the
 * process, however that ends; only a power cut, or a crash in that very instant, can leave a name behind.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { EncodedDay, Spool, StoredBytes } from '../core/ports/output.js';
import type { Disk, DiskFile } from '../disk/disk.js';
import { whyNotWritten } from '../disk/no-room.js';
import { readRange, writeAll } from '../disk/whole-files.js';
import { ProblemError } from '../model/problems.js';
import { withFolders } from './place.js';
import { isSpoolName, type StateFolder, spoolName } from './state-folder.js';

/** Most runs need less, and never touch the disk; a first run of a long history needs no more memory than this. */
export const defaultSpoolBytes = 64 << 20;

export function createSpool(disk: Disk, folder: StateFolder, memoryBytes: number): Spool {
  let heldBytes = 0;
  let storedBytes = 0;
  let file: DiskFile | null = null;

  const store = async ({ bytes, sha256 }: EncodedDay): Promise<StoredBytes> => {
    const offset = storedBytes;
    try {
      file ??= await createNameless(disk, folder);
      await writeAll(file, bytes, offset);
    } catch (error) {
      const why = (await whyNotWritten(folder.staged, error)) ?? (error as Error).message;
      const detail = `The rows that wait for the commit cannot be written to ${folder.staged}: ${why}.`;
      throw new ProblemError('output-unavailable', detail, { cause: error });
    }
    storedBytes += bytes.length;
    return storedIn(file, { offset, length: bytes.length }, sha256);
  };

  return {
    keep: async (day) => {
      if (heldBytes + day.bytes.length > memoryBytes) return { ...day, bytes: await store(day) };
      heldBytes += day.bytes.length;
      return day;
    },
    // Nothing depends on it any more, so a failure does not affect the run.
    close: async () => file?.close().catch(() => {}),
  };
}

async function createNameless(disk: Disk, folder: StateFolder): Promise<DiskFile> {
  const path = join(folder.staged, spoolName());
  let file: DiskFile | null = null;
  try {
    file = await withFolders(disk, folder, () => disk.create(path, 0o600));
    await disk.remove(path);
    return file;
  } catch (error) {
    await file?.close().catch(() => {});
    await disk.remove(path).catch(() => {});
    throw error;
  }
}

function storedIn(
  file: DiskFile,
  range: { readonly offset: number; readonly length: number },
  sha256: string,
): StoredBytes {
  return {
    length: range.length,
    read: async (use) => {
      const hash = createHash('sha256');
      await readRange(file, range, async (block) => {
        hash.update(block);
        await use(block);
      });
      if (hash.digest('hex') === sha256) return;
      throw new Error('the disk gave back other rows than were written to it');
    },
  };
}

/** Removes leftover names. A process that still writes to such a file does not need its name. */
export async function removeSpools(disk: Disk, folder: StateFolder): Promise<void> {
  const names = (await disk.list(folder.staged)).filter(isSpoolName);
  for (const name of names) await disk.remove(join(folder.staged, name));
}
