import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AggregateRow } from '../model/row.js';
import { compareTexts } from '../model/text-order.js';

export const hoursOfDay = 24;

/** Some milliseconds' worth of an hour's rows. */
const categoriesAtOnce = 10_000;

/** What one file adds up to. */
export interface FileSums {
  readonly orders: number;
  readonly categories: readonly string[];
  /** By hour, then category as above: 24 × categories. */
  readonly items: Float64Array;
}

/** All of a tally, as it can be sent to a thread. */
export interface TallyState {
  readonly orders: number;
  readonly categories: readonly string[];
  /** By category as above, then hour: categories × 24. */
  readonly hours: Float64Array;
}

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

  /** Returns false, and adds nothing, where a sum would no longer be exact. */
  add({ orders, categories, items }: FileSums): boolean {
    const known = categories.map((category) => this.hoursOf(category));
    // With 190,000 columns there are millions of sums: no objects for them.
    const isExact = (hours: Float64Array, index: number) => {
      for (let hour = 0; hour < hoursOfDay; hour += 1) {
        const sum = (hours[hour] as number) + (items[hour * known.length + index] as number);
        if (!Number.isSafeInteger(sum)) return false;
      }
      return true;
    };
    if (!known.every(isExact)) return false;
    for (const [index, hours] of known.entries()) {
      for (let hour = 0; hour < hoursOfDay; hour += 1) {
        hours[hour] = (hours[hour] as number) + (items[hour * known.length + index] as number);
      }
    }
    this.orders += orders;
    return true;
  }

  state(): TallyState {
    const hours = new Float64Array(hoursOfDay * this.#categories.size);
    [...this.#categories.values()].forEach((sums, index) => {
      hours.set(sums, hoursOfDay * index);
    });
    return { orders: this.orders, categories: [...this.#categories.keys()], hours };
  }

  /** Goes on where another tally is, in the memory of its state. */
  become({ orders, categories, hours }: TallyState): void {
    this.orders = orders;
    this.#categories.clear();
    for (const [index, category] of categories.entries()) {
      const at = hoursOfDay * index;
      this.#categories.set(category, hours.subarray(at, at + hoursOfDay));
    }
  }

  /** By hour, then category by code point; without zero counts. */
  async rows(): Promise<AggregateRow[]> {
    const sorted = [...this.#categories].sort(([a], [b]) => compareTexts(a, b));
    const rows: AggregateRow[] = [];
    for (let hour = 0; hour < hoursOfDay; hour += 1) {
      // Millions of rows take most of a second, in which others are to be answered.
      if (sorted.length > categoriesAtOnce) await nextTurn();
      for (const [category, hours] of sorted) {
        const items = hours[hour] as number;
        if (items > 0) rows.push({ hour, category, items });
      }
    }
    return rows;
  }
}
