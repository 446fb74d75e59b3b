/**
 * What a raw day comes to under a definition, by the rules of docs/DATASETS.md and the README: its rows, or words
 * that its failure must hold. It shares nothing with Daymark; `oracle.test.ts` has DuckDB check it.
 */
import type { Calendar } from './calendar.js';
import { average, compareCells, decimalIn, decimalOf, read, unitsOf } from './oracle-cells.js';
import { byKey, type Cell, lineOf, shapeOf } from './output-shape.js';
import { type Sheet, textOf } from './raw-table.js';
import {
  byColumns,
  type ColumnsSpec,
  declaredIn,
  ignoredIn,
  type KeySpec,
  type MeasureSpec,
  productsIn,
  type Spec,
  typeIn,
  type WideSpec,
} from './spec.js';

export type Made =
  | { readonly kind: 'good'; readonly lines: readonly string[]; readonly records: number }
  /** `told` must stand in what a run says of it. */
  | { readonly kind: 'bad'; readonly told: readonly string[] };

export interface RawFacts {
  readonly calendar: Calendar;
  readonly delimiter: string;
}

export function madeOf(spec: Spec, facts: RawFacts, day: string, files: readonly Sheet[]): Made {
  const sheets = files.map(withoutMark);
  const problems = sheets.flatMap((sheet) => problemsIn(spec, facts.calendar, day, sheet));
  if (problems.length > 0) return { kind: 'bad', told: problems.flat() };
  const copies = copiesIn(sheets, facts.delimiter);
  if (copies.length > 0) return { kind: 'bad', told: [...copies, 'the same bytes'] };
  const rows =
    spec.kind === 'wide' ? wideRows(spec, facts.calendar, sheets) : typedRows(spec, sheets);
  const lines = rows.map((cells) => lineOf([day, ...cells]));
  const records = sheets.reduce((sum, sheet) => sum + sheet.rows.length, 0);
  return { kind: 'good', lines: lines.sort(byKey(shapeOf(spec, facts.calendar))), records };
}

/** Byte order marks in front of all else are no part of the first name. */
function withoutMark({ columns: [first = '', ...others], ...sheet }: Sheet): Sheet {
  return { ...sheet, columns: [first.replace(/^\ufeff+/, ''), ...others] };
}

// ---------------------------------------------------------------- what fails a day

type Words = readonly string[];

function problemsIn(spec: Spec, calendar: Calendar, day: string, sheet: Sheet): Words[] {
  if (sheet.cut) return [[sheet.name]];
  const ofHeader =
    spec.kind === 'wide'
      ? wideHeaderProblems(spec, calendar, sheet)
      : lacking(declaredIn(spec), sheet);
  if (ofHeader.length > 0) return ofHeader;
  return sheet.rows.flatMap((row) => {
    if (row.length !== sheet.columns.length) return [[sheet.name, 'the row has']];
    return sheet.columns
      .filter((column, at) => !allows(spec, calendar, day, column, row[at] ?? ''))
      .map((column) => [sheet.name, column, row[sheet.columns.indexOf(column)] ?? '']);
  });
}

function allows(spec: Spec, { dayColumn }: Calendar, day: string, column: string, cell: string) {
  const checksDay = spec.checksDay && column === dayColumn;
  if (checksDay && cell.replace(/\.0+$/, '') !== day) return false;
  return spec.kind === 'wide'
    ? checksDay || wideAllows(spec, dayColumn, column, cell)
    : typedAllows(spec, column, cell);
}

function wideAllows(spec: WideSpec, dayColumn: string, column: string, cell: string): boolean {
  const range = rangeOf(spec, column);
  if (range !== null) {
    const value = /^-?\d+(\.0+)?$/.test(cell) ? Number(cell) : Number.NaN;
    return value >= range.least && value <= range.most;
  }
  if (ignoredIn(spec, { dayColumn } as Calendar).includes(column)) return true;
  return /^(\d+(\.0+)?)?$/.test(cell);
}

function rangeOf({ by, lastHour }: WideSpec, column: string) {
  const found = by.find((name) => byColumns[name].column === column);
  if (found === undefined) return null;
  return found === 'hour' ? { ...byColumns.hour, most: lastHour } : byColumns[found];
}

function typedAllows(spec: ColumnsSpec, column: string, cell: string): boolean {
  if (!declaredIn(spec).includes(column)) return true;
  if (isNothing(spec, cell)) return spec.nullable.includes(column);
  return read(typeIn(spec, column), cell) !== null;
}

const isNothing = ({ nulls }: ColumnsSpec, cell: string) => cell === '' || nulls.includes(cell);

