import type { DayStatus } from '../../client/types.js';
import type { Total } from '../../model/total.js';
import { measureOf } from '../../model/totals.js';

/** The figure that charts show for a day. */
export interface Figure {
  readonly name: string;
  of(day: DayStatus): Total;
}

/** The first measure that can be added up, or else the number of rows. */
export function figureOf(days: readonly DayStatus[]): Figure {
  const measure = measureOf(days.map(({ output }) => output?.totals));
  return measure === null
    ? { name: 'Rows', of: ({ output }) => output?.rows ?? 0 }
    : { name: measure, of: ({ output }) => output?.totals[measure] ?? 0 };
}
