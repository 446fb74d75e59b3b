import type { RunDay } from './types.js';
import { countOf } from './words.js';

/** How rows of a day would change: `2 rows more`, and so on. */
export function rowChanges(difference: NonNullable<RunDay['difference']>): string[] {
  const { rowsAdded, rowsRemoved, rowsChanged } = difference;
  return [
    ...(rowsAdded > 0 ? [`${countOf(rowsAdded, 'row')} more`] : []),
    ...(rowsRemoved > 0 ? [`${countOf(rowsRemoved, 'row')} fewer`] : []),
    ...(rowsChanged > 0 ? [`${countOf(rowsChanged, 'row')} with other counts`] : []),
  ];
}
