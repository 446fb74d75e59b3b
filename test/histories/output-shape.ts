/** Rows of an output: their columns, their lines, and their order. */
import type { Calendar } from './calendar.js';
import { compareCells, decimalIn } from './oracle-cells.js';
import { quoted } from './raw-table.js';
import {
  byColumns,
  type ColumnsSpec,
  type KeySpec,
  keyName,
  type MeasureSpec,
  measureName,
  type Spec,
  typeIn,
  wideNames,
} from './spec.js';

export type Cell = string | null;

export interface ShapeColumn {
  readonly name: string;
  readonly type: string;
  /** Whether readers of the output take an empty cell. */
  readonly nullable: boolean;
  /** Where whole numbers are bounded: the least and the most. */
  readonly range?: readonly [number, number];
  /** Of a measure: whether sums of it say something. */
  readonly isSum?: boolean;
}

export interface Shape {
  readonly header: string;
  readonly keys: readonly ShapeColumn[];
  readonly measures: readonly ShapeColumn[];
}

export function shapeOf(spec: Spec, { dayName }: Pick<Calendar, 'dayName'>): Shape {
  const [keys, measures] = spec.kind === 'wide' ? wideColumns(spec) : typedColumns(spec);
  const names = [dayName, ...[...keys, ...measures].map(({ name }) => name)];
  return { header: lineOf(names), keys, measures };
}

function wideColumns({ by, lastHour, names }: Extract<Spec, { kind: 'wide' }>) {
  const { category, value } = wideNames[names];
  const number = { type: 'integer', nullable: false };
  const keys = by.map((each) => {
    const { name, least, most } = byColumns[each];
    return { name, ...number, range: [least, each === 'hour' ? lastHour : most] as const };
  });
  return [
    [...keys, { name: category, type: 'text', nullable: false }],
    [{ name: value, ...number, isSum: true }],
  ] as const;
}

function typedColumns(spec: ColumnsSpec) {
  return [
    spec.keys.map((key, at) => ({ name: keyName(at, spec), ...keyColumn(spec, key) })),
    spec.measures.map((each, at) => ({
      name: measureName(at, spec),
      ...measureColumn(spec, each),
    })),
  ] as const;
}

function keyColumn(spec: ColumnsSpec, { column, part }: KeySpec) {
  const type = part === undefined ? typeIn(spec, column) : part === 'date' ? 'date' : 'integer';
  return { type, nullable: spec.nullable.includes(column) };
}

function measureColumn(spec: ColumnsSpec, { measure, column, scale = 0 }: MeasureSpec) {
  if (column === null || measure === 'count' || measure === 'distinct')
    return { type: 'integer', nullable: false, isSum: measure === 'count' };
  const raw = typeIn(spec, column);
  const nullable = spec.nullable.includes(column);
  if (measure === 'avg') return { type: `decimal(38,${scale})`, nullable };
  if (measure !== 'sum') return { type: raw, nullable };
  const rawScale = decimalIn(raw)?.scale;
  return { type: rawScale === undefined ? raw : `decimal(38,${rawScale})`, nullable, isSum: true };
}

/** Whether outputs of the two can be told apart by their columns, or by what cells may be in them. */
export function sameShape(one: Shape, other: Shape): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether rows in the columns of `other` read and sort the same way in those of `shape`. */
export function holds(shape: Shape, other: Shape): boolean {
  const theirs = [...other.keys, ...other.measures];
  return (
    shape.header === other.header &&
    shape.keys.length === other.keys.length &&
    [...shape.keys, ...shape.measures].every((column, at) =>
      holdsCells(column, theirs[at] as ShapeColumn),
    )
  );
}

function holdsCells(ours: ShapeColumn, theirs: ShapeColumn): boolean {
  if (theirs.nullable && !ours.nullable) return false;
  const [decimal, other] = [decimalIn(ours.type), decimalIn(theirs.type)];
  if (decimal !== null && other !== null)
    return decimal.scale === other.scale && decimal.digits >= other.digits;
  const [least, most] = ours.range ?? [-Infinity, Infinity];
  const [from, to] = theirs.range ?? [-Infinity, Infinity];
  return ours.type === theirs.type && least <= from && most >= to;
}

// ---------------------------------------------------------------- lines

export function lineOf(cells: readonly Cell[]): string {
  return cells.map((cell) => quoted(cell ?? '')).join();
}

export function cellsOf(line: string): Cell[] {
  const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)];
  return cells.map(([, inQuotes, bare]) => (inQuotes?.replaceAll('""', '"') ?? bare) || null);
}

export function keyOf(line: string, { keys }: Shape): Cell[] {
  return cellsOf(line).slice(1, 1 + keys.length);
}

export function byKey({ keys }: Shape): (a: string, b: string) => number {
  return (a, b) => {
    const [one, other] = [cellsOf(a), cellsOf(b)];
    const orders = keys.map(({ type }, at) =>
      compareCells(type, one[at + 1] ?? null, other[at + 1] ?? null),
    );
    return orders.find((order) => order !== 0) ?? 0;
  };
}

/** A row stands twice for a day that was counted twice. */
export function isDoubled(lines: readonly string[], shape: Shape): boolean {
  return new Set(lines.map((line) => JSON.stringify(keyOf(line, shape)))).size < lines.length;
}
