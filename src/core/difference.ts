/** What a day's rows would change in the output: for dry runs. Pure. */

import type { Cell, OutputShape } from '../model/column.js';
import { type CompareKeys, compareKeysOf, type Row } from '../model/row.js';
import type { DayDifference } from '../model/run.js';
import { sumOf } from '../model/total.js';
import { type Totals, TotalsMeter } from '../model/totals.js';

/**
 * Compares the rows in the output, one by one in order, with those that it should hold. Rows are identified by their
 * keys; the values of a duplicate key are added up.
 */
export class Difference {
  readonly #shape: OutputShape;
  readonly #compareKeys: CompareKeys;
  readonly #after: readonly Row[];
  readonly #before: TotalsMeter;
  #compared = 0;
  #open: Row | null = null;
  readonly #counts = { rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };

  constructor(shape: OutputShape, after: readonly Row[]) {
    this.#shape = shape;
    this.#compareKeys = compareKeysOf(shape);
    this.#after = after;
    this.#before = new TotalsMeter(shape);
  }

  take({ key, values }: Row): void {
    this.#before.add({ values });
    if (this.#open !== null && this.#compareKeys(this.#open.key, key) === 0) {
      this.#open = { key, values: this.#together(this.#open.values, values) };
      return;
    }
    this.#close();
    this.#open = { key, values };
  }

  end(): DayDifference {
    this.#close();
    this.#counts.rowsAdded += this.#after.length - this.#compared;
    this.#compared = this.#after.length;
    const after = new TotalsMeter(this.#shape);
    for (const row of this.#after) after.add(row);
    return { ...this.#counts, totalsBefore: this.#before.totals, totalsAfter: after.totals };
  }

  /** What cannot be added up keeps its first value. */
  #together(a: readonly Cell[], b: readonly Cell[]): Cell[] {
    return this.#shape.measures.map(({ additive }, index) => {
      const [one = null, other = null] = [a[index], b[index]];
      return additive ? String(sumOf([one ?? 0, other ?? 0])) : one;
    });
  }

  #close(): void {
    if (this.#open === null) return;
    const { key, values } = this.#open;
    this.#open = null;
    let next = this.#after[this.#compared];
    while (next !== undefined && this.#compareKeys(next.key, key) < 0) {
      this.#counts.rowsAdded += 1;
      this.#compared += 1;
      next = this.#after[this.#compared];
    }
    if (next === undefined || this.#compareKeys(next.key, key) !== 0) {
      this.#counts.rowsRemoved += 1;
      return;
    }
    this.#compared += 1;
    const isSame = next.values.every((cell, index) => cell === values[index]);
    if (!isSame) this.#counts.rowsChanged += 1;
  }
}

export function noDifference(totals: Totals): DayDifference {
  const counts = { rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };
  return { ...counts, totalsBefore: totals, totalsAfter: totals };
}
