/** The output's canonical form: what a day's rows look like as bytes. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import type { EncodedDay } from '../core/ports/output.js';
import { longestRawRowBytes } from '../core/raw-row.js';
import { type Cell, namesOf, type OutputShape } from '../model/column.js';
import type { Day } from '../model/day.js';
import type { Row } from '../model/row.js';
import { TotalsMeter } from '../model/totals.js';

export function headerLine(shape: OutputShape): Buffer {
  return Buffer.from(stringify([namesOf(shape)], rfc4180));
}

/** `rows` in their order. LF, quoted only where RFC 4180 needs it. */
export async function encodeDay(
  shape: OutputShape,
  day: Day,
  rows: readonly Row[],
): Promise<EncodedDay> {
  const hash = createHash('sha256');
  const parts: Buffer[] = [];
  const meter = new TotalsMeter(shape);
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    // A day of a million rows takes seconds, in which others are to be answered.
    if (from > 0) await nextTurn();
    const some = rows.slice(from, from + rowsAtOnce);
    const bytes = Buffer.from(linesOf(some.map(({ key, values }) => [day, ...key, ...values])));
    hash.update(bytes);
    parts.push(bytes);
    for (const row of some) meter.add(row);
  }
  const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  return { bytes, rows: rows.length, totals: meter.totals, sha256: hash.digest('hex') };
}

/** What csv-stringify makes of them. Where no row needs quotes, as is usual, joining takes a third of its time. */
function linesOf(records: readonly (readonly Cell[])[]): string {
  const quoted = records.some((cells) => cells.some((cell) => cell !== null && special.test(cell)));
  if (quoted) return stringify(records as Cell[][], rfc4180);
  return `${records.map((cells) => cells.join()).join('\n')}\n`;
}

const special = /[",\r\n]/;

/** Some milliseconds' worth. Few enough that hardly any is held when garbage is collected. */
const rowsAtOnce = 1_000;

/**
 * No row of ours is longer: each text in it is a cell of a raw row, quoted as it was there, and no cell of another
 * type takes more than 64 bytes.
 */
export function longestRowBytesOf({ keys, measures }: OutputShape): number {
  const columns = [...keys, ...measures];
  const texts = columns.filter(({ type }) => type.kind === 'text').length;
  return texts * longestRawRowBytes + 64 * (columns.length + 1);
}

/** A lone CR must be quoted by RFC 4180; csv-stringify does so only when told. */
const rfc4180 = { record_delimiter: '\n', quoted_match: /\r/ } as const;
