/**
 * What raw files of histories hold: one table with columns of every type, from which each definition takes what it
 * wants. Cells are small numbers that choose from a list, so that a failure shrinks to the first of each.
 */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Calendar } from './calendar.js';

/** A file, as its cells; how it is named and packed; and whether its end was cut off. */
export interface Sheet {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly mark?: string;
  readonly cut?: boolean;
}

export interface Table {
  /** Which products have a column. */
  readonly products: readonly string[];
  /** Whether each row tells its day. */
  readonly tellsDay: boolean;
  readonly rows: readonly RowChoice[];
}

type RowChoice = Readonly<Record<string, number>>;

export const productNames = ['apples', 'milk', 'tea'];

const counts = ['1', '0', '2', '3', '', '2.0'];

/** Plain ones come first, and are many: a definition must allow what it finds, or the day fails. */
const choices: Readonly<Record<string, readonly string[]>> = {
  order_hour_of_day: ['8', '9', '08', '17', '8.0'],
  store: ['1', '2', '02', '-1'],
  zone: ['north', 'south', 'a,b', 'north', 'é "x"', 'NA', ''],
  fare: ['1.50', '2', '0.1', '-3.25', '7.00', '12.34', '0', '1.5', 'NA', ''],
  seconds: ['3', '7', '-12', '4.0', '007', '100', '3', '-', ''],
  at: [
    ...['2026-11-23T08:15:00Z', '2026-11-23 23:59:59+01:00', '2026-11-24T00:30:00.5-0130'],
    ...['2026-02-28 07:00:00', '2026-03-01T00:10:00+14'],
  ],
  ok: ['true', 'FALSE', 'True', 'false', ''],
  shipped: ['2026-11-20', '2028-02-29', '2026-11-21', '2026-11-20', 'NA', ''],
  ...Object.fromEntries(productNames.map((name) => [name, counts])),
};

/** Every file has them. */
export const otherColumns = Object.keys(choices).filter((name) => !productNames.includes(name));

const row: fc.Arbitrary<RowChoice> = fc.record(
  Object.fromEntries(
    Object.entries(choices).map(([name, cells]) => [name, fc.nat({ max: cells.length - 1 })]),
  ),
  { noNullPrototype: true },
);

export const table: fc.Arbitrary<Table> = fc.record({
  products: fc.subarray(productNames),
  tellsDay: fc.constantFrom(false, false, true),
  rows: fc.array(row, { minLength: 1, maxLength: 3 }),
});

/** Some rows of the table as a file. Each order has a number of its own, so that no two files say the same by chance. */
export function sheetOf(
  { products, tellsDay, rows }: Table,
  name: string,
  { dayColumn }: Pick<Calendar, 'dayColumn'>,
  day: string,
  part: { readonly from: number; readonly to?: number } = { from: 0 },
): Sheet {
  const columns = ['order_id', ...otherColumns, ...products, ...(tellsDay ? [dayColumn] : [])];
  const cellsOf = (choice: RowChoice, order: number) =>
    columns.map((column) => {
      if (column === 'order_id') return String(order + 1);
      return column === dayColumn ? day : (choices[column]?.[choice[column] ?? 0] ?? '');
    });
  return { name, columns, rows: rows.map(cellsOf).slice(part.from, part.to) };
}

export const tableInWords = ({ products, tellsDay, rows }: Table) =>
  `[${products}]${tellsDay ? ' with the day' : ''} ${rows.map((each) => Object.values(each).join('')).join(' ')}`;

export function textOf({ columns, rows, mark = '' }: Sheet, delimiter: string): string {
  const lines = [columns, ...rows].map((cells) =>
    cells.map((cell) => quoted(cell, delimiter)).join(delimiter),
  );
  return `${mark}${lines.join('\n')}\n`;
}

/** Quotes where the delimiter needs them. */
export function quoted(cell: string, delimiter = ','): string {
  const needsQuotes = cell.includes(delimiter) || /["\r\n]/.test(cell);
  return needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export function bytesOf(sheet: Sheet, delimiter: string): Buffer {
  const text = Buffer.from(textOf(sheet, delimiter));
  const bytes = sheet.name.endsWith('.gz') ? gzipSync(text) : text;
  return sheet.cut ? bytes.subarray(0, -9) : bytes;
}
