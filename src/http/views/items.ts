import { seedValue } from '../../model/definition.js';
import type { Total } from '../../model/total.js';
import type { Totals } from '../../model/totals.js';

/** The total of the one measure that answers speak of. */
export function itemsIn(totals: Totals): Total {
  return totals[seedValue] ?? 0;
}
