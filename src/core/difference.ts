/** What a day's rows would change in the output: for dry runs. Pure. */

import type { AggregateRow } from '../model/row.js';
import { compareRows } from '../model/row.js';
import type { DayDifference } from '../model/run.js';
import { sumOf, type Total } from '../model/total.js';

/**
 * Compares the rows that the output holds, taken one by one in its order, with those that it should hold. Rows
 * are told apart by hour and category; a key that stands twice counts with its sum.
 */
export class Difference {
  readonly #after: readonly AggregateRow[];
  #compared = 0;
  #open: { readonly key: AggregateRow; readonly items: Total } | null = null;
  readonly #counts = { rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };
  #itemsBefore: Total = 0;

  constructor(after: readonly AggregateRow[]) {
    this.#after = after;
  }

  take(row: AggregateRow): void {
    this.#itemsBefore = sumOf([this.#itemsBefore, row.items]);
    if (this.#open !== null && compareRows(this.#open.key, row) === 0) {
      this.#open = { key: row, items: sumOf([this.#open.items, row.items]) };
      return;
    }
    this.#close();
    this.#open = { key: row, items: row.items };
  }

  end(): DayDifference {
    this.#close();
    this.#counts.rowsAdded += this.#after.length - this.#compared;
    this.#compared = this.#after.length;
    const itemsAfter = sumOf(this.#after.map(({ items }) => items));
    return { ...this.#counts, itemsBefore: this.#itemsBefore, itemsAfter };
  }

  #close(): void {
    if (this.#open === null) return;
    const { key, items } = this.#open;
    this.#open = null;
    let next = this.#after[this.#compared];
    while (next !== undefined && compareRows(next, key) < 0) {
      this.#counts.rowsAdded += 1;
      this.#compared += 1;
      next = this.#after[this.#compared];
    }
    if (next === undefined || compareRows(next, key) !== 0) {
      this.#counts.rowsRemoved += 1;
      return;
    }
    this.#compared += 1;
    if (next.items !== items) this.#counts.rowsChanged += 1;
  }
}

export function noDifference(items: Total): DayDifference {
  const counts = { rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };
  return { ...counts, itemsBefore: items, itemsAfter: items };
}
