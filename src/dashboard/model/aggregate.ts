/** Aggregates the output's rows of some days for the charts: by day and hour, and by category. */

import type { DayStatus, OutputPage } from '../../client/types.js';
import { compareTotals, isTotal, sumOf, type Total } from '../../model/total.js';

export type OutputRow = OutputPage['rows'][number];

/** One day's rows, summed up: a measure by category, 24 hours each. */
export interface DayTable {
  readonly day: string;
  readonly measure: string;
  readonly byCategory: ReadonlyMap<string, readonly Total[]>;
  /** There were more rows than the page asks for. */
  readonly cut: boolean;
}

const hoursInDay = 24;

/** Null if the rows are not counts by hour and category, for which these charts would be wrong. */
export function tabulate(
  { day, output }: DayStatus,
  rows: readonly OutputRow[],
  cut: boolean,
): DayTable | null {
  const [measure = '', ...others] = Object.keys(output?.totals ?? {});
  if (others.length > 0) return null;
  const byCategory = new Map<string, Total[]>();
  for (const row of rows) {
    const counted = countedIn(day, row, measure);
    if (counted === null) return null;
    const { hour, category, items } = counted;
    const hours = byCategory.get(category) ?? new Array<Total>(hoursInDay).fill(0);
    hours[hour] = sumOf([hours[hour] ?? 0, items]);
    byCategory.set(category, hours);
  }
  return { day, measure, byCategory, cut };
}

/** Day, hour, category and count in this order, whatever their names. */
function countedIn(day: string, row: OutputRow, measure: string) {
  const [dayCell, hour, category, , ...others] = Object.values(row);
  const items = row[measure];
  const isCounted =
    dayCell === day && isHour(hour) && typeof category === 'string' && isTotal(items);
  return isCounted && others.length === 0 ? { hour, category, items } : null;
}

function isHour(cell: OutputRow[string] | undefined): cell is number {
  return typeof cell === 'number' && cell >= 0 && cell < hoursInDay;
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

/** 0 for nothing, otherwise 1 to `heatSteps`, in equal shares of the largest count. */
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
