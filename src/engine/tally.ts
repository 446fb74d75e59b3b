import { compareCategories } from '../core/category-order.js';
import type { AggregateRow } from '../core/ports.js';

export const hoursOfDay = 24;

/** Items by category and hour, over all files of a day. */
export class Tally {
  readonly #categories = new Map<string, Float64Array>();
  orders = 0;

  /** The 24 sums of a category, to be added to in place. */
  hoursOf(category: string): Float64Array {
    const known = this.#categories.get(category);
    if (known !== undefined) return known;
    const hours = new Float64Array(hoursOfDay);
    this.#categories.set(category, hours);
    return hours;
  }

  /** By hour, then category by code point; without zero counts. */
  rows(): AggregateRow[] {
    const sorted = [...this.#categories].sort(([a], [b]) => compareCategories(a, b));
    const rows: AggregateRow[] = [];
    for (let hour = 0; hour < hoursOfDay; hour += 1) {
      for (const [category, hours] of sorted) {
        const items = hours[hour] as number;
        if (items > 0) rows.push({ hour, category, items });
      }
    }
    return rows;
  }
}
