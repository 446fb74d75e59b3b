/**
 * Reading an output that is not what the head record says: written or changed by someone else, in any
 * row order, perhaps with keys twice.
 *
 * Rows are gathered block by block (a block is a run of rows of one day), so that memory holds one
 * day's rows, and the bytes of those days only that do not lie in the file in canonical form already.
 */

import type { EncodedDay } from '../core/ports/output.js';
import type { DiskFile } from '../disk/disk.js';
import { readRange } from '../disk/whole-files.js';
import type { OutputShape } from '../model/column.js';
import { type Day, layoutOf } from '../model/day.js';
import { compareKeysOf, type Row } from '../model/row.js';
import type { OutputContents, SourcedDay } from './contents.js';
import { encodeDay, headerLine, longestRowBytesOf } from './encode.js';
import { type LocatedRow, readRows, UnreadableOutput } from './read-rows.js';

interface Block {
  readonly day: Day;
  readonly start: number;
  end: number;
  readonly rows: Row[];
}

export interface ForeignFile {
  readonly file: DiskFile;
  readonly sizeBytes: number;
  readonly shape: OutputShape;
  /**
   * Whether a last line that is cut off may be dropped: the ledger still tells that its day lost rows.
   * Without a ledger no one would notice, and the file is unreadable.
   */
  readonly forgiveCutEnd: boolean;
}

/** Throws UnreadableOutput. */
export async function readForeign(foreign: ForeignFile): Promise<OutputContents> {
  try {
    return await readAll(foreign);
  } catch (error) {
    if (!(error instanceof UnreadableOutput && foreign.forgiveCutEnd)) throw error;
    const wholeLines = await wholeLinesBytes(foreign);
    if (wholeLines === foreign.sizeBytes) throw error;
    return { ...(await readAll({ ...foreign, sizeBytes: wholeLines })), canonical: false };
  }
}

async function readAll(foreign: ForeignFile): Promise<OutputContents> {
  const days = new Map<Day, SourcedDay>();
  const scattered = new Map<Day, number>();
  for await (const block of blocksOf(foreign)) {
    const known = days.get(block.day);
    if (known === undefined) days.set(block.day, await sourceOf(foreign, block, block.rows));
    else scattered.set(block.day, (scattered.get(block.day) ?? known.sizeBytes) + sizeOf(block));
  }
  for (const group of inGroups(scattered)) {
    for (const [day, rows] of await gather(foreign, group)) {
      days.set(day, await sourceOf(foreign, { day, start: 0, end: 0 }, rows));
    }
  }
  return arrange(foreign, days);
}

/** Up to and with the last newline, as far as it lies no further from the end than a row can be long. */
async function wholeLinesBytes({ file, sizeBytes, shape }: ForeignFile): Promise<number> {
  const offset = Math.max(0, sizeBytes - longestRowBytesOf(shape));
  let end = sizeBytes;
  await readRange(file, { offset, length: sizeBytes - offset }, (bytes, position) => {
    const newline = bytes.lastIndexOf('\n');
    if (newline >= 0) end = position + newline + 1;
  });
  return end;
}

async function* blocksOf(foreign: ForeignFile): AsyncGenerator<Block> {
  let block: Block | null = null;
  for await (const row of rowsOf(foreign)) {
    if (block !== null && block.day !== row.day) {
      yield block;
      block = null;
    }
    block ??= { day: row.day, start: row.start, end: row.end, rows: [] };
    block.end = row.end;
    block.rows.push(row);
  }
  if (block !== null) yield block;
}

function rowsOf({ file, sizeBytes, shape }: ForeignFile): AsyncGenerator<LocatedRow> {
  return readRows(file, { offset: 0, length: sizeBytes, header: true }, shape);
}

/** Days whose rows lie in several blocks, in groups that fit into memory together. */
function inGroups(scattered: ReadonlyMap<Day, number>): Set<Day>[] {
  const groups: Set<Day>[] = [];
  let roomBytes = 0;
  for (const [day, sizeBytes] of scattered) {
    if (groups.length === 0 || sizeBytes > roomBytes) {
      groups.push(new Set());
      roomBytes = groupBytes;
    }
    groups.at(-1)?.add(day);
    roomBytes -= sizeBytes;
  }
  return groups;
}

const groupBytes = 64 << 20;

async function gather(foreign: ForeignFile, wanted: ReadonlySet<Day>): Promise<Map<Day, Row[]>> {
  const found = new Map<Day, Row[]>([...wanted].map((day) => [day, []]));
  for await (const row of rowsOf(foreign)) found.get(row.day)?.push(row);
  return found;
}

function sizeOf({ start, end }: Block): number {
  return end - start;
}

async function sourceOf(
  { file, shape }: Pick<ForeignFile, 'file' | 'shape'>,
  block: Pick<Block, 'day' | 'start' | 'end'>,
  found: readonly Row[],
): Promise<SourcedDay> {
  const compareKeys = compareKeysOf(shape);
  const counts = ({ values }: Row) => !shape.leavesOutZeros || values.some((cell) => cell !== '0');
  const rows = found.filter(counts).sort((a, b) => compareKeys(a.key, b.key));
  const encoded = await encodeDay(shape, block.day, rows);
  const { totals, sha256 } = encoded;
  const inPlace = await liesThere(file, block, encoded);
  return {
    rows: rows.length,
    totals,
    sizeBytes: encoded.bytes.length,
    sha256,
    doubled: rows.some((row, index) => {
      const before = rows[index - 1];
      return before !== undefined && compareKeys(before.key, row.key) === 0;
    }),
    source: inPlace
      ? { kind: 'range', offset: block.start, length: encoded.bytes.length }
      : { kind: 'bytes', bytes: encoded.bytes },
  };
}

async function liesThere(
  file: DiskFile,
  { start, end }: Pick<Block, 'start' | 'end'>,
  { bytes }: EncodedDay,
): Promise<boolean> {
  if (end - start !== bytes.length) return false;
  let same = true;
  await readRange(file, { offset: start, length: bytes.length }, (block, position) => {
    const at = position - start;
    same &&= bytes.subarray(at, at + block.length).equals(block);
  });
  return same;
}

/** Days without a row that counts are left out; the others go in day order. */
function arrange(
  { shape, sizeBytes }: ForeignFile,
  found: ReadonlyMap<Day, SourcedDay>,
): OutputContents {
  const days = [...found].filter(([, day]) => day.rows > 0);
  const { compare } = layoutOf(shape.dayKind);
  days.sort(([a], [b]) => compare(a, b));
  let end = headerLine(shape).length;
  for (const [, { source }] of days) {
    // -1 can be no offset: one day out of place and the file is not canonical.
    end = source.kind === 'range' && source.offset === end ? end + source.length : -1;
  }
  return { days: new Map(days), canonical: end === sizeBytes };
}
