/** Lists of days, a page at a time. A cursor names a day, so that days that appear or disappear between pages shift
 * nothing. */
import type { Day, DayLayout } from '../model/day.js';
import { dayCursor, dayOfCursor } from './cursor.js';

export const defaultDays = 1000;
export const mostDays = 5000;

export interface DayPageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** Oldest first if it is left out. */
  readonly order?: 'oldest' | 'newest' | undefined;
}

export interface DayPage<Each> {
  readonly page: readonly Each[];
  readonly nextCursor: string | null;
}

/** `days` in day order. */
export function pageOfDays<Each extends { readonly day: Day }>(
  layout: DayLayout,
  days: readonly Each[],
  { limit = defaultDays, cursor, order = 'oldest' }: DayPageQuery,
): DayPage<Each> {
  const ordered = order === 'oldest' ? days : days.toReversed();
  const direction = order === 'oldest' ? 1 : -1;
  const after = dayOfCursor(layout, cursor);
  const isBeyond = ({ day }: Each) => after === null || direction * layout.compare(day, after) > 0;
  const from = ordered.findIndex(isBeyond);
  const page = from < 0 ? [] : ordered.slice(from, from + limit);
  const last = page.at(-1);
  const isLast = last === undefined || last === ordered.at(-1);
  return { page, nextCursor: isLast ? null : dayCursor(last.day) };
}
