/** What is made of the disk's operations: whole reads and writes, and files that are there whole or not at all. */
import type { Disk, DiskFile } from './disk.js';

/** Writes all of `bytes`, however many calls the system wants for it. */
export async function writeAll(file: DiskFile, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const written = await file.write(bytes.subarray(done), position + done);
    // On a full disk a write may write nothing; continuing would loop forever.
    if (written === 0) {
      throw Object.assign(new Error('the disk took no more bytes'), { code: 'ENOSPC' });
    }
    done += written;
  }
}

/** Calls `use` with each block of the range, in order; throws where the file ends before the range does. */
export async function readRange(
  file: DiskFile,
  range: { readonly offset: number; readonly length: number },
  use: (block: Buffer, position: number) => void | Promise<void>,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(blockBytes, range.length));
  let done = 0;
  while (done < range.length) {
    const wanted = buffer.subarray(0, Math.min(buffer.length, range.length - done));
    const count = await file.read(wanted, range.offset + done);
    if (count === 0) throw new Error('the file is shorter than it was');
    await use(wanted.subarray(0, count), range.offset + done);
    done += count;
  }
}

const blockBytes = 1 << 20;

/** Closes `file` after `use`, whatever happens. */
export async function withFile<T>(file: DiskFile, use: (file: DiskFile) => Promise<T>): Promise<T> {
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/** All bytes of a small file. */
export async function readWhole(disk: Disk, path: string): Promise<Buffer> {
  return withFile(await disk.open(path), async (file) => {
    const blocks: Buffer[] = [];
    const length = (await file.identity()).sizeBytes;
    await readRange(file, { offset: 0, length }, (block) => {
      blocks.push(Buffer.from(block));
    });
    return Buffer.concat(blocks);
  });
}

/**
 * Writes a small file so that it is there whole or not at all: a temporary sibling, all bytes, fsync,
 * rename, fsync of the folder. The caller gives a `temporary` name that no one else uses.
 */
export async function replaceFile(
  disk: Disk,
  target: { readonly folder: string; readonly path: string; readonly temporary: string },
  bytes: Buffer,
  lasting = true,
): Promise<void> {
  await writeNew(disk, target.temporary, bytes, lasting);
  try {
    await disk.rename(target.temporary, target.path);
  } catch (error) {
    await disk.remove(target.temporary);
    throw error;
  }
  if (lasting) await disk.syncFolder(target.folder);
}

/** A new file with these bytes, on stable storage; no trace of it when that fails. */
export function writeDurably(disk: Disk, path: string, bytes: Buffer): Promise<void> {
  return writeNew(disk, path, bytes, true);
}

/** The same; only a `lasting` one outlives a power cut. */
export async function writeNew(
  disk: Disk,
  path: string,
  bytes: Buffer,
  lasting: boolean,
): Promise<void> {
  const file = await disk.create(path);
  try {
    await withFile(file, async () => {
      await writeAll(file, bytes, 0);
      if (lasting) await file.sync();
    });
  } catch (error) {
    await disk.remove(path);
    throw error;
  }
}
