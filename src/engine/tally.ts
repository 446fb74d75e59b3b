import { setImmediate as nextTurn } from 'node:timers/promises';
import { bucketsOf, type WideDefinition } from '../model/definition.js';
import type { Row } from '../model/row.js';
import { compareTexts } from '../model/text-order.js';
import { bucketCells } from './buckets.js';

/** Some milliseconds' worth of a bucket's rows. */
const categoriesAtOnce = 10_000;

/** The sums of one file. */
export interface FileSums {
  /** Data rows. */
  readonly records: number;
  readonly categories: readonly string[];
  /** By bucket, then category as above: buckets × categories. */
  readonly sums: Float64Array;
}

/** All of a tally, as it can be sent to a thread. */
export interface TallyState {
  readonly records: number;
  readonly categories: readonly string[];
  /** By category as above, then bucket: categories × buckets. */
  readonly sums: Float64Array;
}

/** Counts by category and bucket (a combination of the values of `by` columns), over all files of a day. */
export class Tally {
  readonly #definition: Pick<WideDefinition, 'by'>;
  readonly #buckets: number;
  readonly #categories = new Map<string, Float64Array>();
  records = 0;

  constructor(definition: Pick<WideDefinition, 'by'>) {
    this.#definition = definition;
    this.#buckets = bucketsOf(definition);
  }

  /** The sums of a category, a bucket each, to be added to in place. */
  sumsOf(category: string): Float64Array {
    const known = this.#categories.get(category);
    if (known !== undefined) return known;
    const sums = new Float64Array(this.#buckets);
    this.#categories.set(category, sums);
    return sums;
  }

  /** Returns false, and adds nothing, if a sum would no longer be exact. */
  add({ records, categories, sums: added }: FileSums): boolean {
    const buckets = this.#buckets;
    const known = categories.map((category) => this.sumsOf(category));
    // With 190,000 columns there are millions of sums: no objects for them.
    const isExact = (sums: Float64Array, index: number) => {
      for (let bucket = 0; bucket < buckets; bucket += 1) {
        const sum = (sums[bucket] as number) + (added[bucket * known.length + index] as number);
        if (!Number.isSafeInteger(sum)) return false;
      }
      return true;
    };
    if (!known.every(isExact)) return false;
    for (const [index, sums] of known.entries()) {
      for (let bucket = 0; bucket < buckets; bucket += 1) {
        sums[bucket] = (sums[bucket] as number) + (added[bucket * known.length + index] as number);
      }
    }
    this.records += records;
    return true;
  }

  state(): TallyState {
    const sums = new Float64Array(this.#buckets * this.#categories.size);
    [...this.#categories.values()].forEach((each, index) => {
      sums.set(each, this.#buckets * index);
    });
    return { records: this.records, categories: [...this.#categories.keys()], sums };
  }

  /** Goes on where another tally is, in the memory of its state. */
  become({ records, categories, sums }: TallyState): void {
    this.records = records;
    this.#categories.clear();
    for (const [index, category] of categories.entries()) {
      const at = this.#buckets * index;
      this.#categories.set(category, sums.subarray(at, at + this.#buckets));
    }
  }

  /** By bucket, then category by code point; without zero counts. */
  async rows(): Promise<Row[]> {
    const sorted = [...this.#categories].sort(([a], [b]) => compareTexts(a, b));
    const rows: Row[] = [];
    for (let bucket = 0; bucket < this.#buckets; bucket += 1) {
      // Millions of rows take most of a second, in which others are to be answered.
      if (sorted.length > categoriesAtOnce) await nextTurn();
      const cells = bucketCells(this.#definition, bucket);
      for (const [category, sums] of sorted) {
        const sum = sums[bucket] as number;
        if (sum > 0) rows.push({ key: [...cells, category], values: [String(sum)] });
      }
    }
    return rows;
  }
}
