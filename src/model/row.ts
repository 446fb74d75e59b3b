/** Rows: the result of aggregating a raw day, and their order in the output. */
import { type Cell, compareCellsOf, type OutputShape } from './column.js';
import type { Day } from './day.js';

/** A row of one day, with a cell for each key and each measure of the output's shape. */
export interface Row {
  readonly key: readonly Cell[];
  readonly values: readonly Cell[];
}

export interface OutputRow extends Row {
  readonly day: Day;
}

/** Negative if key `a` comes first. */
export type CompareKeys = (a: readonly Cell[], b: readonly Cell[]) => number;

/** The order of the rows of one day. */
export function compareKeysOf({ keys }: Pick<OutputShape, 'keys'>): CompareKeys {
  const comparisons = keys.map(({ type }) => compareCellsOf(type));
  return (a, b) => {
    for (const [index, compare] of comparisons.entries()) {
      const order = compare(a[index] as Cell, b[index] as Cell);
      if (order !== 0) return order;
    }
    return 0;
  };
}
