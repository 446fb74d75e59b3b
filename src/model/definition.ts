/** Definitions: how a raw day is aggregated. */
import { createHash } from 'node:crypto';
import type { OutputShape, Range } from './column.js';
import { columnsShapeOf } from './column-functions.js';
import { type ColumnsDefinition, columnsHashOf } from './columns-definition.js';
import { type LayoutName, usualDayNames } from './day.js';
import { type SqlDefinition, sqlHashOf, sqlShapeOf } from './sql-definition.js';

export type Definition = OwnDefinition | SqlDefinition;

/** Those that Daymark itself can aggregate. */
export type OwnDefinition = WideDefinition | ColumnsDefinition;

/** Raw columns whose names are categories, and whose cells are counts. */
export interface WideDefinition {
  readonly kind: 'wide';
  readonly dayKind: LayoutName;
  /** The first column of the output. */
  readonly dayName: string;
  /** Integer columns to group by; usually one. */
  readonly by: readonly ByColumn[];
  /** The raw column that, where present, must hold the folder's day in every row. Null if there is none. */
  readonly dayColumn: string | null;
  /** Raw columns that are not categories. */
  readonly ignore: readonly string[];
  /** The output columns for the categories and the counts. */
  readonly category: string;
  readonly value: string;
}

export interface ByColumn extends Range {
  /** In the output. */
  readonly name: string;
  /** In raw files. */
  readonly column: string;
}

/** The only measure before there were definitions. */
export const seedValue = 'items_count';

/** The default job. */
export function seedDefinition(dayKind: LayoutName, ignore: readonly string[]): WideDefinition {
  return {
    kind: 'wide',
    dayKind,
    dayName: usualDayNames[dayKind],
    dayColumn: seedDayColumns[dayKind],
    by: [{ name: 'hour_of_day', column: 'order_hour_of_day', least: 0, most: 23 }],
    ignore,
    category: 'category',
    value: seedValue,
  };
}

const seedDayColumns: Readonly<Record<LayoutName, string>> = {
  index: 'order_dow',
  date: 'order_date',
};

/** How many sums each category has: one for each combination of the `by` columns' values. */
export function bucketsOf({ by }: Pick<WideDefinition, 'by'>): number {
  return by.reduce((buckets, { least, most }) => buckets * (most - least + 1), 1);
}

export function shapeOf(definition: Definition): OutputShape {
  if (definition.kind === 'columns') return columnsShapeOf(definition);
  if (definition.kind === 'sql') return sqlShapeOf(definition);
  const { dayKind, dayName, by, category, value } = definition;
  const integer = { type: { kind: 'integer' }, nullable: false } as const;
  const range = { least: 0, most: Number.MAX_SAFE_INTEGER };
  return {
    dayKind,
    dayColumn: dayName,
    keys: [
      ...by.map(({ name, least, most }) => ({ name, ...integer, range: { least, most } })),
      { name: category, type: { kind: 'text' }, nullable: false },
    ],
    measures: [{ name: value, ...integer, range, additive: true }],
    leavesOutZeros: true,
  };
}

/**
 * 16 hexadecimal digits: each day of the ledger records the hash of its definition. The order of ignored columns does
 * not matter.
 */
export function hashOf(definition: Definition): string {
  if (definition.kind === 'columns') return columnsHashOf(definition);
  if (definition.kind === 'sql') return sqlHashOf(definition);
  const ignored = [...new Set(definition.ignore)].sort();
  const whole = { ...inOrder(definition), ignore: ignored };
  const seed = inOrder(seedDefinition(definition.dayKind, []));
  const isSeed = JSON.stringify({ ...whole, ignore: [] }) === JSON.stringify(seed);
  // In the form of ledgers from before there were other definitions.
  const told = isSeed ? { kind: 'wide', layout: definition.dayKind, ignored } : whole;
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
}

/** Everything that determines the bytes, in a fixed order of properties. */
function inOrder(definition: WideDefinition) {
  const { kind, dayKind, dayName, by, dayColumn, ignore, category, value } = definition;
  const columns = by.map(({ name, column, least, most }) => ({ name, column, least, most }));
  return { kind, dayKind, dayName, by: columns, dayColumn, ignore, category, value };
}
