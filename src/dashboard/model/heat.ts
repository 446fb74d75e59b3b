/** The heat map: days by the values of a small ordered key. */
import type { DayStatus, Sums } from '../../client/types.js';
import { compareTotals, type Total } from '../../model/total.js';
import type { Columns, Figure } from './figure.js';
import { numberOf } from './groups.js';

type Key = Columns['keys'][number];

/** What fits side by side. */
const mostColumns = 48;
/** More than the cells of the longest window. */
export const mostCells = 2_000;

/** Keys that can be its columns: integers, and only a few. If the type sets no bounds, the sums will show. */
export function heatKeysOf({ keys }: Columns): readonly Key[] {
  return keys.filter(
    ({ type, range }) =>
      type === 'integer' && (range === null || range.most - range.least < mostColumns),
  );
}

export interface Heat {
  readonly columns: readonly number[];
  /** By day, then by column. Days that are not in it have not been read. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<number, Total>>;
}

/** Null if there are too many values, or some are missing: the chart would be wrong. */
export function heatFrom(
  { range }: Pick<Key, 'range'>,
  { groups, others }: Pick<Sums, 'groups' | 'others'>,
  figure: Pick<Figure, 'ofSum'>,
): Heat | null {
  const cells = new Map<string, Map<number, Total>>();
  let [least, most] = range === null ? [Infinity, -Infinity] : [range.least, range.most];
  for (const group of groups) {
    const { day, value } = group;
    if (day === null || typeof value !== 'number') return null;
    [least, most] = [Math.min(least, value), Math.max(most, value)];
    const ofDay = cells.get(day) ?? new Map<number, Total>();
    cells.set(day, ofDay.set(value, figure.ofSum(group)));
  }
  if (others !== null || most - least >= mostColumns) return null;
  const columns = Array.from({ length: Math.max(most - least + 1, 0) }, (_, at) => least + at);
  return { columns, cells };
}

/** Steps of colour beside "none". */
const heatSteps = 7;

/** 0 for nothing, otherwise 1 to `heatSteps`, in equal shares of the largest; the sign is ignored. */
export function heatOf(total: Total, largest: Total): number {
  const share = Math.abs(Number(total)) / Math.abs(Number(largest));
  return share > 0 ? Math.min(Math.ceil(share * heatSteps), heatSteps) : 0;
}

/** The one further from 0; the first if they are equally far. */
export function largestOf(totals: Iterable<Total>): Total {
  let largest: Total = 0;
  for (const total of totals)
    if (compareTotals(sizeOf(largest), sizeOf(total)) < 0) largest = sizeOf(total);
  return largest;
}

function sizeOf(total: Total): Total {
  return typeof total === 'number' ? Math.abs(total) : total.replace(/^-/, '');
}

export type HeatRow =
  | { readonly kind: 'day'; readonly status: DayStatus }
  /** Days that are missing between two that are not. */
  | { readonly kind: 'gap'; readonly after: string; readonly days: number };

/** `days` in day order; a row for each, and one for each gap. */
export function withGaps(days: readonly DayStatus[]): readonly HeatRow[] {
  return days.flatMap((status, index): HeatRow[] => {
    const before = days[index - 1];
    const missing = before === undefined ? 0 : numberOf(status.day) - numberOf(before.day) - 1;
    const row: HeatRow = { kind: 'day', status };
    return missing === 0 ? [row] : [{ kind: 'gap', after: before?.day ?? '', days: missing }, row];
  });
}

/** A window of `length` days that ends at index `end` (exclusive), within `days`. */
export function windowOf<T>(days: readonly T[], end: number, length: number): readonly T[] {
  const last = Math.min(Math.max(end, Math.min(length, days.length)), days.length);
  return days.slice(Math.max(last - length, 0), last);
}
