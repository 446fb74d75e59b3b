/** The output's canonical form: what a day's rows look like as bytes. */
import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import type { Day, DayLayout } from '../core/day.js';
import type { AggregateRow, EncodedDay } from '../core/ports.js';
import { longestRawRowBytes } from '../core/raw-row.js';
import { sumOf } from '../core/total.js';

export function outputColumns(layout: DayLayout): readonly string[] {
  return [layout.outputDayColumn, 'hour_of_day', 'category', 'items_count'];
}

export function headerLine(layout: DayLayout): Buffer {
  return Buffer.from(`${outputColumns(layout).join(',')}\n`);
}

/** `rows` sorted by hour and category. LF, quoted only where RFC 4180 needs it. */
export function encodeDay(day: Day, rows: readonly AggregateRow[]): EncodedDay {
  const records = rows.map(({ hour, category, items }) => [day, hour, category, items]);
  const bytes = Buffer.from(stringify(records, rfc4180));
  const items = sumOf(rows.map((row) => row.items));
  return { bytes, rows: rows.length, items, sha256: sha256Of(bytes) };
}

/**
 * No row of ours is longer: its category is a cell of a raw header, quoted as it was there; day, hour, count and
 * what stands between them take less than the rest.
 */
export const longestOutputRowBytes = longestRawRowBytes + 64;

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A lone CR must be quoted by RFC 4180; csv-stringify does so only when told. */
const rfc4180 = { record_delimiter: '\n', quoted_match: /\r/ } as const;
