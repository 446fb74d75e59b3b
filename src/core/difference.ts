/** What a day's rows would change in the output: for dry runs. Pure. */
import type { AggregateRow } from './ports.js';
import type { DayDifference } from './run.js';
import { sumOf, type Total } from './total.js';

/** Rows are told apart by hour and category; a key that stands twice counts with its sum. */
export function differenceOf(
  before: readonly AggregateRow[],
  after: readonly AggregateRow[],
): DayDifference {
  const [old, fresh] = [byKey(before), byKey(after)];
  let rowsChanged = 0;
  let rowsAdded = 0;
  for (const [key, items] of fresh) {
    const was = old.get(key);
    if (was === undefined) rowsAdded += 1;
    else if (was !== items) rowsChanged += 1;
  }
  const rowsKept = fresh.size - rowsAdded;
  return {
    rowsAdded,
    rowsRemoved: old.size - rowsKept,
    rowsChanged,
    itemsBefore: total(before),
    itemsAfter: total(after),
  };
}

function byKey(rows: readonly AggregateRow[]): Map<string, Total> {
  const sums = new Map<string, Total>();
  for (const { hour, category, items } of rows) {
    const key = `${hour} ${category}`;
    sums.set(key, sumOf([sums.get(key) ?? 0, items]));
  }
  return sums;
}

function total(rows: readonly AggregateRow[]): Total {
  return sumOf(rows.map(({ items }) => items));
}
