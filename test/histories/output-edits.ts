/** What others do to the output. */
import fc from 'fast-check';
import type { Made } from './oracle.js';
import { madeOf } from './oracle.js';
import { decimalIn, decimalOf, unitsOf } from './oracle-cells.js';
import { type Cell, cellsOf, lineOf, type Shape, type ShapeColumn } from './output-shape.js';
import { sheetOf, type Table, table } from './raw-table.js';
import type { Spec } from './spec.js';
import type { Truth } from './truth.js';

/** From the rows that are there to those that are then. */
type Edit = (rows: readonly string[], truth: Truth) => readonly string[];

/** Of an output that lies there. */
export const edits: Readonly<Record<string, Edit>> = {
  'a row is altered': ([first, ...rest], { outputShape }) =>
    first === undefined ? rest : [...rest, altered(first, outputShape)],
  'the rows are reversed': (rows) => rows.toReversed(),
  'everything is tripled': (rows) => [...rows, ...rows, ...rows],
  'the last row is doubled': (rows) => [...rows, ...rows.slice(-1)],
  'the first rows are lost': (rows) => rows.slice(2),
  'the last rows are lost': (rows) => rows.slice(0, -2),
  'all rows are lost': () => [],
  'the file is saved as it is': (rows) => rows,
  'a day is added': (rows, { names, outputShape }) =>
    rows.some((row) => row.startsWith(`${names[3]},`))
      ? rows
      : [...rows, strange(names[3] ?? '', 5, outputShape)],
  'a day without raw data is added': (rows, truth) => {
    const day = truth.names.find(
      (name) => !truth.isReady(name) && truth.of(name).lines.length === 0,
    );
    return day === undefined ? rows : [strange(day, 7, truth.outputShape), ...rows];
  },
};

/** Whole outputs that other jobs write, whatever lay there. */
export const otherJobs: Readonly<Record<string, Edit>> = {
  'another job writes what the raw days say': (_, truth) => asRawSays(truth, 1n),
  'another job counted every day three times': (_, truth) => asRawSays(truth, 3n),
  'another job counted a metadata column': (_, truth) => [
    ...asRawSays(truth, 1n),
    ...goodDays(truth).map((day) => strange(day, 3, truth.outputShape)),
  ],
  'the output of another job is renamed in': (_, { names, outputShape }) =>
    [4, 1].map((index) => strange(names[index] ?? '', index, outputShape)),
};

// ---------------------------------------------------------------- rows

/** A row that no raw file leads to. */
function strange(day: string, seed: number, { keys, measures }: Shape): string {
  return lineOf([
    day,
    ...keys.map((column) => strangeCell(column, 8)),
    ...measures.map((column) => strangeCell(column, seed)),
  ]);
}

function strangeCell({ name, type }: ShapeColumn, seed: number): string {
  const decimal = decimalIn(type);
  if (decimal !== null) return decimalOf(BigInt(seed), decimal.scale);
  const cells: Readonly<Record<string, string>> = {
    ...{ text: 'returns', boolean: 'true', date: '2026-01-01' },
    timestamp: '2026-01-01T00:00:00.25Z',
  };
  // Other stores than these there are none.
  return cells[type] ?? String(name === 'store' ? 3 : seed);
}

function altered(line: string, { measures }: Shape): string {
  const cells = cellsOf(line);
  const column = measures.at(-1) as ShapeColumn;
  return lineOf([...cells.slice(0, -1), alteredCell(column, cells.at(-1) ?? null)]);
}

function alteredCell(column: ShapeColumn, cell: Cell): Cell {
  if (cell === null) return strangeCell(column, 4);
  const decimal = decimalIn(column.type);
  if (decimal !== null) return decimalOf(unitsOf(cell) + 1n, decimal.scale);
  if (column.type === 'integer') return String(BigInt(cell) + 1n);
  if (column.type === 'text') return `${cell}!`;
  const other = strangeCell(column, 4);
  return cell === other ? other.replace('true', 'false').replace('-01-01', '-01-02') : other;
}

/** As a job counts that reads the day so many times. */
function times(line: string, factor: bigint, { measures }: Shape): string {
  const cells = cellsOf(line);
  const from = cells.length - measures.length;
  const counted = measures.map(({ type, isSum }, at) => {
    const cell = cells[from + at] ?? null;
    if (cell === null || !isSum) return cell;
    return decimalOf(unitsOf(cell) * factor, decimalIn(type)?.scale ?? 0);
  });
  return lineOf([...cells.slice(0, from), ...counted]);
}

// ---------------------------------------------------------------- outputs

/** Another job ignores nothing but what is no product. */
const otherSpec = (spec: Spec): Spec => (spec.kind === 'wide' ? { ...spec, ignored: [] } : spec);

const linesIn = (made: Made | null) => (made?.kind === 'good' ? made.lines : null);

const goodDays = (truth: Truth) => truth.names.filter((day) => truth.rawOf(day).kind === 'good');

function asRawSays(truth: Truth, factor: bigint): string[] {
  return truth.names.flatMap((day) => {
    const said = linesIn(truth.madeBy(otherSpec(truth.outputSpec), day));
    if (said === null) return truth.of(day).lines;
    return said.map((line) => times(line, factor, truth.outputShape));
  });
}

/** As an old job left it: days appended as they came, some of them twice. */
export const legacyFiles: fc.Arbitrary<(truth: Truth) => readonly string[]> = fc
  .array(fc.tuple(fc.nat({ max: 4 }), table, fc.integer({ min: 1, max: 5 })), { maxLength: 6 })
  .map((parts) => (truth: Truth) => parts.flatMap((part) => legacyRows(truth, ...part)));

function legacyRows(
  { outputSpec, ground }: Truth,
  index: number,
  of: Table,
  chance: number,
): string[] {
  const day = ground.calendar.days[index] ?? '';
  const sheet = sheetOf(of, 'orders.csv', ground.calendar, day);
  const rows = linesIn(madeOf(otherSpec(outputSpec), ground, day, [sheet]))?.toReversed() ?? [];
  return chance === 5 ? [...rows, ...rows] : rows;
}

/** A line that was cut is gone for good when someone saves the file again. */
export function wholeRows(text: string | null, { keys, measures }: Shape): string[] {
  const isWhole = (row: string) => cellsOf(row).length === 1 + keys.length + measures.length;
  return (text ?? '').trimEnd().split('\n').slice(1).filter(isWhole);
}

/** The text that the output has after it; null where there is no output that could be edited. */
export function editedText(name: string, truth: Truth): string | null {
  const edit = otherJobs[name] ?? (truth.text === null ? undefined : edits[name]);
  if (edit === undefined) return null;
  // A file in columns of which no one knows whether they are the former ones, or the present.
  if (truth.headDiffers && truth.text === null) return null;
  const rows = edit(wholeRows(truth.text, truth.outputShape), truth);
  return [truth.outputShape.header, ...rows, ''].join('\n');
}
