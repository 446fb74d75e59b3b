/**
 * Rows in the form in which Daymark writes them (`encode.ts`), found in bytes without a general parser: what
 * is wanted is where each one ends, so that a reader can stop there and go on from there.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DiskFile } from '../disk/disk.js';
import type { Cell, OutputShape } from '../model/column.js';
import type { Row } from '../model/row.js';
import { longestRowBytesOf } from './encode.js';

export interface CanonicalRow extends Row {
  readonly day: string;
  /** Line end included. */
  readonly sizeBytes: number;
}

export type RowSource = Pick<DiskFile, 'read'>;

const firstBlockBytes = 1 << 16;
const [comma, newline, quote] = [0x2c, 0x0a, 0x22];

/**
 * Passes each row of the range, with its position, to `take` while it returns true; returns whether it always did.
 * Throws if the bytes are not such rows: someone has edited the file in place.
 */
export async function eachRow(
  source: RowSource,
  shape: OutputShape,
  range: { readonly offset: number; readonly length: number },
  take: (row: CanonicalRow, position: number) => boolean,
): Promise<boolean> {
  const end = range.offset + range.length;
  const forms = formsOf(shape);
  const longestBytes = longestRowBytesOf(shape);
  let blockBytes = firstBlockBytes;
  for (let position = range.offset; position < end; ) {
    const block = await readBlock(source, position, Math.min(blockBytes, end - position));
    let at = 0;
    for (let row = rowAt(forms, block, 0); row !== null; row = rowAt(forms, block, at)) {
      if (!take(row, position + at)) return false;
      at += row.sizeBytes;
    }
    const isCut = at === 0 && (position + block.length === end || blockBytes > longestBytes);
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

interface CellForm {
  readonly isKey: boolean;
  readonly isNumber: boolean;
  /** The byte that ends it. */
  readonly ending: number;
}

function formsOf({ keys, measures }: OutputShape): CellForm[] {
  return [...keys, ...measures].map(({ type: { kind } }, index, { length }) => ({
    isKey: index < keys.length,
    isNumber: kind === 'integer' || kind === 'decimal',
    ending: index < length - 1 ? comma : newline,
  }));
}

/** The row that begins at `start`; null where it does not end within the bytes. */
function rowAt(forms: readonly CellForm[], bytes: Buffer, start: number): CanonicalRow | null {
  const dayEnd = bytes.indexOf(comma, start);
  if (dayEnd < 0) return null;
  const key: Cell[] = [];
  const values: Cell[] = [];
  let at = dayEnd + 1;
  for (const { isKey, isNumber, ending } of forms) {
    const end = endOfCell(bytes, at, ending);
    if (end < 0) return null;
    const text = textOf(bytes, at, end);
    if (isNumber && Number.isNaN(Number(text))) throw notARow();
    (isKey ? key : values).push(text === '' ? null : text);
    at = end + 1;
  }
  return { day: bytes.toString('utf8', start, dayEnd), key, values, sizeBytes: at - start };
}

/** Where the byte lies that ends the cell at `at`; -1 where it does not end within the bytes. */
function endOfCell(bytes: Buffer, at: number, ending: number): number {
  if (bytes[at] !== quote) return bytes.indexOf(ending, at);
  const closing = closingQuote(bytes, at + 1);
  return closing < 0 ? -1 : bytes.indexOf(ending, closing);
}

function textOf(bytes: Buffer, at: number, end: number): string {
  if (bytes[at] !== quote) return bytes.toString('utf8', at, end);
  return bytes.toString('utf8', at + 1, end - 1).replaceAll('""', '"');
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
