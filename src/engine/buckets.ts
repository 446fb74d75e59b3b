/**
 * Buckets: the combinations that the values of a definition's `by` columns can have, numbered in the order of
 * the output. Without such columns there is one.
 */
import type { Range } from '../model/column.js';
import type { WideDefinition } from '../model/definition.js';

type By = Pick<WideDefinition, 'by'>;

/** From the bucket of the columns before (0 for the first), and a value in the range of the next. */
export function bucketWith(bucket: number, { least, most }: Range, value: number): number {
  return bucket * (most - least + 1) + value - least;
}

/** The cells of the columns, as the output writes them. */
export function bucketCells({ by }: By, bucket: number): string[] {
  let rest = bucket;
  const cells = by.toReversed().map(({ least, most }) => {
    const size = most - least + 1;
    const value = least + (rest % size);
    rest = Math.floor(rest / size);
    return String(value);
  });
  return cells.reverse();
}

/** The most digits that such a number may have: `08` is allowed up to 9, but `008` is not allowed up to 99. */
export function mostDigitsOf({ least, most }: Range): number {
  return Math.max(2, String(Math.abs(least)).length, String(Math.abs(most)).length);
}
