/** One file of the parts that Spark left: the header once, then the rows of every part as they lie there. */
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type DiskFile, nodeDisk } from '../disk/disk.js';
import { readRange, withFile, writeAll } from '../disk/whole-files.js';
import type { OutputShape } from '../model/column.js';
import { headerLine } from './encode.js';
import { readRows, UnreadableOutput } from './read-rows.js';
import { firstLineOf, isGzip, isHeader, type SparkFolder } from './spark-folder.js';

/**
 * Writes `orders.csv` into the folder `into`, and gives its path. Nothing is put in order: rows that stand there
 * twice stay twice. Throws UnreadableOutput, which names the part and the line in it.
 */
export async function joinParts(
  folder: SparkFolder,
  shape: OutputShape,
  into: string,
): Promise<string> {
  const path = join(into, 'orders.csv');
  await withFile(await nodeDisk.create(path), async (target) => {
    const header = headerLine(shape);
    await writeAll(target, header, 0);
    let end = header.length;
    for (const part of folder.parts) {
      const source = join(folder.path, part);
      const plain = isGzip(part) ? await unpacked(source, join(into, 'part')) : source;
      end = await append(target, end, { name: source, plain, shape });
    }
  });
  return path;
}

async function unpacked(source: string, target: string): Promise<string> {
  try {
    await pipeline(createReadStream(source), createGunzip(), createWriteStream(target));
    return target;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw error;
    throw new UnreadableOutput(`${source}: it is not whole gzip (${message})`);
  }
}

interface Part {
  readonly name: string;
  /** Where its text is. */
  readonly plain: string;
  readonly shape: OutputShape;
}

/** Returns where the target ends now. */
async function append(
  target: DiskFile,
  end: number,
  { name, plain, shape }: Part,
): Promise<number> {
  return withFile(await nodeDisk.open(plain), async (file) => {
    const { sizeBytes } = await file.identity();
    if (sizeBytes === 0) return end;
    const header = isHeader(await firstLineOf(plain), shape);
    let rowsAt = sizeBytes;
    try {
      for await (const { start } of readRows(file, { offset: 0, length: sizeBytes, header }, shape))
        rowsAt = Math.min(rowsAt, start);
    } catch (error) {
      if (!(error instanceof UnreadableOutput)) throw error;
      throw new UnreadableOutput(`${name}: ${error.message}`);
    }
    await readRange(file, { offset: rowsAt, length: sizeBytes - rowsAt }, (block, position) =>
      writeAll(target, block, end + position - rowsAt),
    );
    const rowsEnd = end + sizeBytes - rowsAt;
    // The last line of a part need not have an end; a line with nothing on it counts for nothing.
    await writeAll(target, Buffer.from('\n'), rowsEnd);
    return rowsEnd + 1;
  });
}
