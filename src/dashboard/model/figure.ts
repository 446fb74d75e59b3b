import type { DayStatus } from '../../client/types.js';
import type { Total } from '../../model/total.js';
import { measureOf } from '../../model/totals.js';

/** What pictures show of a day. */
export interface Figure {
  readonly name: string;
  of(day: DayStatus): Total;
}

/** The first measure that can be added up; where there is none, how many rows the day has. */
export function figureOf(days: readonly DayStatus[]): Figure {
  const measure = measureOf(days.map(({ output }) => output?.totals));
  return measure === null
    ? { name: 'Rows', of: ({ output }) => output?.rows ?? 0 }
    : { name: measure, of: ({ output }) => output?.totals[measure] ?? 0 };
}
