/** Columns: the type of their cells, and the order of those. */
import type { LayoutName } from './day.js';
import { compareTexts } from './text-order.js';

export const columnKinds = ['text', 'integer', 'boolean', 'date', 'timestamp', 'decimal'] as const;

/** `integer` has 64 bits; `decimal` at most 38 digits, `scale` of them after the point; `timestamp` is in UTC. */
export type ColumnType =
  | { readonly kind: Exclude<(typeof columnKinds)[number], 'decimal'> }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether a cell may be empty. */
  readonly nullable: boolean;
  /** The range of an integer, if it is narrower than 64 bits. */
  readonly range?: Range;
}

/** Integers from `least` to `most`, inclusive. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * A canonical cell, so that equal cells are `===`: integers without leading zeros or a plus sign, decimals
 * with all digits of their scale, `true` and `false`, `2026-11-23`, `2026-11-23T09:12:00Z` with as many decimals of a
 * second as needed. Null is the empty cell; a text is never empty.
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
  // The `Z` of a whole second would sort after the point of a fraction.
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
  /** The columns that identify a row of a day, in sort order. */
  readonly keys: readonly Column[];
  readonly measures: readonly MeasureColumn[];
  /** Whether rows whose measures are all 0 are left out. */
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
