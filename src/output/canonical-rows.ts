/**
 * Rows in the form in which Daymark writes them (`encode.ts`), found in bytes without a general parser: what
 * is wanted is where each one ends, so that a reader can stop there and go on from there.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DiskFile } from '../disk/disk.js';
import { longestOutputRowBytes } from './encode.js';

export interface CanonicalRow {
  readonly day: string;
  readonly hour: number;
  readonly category: string;
  readonly items: number;
  /** Line end included. */
  readonly sizeBytes: number;
}

export type RowSource = Pick<DiskFile, 'read'>;

const firstBlockBytes = 1 << 16;
const [comma, newline, quote] = [0x2c, 0x0a, 0x22];

/**
 * Hands over each row of the range and where it begins, as long as `take` answers true; tells whether it
 * always did. Throws where the bytes are no such rows: someone has edited the file in place.
 */
export async function eachRow(
  source: RowSource,
  range: { readonly offset: number; readonly length: number },
  take: (row: CanonicalRow, position: number) => boolean,
): Promise<boolean> {
  const end = range.offset + range.length;
  let blockBytes = firstBlockBytes;
  for (let position = range.offset; position < end; ) {
    const block = await readBlock(source, position, Math.min(blockBytes, end - position));
    let at = 0;
    for (let row = rowAt(block, 0); row !== null; row = rowAt(block, at)) {
      if (!take(row, position + at)) return false;
      at += row.sizeBytes;
    }
    const isCut =
      at === 0 && (position + block.length === end || blockBytes > longestOutputRowBytes);
    if (isCut) throw notARow();
    blockBytes = at === 0 ? blockBytes * 4 : firstBlockBytes;
    position += at;
    // Bytes that are there already come without a turn of the event loop, and others wait for one.
    await nextTurn();
  }
  return true;
}

async function readBlock(source: RowSource, position: number, length: number): Promise<Buffer> {
  const block = Buffer.allocUnsafe(length);
  const count = await source.read(block, position);
  if (count === 0) throw new Error('the file is shorter than it was');
  return block.subarray(0, count);
}

/** The row that begins at `start`; null where it does not end within the bytes. */
function rowAt(bytes: Buffer, start: number): CanonicalRow | null {
  const hourAt = bytes.indexOf(comma, start) + 1;
  const categoryAt = hourAt === 0 ? 0 : bytes.indexOf(comma, hourAt) + 1;
  if (categoryAt === 0) return null;
  const isQuoted = bytes[categoryAt] === quote;
  const categoryEnd = isQuoted
    ? closingQuote(bytes, categoryAt + 1) + 1
    : bytes.indexOf(comma, categoryAt);
  const end = categoryEnd <= 0 ? -1 : bytes.indexOf(newline, categoryEnd);
  if (end < 0) return null;
  const text = (from: number, to: number) => bytes.toString('utf8', from, to);
  const [hour, items] = [Number(text(hourAt, categoryAt - 1)), Number(text(categoryEnd + 1, end))];
  if (!Number.isInteger(hour) || !Number.isSafeInteger(items)) throw notARow();
  return {
    day: text(start, hourAt - 1),
    hour,
    category: isQuoted
      ? text(categoryAt + 1, categoryEnd - 1).replaceAll('""', '"')
      : text(categoryAt, categoryEnd),
    items,
    sizeBytes: end + 1 - start,
  };
}

/** Of a cell whose text begins at `from`; -1 where it does not end within the bytes. */
function closingQuote(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(quote, from);
  while (at >= 0 && bytes[at + 1] === quote) at = bytes.indexOf(quote, at + 2);
  // What comes behind it tells whether it is the first of two.
  return at === bytes.length - 1 ? -1 : at;
}

function notARow(): Error {
  return new Error('its rows were edited in place while they were read');
}
