/** Definitions: what is made of a raw day. */
import { createHash } from 'node:crypto';
import type { OutputShape, Range } from './column.js';
import type { LayoutName } from './day.js';

/** Raw columns whose names are categories, and whose cells are counts. */
export interface WideDefinition {
  readonly kind: 'wide';
  readonly dayKind: LayoutName;
  /** The first column of the output. */
  readonly dayName: string;
  /** Whole numbers by which the counts are told apart; usually one. */
  readonly by: readonly ByColumn[];
  /** The raw column that, where present, must hold the folder's day in every row. Null where there is none. */
  readonly dayColumn: string | null;
  /** Raw columns that are no category. */
  readonly ignore: readonly string[];
  /** What the output calls the names of categories, and the counts. */
  readonly category: string;
  readonly value: string;
}

export interface ByColumn extends Range {
  /** In the output. */
  readonly name: string;
  /** In raw files. */
  readonly column: string;
}

/** The measure of all outputs that there were before definitions. */
export const seedValue = 'items_count';

/** The job that is done where nothing else is defined. */
export function seedDefinition(dayKind: LayoutName, ignore: readonly string[]): WideDefinition {
  return {
    kind: 'wide',
    dayKind,
    ...seedDays[dayKind],
    by: [{ name: 'hour_of_day', column: 'order_hour_of_day', least: 0, most: 23 }],
    ignore,
    category: 'category',
    value: seedValue,
  };
}

const seedDays: Record<LayoutName, Pick<WideDefinition, 'dayName' | 'dayColumn'>> = {
  index: { dayName: 'day_of_week', dayColumn: 'order_dow' },
  date: { dayName: 'date', dayColumn: 'order_date' },
};

/** How many sums each category has: one for each combination of the `by` columns' values. */
export function bucketsOf({ by }: Pick<WideDefinition, 'by'>): number {
  return by.reduce((buckets, { least, most }) => buckets * (most - least + 1), 1);
}

export function shapeOf({ dayKind, dayName, by, category, value }: WideDefinition): OutputShape {
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
 * 16 hexadecimal digits: a day of the ledger remembers under which definition it was made. The order of ignored
 * columns does not count.
 */
export function hashOf(definition: WideDefinition): string {
  const ignored = [...new Set(definition.ignore)].sort();
  const whole = { ...inOrder(definition), ignore: ignored };
  const seed = inOrder(seedDefinition(definition.dayKind, []));
  const isSeed = JSON.stringify({ ...whole, ignore: [] }) === JSON.stringify(seed);
  // As ledgers hold it that are older than other definitions.
  const told = isSeed ? { kind: 'wide', layout: definition.dayKind, ignored } : whole;
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
}

/** All that decides the bytes, in one order of properties, whoever wrote the definition. */
function inOrder(definition: WideDefinition) {
  const { kind, dayKind, dayName, by, dayColumn, ignore, category, value } = definition;
  const columns = by.map(({ name, column, least, most }) => ({ name, column, least, most }));
  return { kind, dayKind, dayName, by: columns, dayColumn, ignore, category, value };
}