/** A name that is nearly one which is no product would be counted as a product. */
function wideHeaderProblems(spec: WideSpec, calendar: Calendar, sheet: Sheet): Words[] {
  const by = spec.by.map((name): string => byColumns[name].column);
  const known = [
    ...by,
    ...(spec.checksDay ? [calendar.dayColumn] : []),
    ...ignoredIn(spec, calendar),
  ];
  const similar = sheet.columns
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = known.find((each) => each === name.replace('\ufeff', '').trim().toLowerCase());
      return meant === undefined ? [] : [[sheet.name, meant, differenceOf(name)]];
    });
  return [...similar, ...lacking(by, sheet)];
}

function differenceOf(name: string): string {
  if (name.includes('\ufeff')) return 'byte order mark';
  return name === name.trim() ? 'other capitals' : 'blanks around it';
}

function lacking(needed: readonly string[], { name, columns }: Sheet): Words[] {
  return needed.filter((each) => !columns.includes(each)).map((each) => [name, each]);
}

function copiesIn(sheets: readonly Sheet[], delimiter: string): string[] {
  const full = sheets.filter(({ rows }) => rows.length > 0);
  const texts = full.map((sheet) => textOf(sheet, delimiter));
  const copies = full.filter(
    (_, at) => texts.indexOf(texts[at] ?? '') !== texts.lastIndexOf(texts[at] ?? ''),
  );
  return copies.map(({ name }) => name);
}

// ---------------------------------------------------------------- rows

function wideRows(spec: WideSpec, calendar: Calendar, sheets: readonly Sheet[]): Cell[][] {
  const sums = new Map<string, bigint>();
  for (const { columns, rows } of sheets) {
    const products = productsIn(spec, calendar, columns);
    for (const row of rows) {
      const by = spec.by.map((name) => Number(row[columns.indexOf(byColumns[name].column)]));
      for (const product of products) {
        const cell = row[columns.indexOf(product)] as string;
        const count = BigInt(cell.replace(/[.].*/, '') || '0');
        if (count === 0n) continue;
        const key = JSON.stringify([...by.map(String), product]);
        sums.set(key, (sums.get(key) ?? 0n) + count);
      }
    }
  }
  return [...sums].map(([key, sum]) => [...(JSON.parse(key) as string[]), String(sum)]);
}

type TypedRow = ReadonlyMap<string, Cell>;

function typedRows(spec: ColumnsSpec, sheets: readonly Sheet[]): Cell[][] {
  const groups = new Map<string, TypedRow[]>();
  for (const { columns, rows } of sheets) {
    for (const row of rows) {
      const typed = new Map(
        declaredIn(spec).map((name) => {
          const cell = row[columns.indexOf(name)] ?? '';
          return [name, isNothing(spec, cell) ? null : read(typeIn(spec, name), cell)];
        }),
      );
      const key = JSON.stringify(spec.keys.map((each) => keyIn(each, typed)));
      groups.set(key, [...(groups.get(key) ?? []), typed]);
    }
  }
  return [...groups].map(([key, rows]) => [
    ...(JSON.parse(key) as Cell[]),
    ...spec.measures.map((measure) => measureOf(spec, measure, rows)),
  ]);
}

function keyIn({ column, part }: KeySpec, row: TypedRow): Cell {
  const cell = row.get(column) ?? null;
  if (cell === null || part === undefined) return cell;
  if (part === 'hour') return String(Number(cell.slice(11, 13)));
  const date = cell.slice(0, 10);
  return part === 'date' ? date : String(new Date(`${date}T00:00:00Z`).getUTCDay() || 7);
}

function measureOf(spec: ColumnsSpec, of: MeasureSpec, rows: readonly TypedRow[]): Cell {
  const { measure, column, scale = 0 } = of;
  if (column === null) return String(rows.length);
  const cells = rows.map((row) => row.get(column) ?? null).filter((cell) => cell !== null);
  if (measure === 'count') return String(cells.length);
  if (measure === 'distinct') return String(new Set(cells).size);
  if (cells.length === 0) return null;
  const type = typeIn(spec, column);
  const rawScale = decimalIn(type)?.scale ?? 0;
  if (measure === 'avg') return average(cells.map(unitsOf), rawScale, scale);
  if (measure === 'sum')
    return decimalOf(
      cells.map(unitsOf).reduce((a, b) => a + b, 0n),
      rawScale,
    );
  const sorted = cells.sort((a, b) => compareCells(type, a, b));
  return (measure === 'min' ? sorted[0] : sorted.at(-1)) ?? null;
}
