import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeDisk } from '../disk/disk.js';
import { type DaySample, generateDay } from './generate-day.js';

export interface WrittenDay {
  readonly path: string;
  /** `kept`: another file of that name is there, and it was not to be replaced. */
  readonly outcome: 'written' | 'unchanged' | 'kept';
}

/**
 * Writes `{root}/{day}/orders_{day}.csv`. The file appears whole or not at all, and one that is the same
 * already is left alone, so that its day does not look changed.
 */
export async function writeDay(
  root: string,
  sample: DaySample,
  { replace }: { readonly replace: boolean },
): Promise<WrittenDay> {
  const folder = join(root, sample.day);
  const path = join(folder, `orders_${sample.day}.csv`);
  // A name that begins with a dot is no raw file, so nobody reads a half-written day.
  const temporary = join(folder, `.orders_${sample.day}.${randomUUID()}.tmp`);
  await nodeDisk.makeFolder(folder);
  try {
    const written = await writeChunks(temporary, generateDay(sample));
    const present = await sha256OfFile(path);
    if (present === written) return { path, outcome: 'unchanged' };
    if (present !== null && !replace) return { path, outcome: 'kept' };
    await rename(temporary, path);
    return { path, outcome: 'written' };
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Returns the SHA-256 of what it wrote. */
async function writeChunks(path: string, chunks: Iterable<string>): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx');
  try {
    for (const chunk of chunks) {
      hash.update(chunk);
      // Unlike write(), writeFile() goes on after a short write.
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** Null where there is no such file. */
async function sha256OfFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}
