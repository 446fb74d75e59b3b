/** The output's canonical form: what a day's rows look like as bytes. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import type { EncodedDay } from '../core/ports/output.js';
import { longestRawRowBytes } from '../core/raw-row.js';
import type { Day, DayLayout } from '../model/day.js';
import type { AggregateRow } from '../model/row.js';
import { sumOf, type Total } from '../model/total.js';

export function outputColumns(layout: DayLayout): readonly string[] {
  return [layout.outputDayColumn, 'hour_of_day', 'category', 'items_count'];
}

export function headerLine(layout: DayLayout): Buffer {
  return Buffer.from(`${outputColumns(layout).join(',')}\n`);
}

/** `rows` sorted by hour and category. LF, quoted only where RFC 4180 needs it. */
export async function encodeDay(day: Day, rows: readonly AggregateRow[]): Promise<EncodedDay> {
  const hash = createHash('sha256');
  const parts: Buffer[] = [];
  let items: Total = 0;
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    // A day of a million rows takes seconds, in which others are to be answered.
    if (from > 0) await nextTurn();
    const some = rows.slice(from, from + rowsAtOnce);
    const records = some.map((row) => [day, row.hour, row.category, row.items]);
    const bytes = Buffer.from(stringify(records, rfc4180));
    hash.update(bytes);
    parts.push(bytes);
    items = sumOf([items, sumOf(some.map((row) => row.items))]);
  }
  const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  return { bytes, rows: rows.length, items, sha256: hash.digest('hex') };
}

/** Some ten milliseconds' worth. */
const rowsAtOnce = 10_000;

/**
 * No row of ours is longer: its category is a cell of a raw header, quoted as it was there; day, hour, count and
 * what stands between them take less than the rest.
 */
export const longestOutputRowBytes = longestRawRowBytes + 64;

/** A lone CR must be quoted by RFC 4180; csv-stringify does so only when told. */
const rfc4180 = { record_delimiter: '\n', quoted_match: /\r/ } as const;
