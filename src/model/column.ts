/** Columns: what the cells below a name are, and how they are ordered. */
import type { LayoutName } from './day.js';
import { compareTexts } from './text-order.js';

export const columnKinds = ['text', 'integer', 'boolean', 'date', 'timestamp', 'decimal'] as const;

/** `integer` has 64 bits; `decimal` at most 38 digits, `scale` of them behind the point; `timestamp` is in UTC. */
export type ColumnType =
  | { readonly kind: Exclude<(typeof columnKinds)[number], 'decimal'> }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether a cell may be empty. */
  readonly nullable: boolean;
  /** Where an integer is bounded by more than its 64 bits. */
  readonly range?: Range;
}

/** Whole numbers from `least` to `most`, both included. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * A cell in its one form, so that equal cells are `===`: whole numbers without leading zeros or a plus, decimals
 * with all digits of their scale, `true` and `false`, `2026-11-23`, `2026-11-23T09:12:00Z` with as many digits of
 * a second as it takes. Null is the empty cell; no text is empty.
 */
export type Cell = string | null;

/** Negative where `a` comes first: numbers as numbers, text by code point, null before all. */
export type CompareCells = (a: Cell, b: Cell) => number;

export function compareCellsOf({ kind }: ColumnType): CompareCells {
  const compare = comparisons[kind];
  return (a, b) => {
    if (a === b) return 0;
    if (a === null) return -1;
    return b === null ? 1 : compare(a, b);
  };
}

type CompareTexts = (a: string, b: string) => number;

const comparisons: Record<ColumnType['kind'], CompareTexts> = {
  text: compareTexts,
  integer: compareNumbers,
  decimal: compareNumbers,
  boolean: compareTexts,
  date: compareTexts,
  // The last character of a whole second would come behind the point of a broken one.
  timestamp: (a, b) => compareTexts(a.slice(0, -1), b.slice(0, -1)),
};

/** Of the same scale: the longer one is the larger. */
function compareNumbers(a: string, b: string): number {
  const [isBelow, isOtherBelow] = [a.startsWith('-'), b.startsWith('-')];
  if (isBelow !== isOtherBelow) return isBelow ? -1 : 1;
  const order = a.length - b.length || compareTexts(a, b);
  return isBelow ? -order : order;
}

/** What the rows of an output look like. */
export interface OutputShape {
  readonly dayKind: LayoutName;
  /** The first column. */
  readonly dayColumn: string;
  /** What names a row of a day, in the order by which rows are sorted. */
  readonly keys: readonly Column[];
  readonly measures: readonly MeasureColumn[];
  /** Whether rows are left out of which all measures are 0. */
  readonly leavesOutZeros: boolean;
}

/** The names of all columns, in the order of the output. */
export function namesOf(shape: OutputShape): string[] {
  return [shape.dayColumn, ...columnsOf(shape).map(({ name }) => name)];
}

/** Whether rows in the columns of `other` read and sort the same way in those of `shape`. */
export function holdsRowsOf(shape: OutputShape, other: OutputShape): boolean {
  const [ours, theirs] = [columnsOf(shape), columnsOf(other)];
  return (
    shape.dayKind === other.dayKind &&
    shape.dayColumn === other.dayColumn &&
    shape.keys.length === other.keys.length &&
    ours.length === theirs.length &&
    ours.every((column, at) => holdsCellsOf(column, theirs[at] as Column)) &&
    (other.leavesOutZeros || !shape.leavesOutZeros)
  );
}

/** All but the day. */
export const columnsOf = ({ keys, measures }: OutputShape): Column[] => [...keys, ...measures];

function holdsCellsOf({ name, type, nullable, range }: Column, other: Column): boolean {
  const isWithin =
    range === undefined ||
    (other.range !== undefined &&
      other.range.least >= range.least &&
      other.range.most <= range.most);
  return (
    name === other.name && holdsType(type, other.type) && (nullable || !other.nullable) && isWithin
  );
}

function holdsType(type: ColumnType, other: ColumnType): boolean {
  if (type.kind !== 'decimal' || other.kind !== 'decimal') return type.kind === other.kind;
  return type.scale === other.scale && type.precision >= other.precision;
}

export interface MeasureColumn extends Column {
  /** Whether values of several rows, and of several days, may be added up. */
  readonly additive: boolean;
}
