/** The output's rows of some days as pictures: day by hour, and by category. */

import type { OutputPage } from '../../client/types.js';
import { compareTotals, sumOf, type Total } from '../../model/total.js';

export type OutputRow = OutputPage['rows'][number];

/** One day's rows, summed up: items by category, 24 hours each. */
export interface DayTable {
  readonly day: string;
  readonly byCategory: ReadonlyMap<string, readonly Total[]>;
  /** There were more rows than the page asks for. */
  readonly cut: boolean;
}

const hoursInDay = 24;

export function tabulate(day: string, rows: readonly OutputRow[], cut: boolean): DayTable {
  const byCategory = new Map<string, Total[]>();
  for (const row of rows) {
    // Day, hour, category and count, whatever they are called.
    const [, hourCell, categoryCell, count] = Object.values(row);
    const [hour, category, items] = [Number(hourCell), String(categoryCell), Number(count)];
    const hours = byCategory.get(category) ?? new Array<Total>(hoursInDay).fill(0);
    hours[hour] = sumOf([hours[hour] ?? 0, items]);
    byCategory.set(category, hours);
  }
  return { day, byCategory, cut };
}

/** The items of each hour, of one category or (null) of all. */
export function hoursOf({ byCategory }: DayTable, category: string | null): readonly Total[] {
  const hours = new Array<Total>(hoursInDay).fill(0);
  for (const [name, counts] of byCategory) {
    if (category !== null && name !== category) continue;
    for (const [hour, items] of counts.entries()) hours[hour] = sumOf([hours[hour] ?? 0, items]);
  }
  return hours;
}

export interface CategoryTotal {
  readonly category: string;
  readonly items: Total;
}

/** The largest first; equals by name. */
export function categoryTotals(tables: readonly DayTable[]): readonly CategoryTotal[] {
  const totals = new Map<string, Total>();
  for (const { byCategory } of tables) {
    for (const [category, hours] of byCategory) {
      totals.set(category, sumOf([totals.get(category) ?? 0, ...hours]));
    }
  }
  return [...totals]
    .map(([category, items]) => ({ category, items }))
    .sort((a, b) => compareTotals(b.items, a.items) || (a.category < b.category ? -1 : 1));
}

/** Steps of colour beside "none". */
export const heatSteps = 7;

/** 0 where there is nothing, else 1 to `heatSteps`, in equal shares of the largest count. */
export function heatOf(items: Total, largest: Total): number {
  if (Number(largest) === 0) return 0;
  const share = Number(items) / Number(largest);
  return Math.min(Math.ceil(share * heatSteps), heatSteps);
}

/** A window of `length` days that ends at index `end` (exclusive), within `days`. */
export function windowOf<T>(days: readonly T[], end: number, length: number): readonly T[] {
  const last = Math.min(Math.max(end, Math.min(length, days.length)), days.length);
  return days.slice(Math.max(last - length, 0), last);
}
