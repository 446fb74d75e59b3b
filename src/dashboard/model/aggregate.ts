/** The output's rows of some days as pictures: day by hour, and by category. */
import type { OutputAnswer } from '../api/types.js';

export type OutputRow = OutputAnswer['rows'][number];

/** One day's rows, summed up: items by category, 24 hours each. */
export interface DayTable {
  readonly day: string;
  readonly byCategory: ReadonlyMap<string, readonly number[]>;
  /** There were more rows than the page asks for. */
  readonly cut: boolean;
}

const hoursInDay = 24;

export function tabulate(day: string, rows: readonly OutputRow[], cut: boolean): DayTable {
  const byCategory = new Map<string, number[]>();
  for (const { hour, category, items } of rows) {
    const hours = byCategory.get(category) ?? new Array<number>(hoursInDay).fill(0);
    hours[hour] = (hours[hour] ?? 0) + items;
    byCategory.set(category, hours);
  }
  return { day, byCategory, cut };
}

/** The items of each hour, of one category or (null) of all. */
export function hoursOf({ byCategory }: DayTable, category: string | null): readonly number[] {
  const hours = new Array<number>(hoursInDay).fill(0);
  for (const [name, counts] of byCategory) {
    if (category !== null && name !== category) continue;
    for (const [hour, items] of counts.entries()) hours[hour] = (hours[hour] ?? 0) + items;
  }
  return hours;
}

export interface CategoryTotal {
  readonly category: string;
  readonly items: number;
}

/** The largest first; equals by name. */
export function categoryTotals(tables: readonly DayTable[]): readonly CategoryTotal[] {
  const totals = new Map<string, number>();
  for (const { byCategory } of tables) {
    for (const [category, hours] of byCategory) {
      const items = hours.reduce((sum, each) => sum + each, 0);
      totals.set(category, (totals.get(category) ?? 0) + items);
    }
  }
  return [...totals]
    .map(([category, items]) => ({ category, items }))
    .sort((a, b) => b.items - a.items || (a.category < b.category ? -1 : 1));
}

/** Steps of colour beside "none". */
export const heatSteps = 7;

/** 0 where there is nothing, else 1 to `heatSteps`, in equal shares of the largest count. */
export function heatOf(items: number, largest: number): number {
  if (items <= 0 || largest <= 0) return 0;
  return Math.min(Math.ceil((items / largest) * heatSteps), heatSteps);
}

/** A window of `length` days that ends at index `end` (exclusive), within `days`. */
export function windowOf<T>(days: readonly T[], end: number, length: number): readonly T[] {
  const last = Math.min(Math.max(end, Math.min(length, days.length)), days.length);
  return days.slice(Math.max(last - length, 0), last);
}
