import { cellKind, type Segment, type TablePlan } from '../table-plan.js';
import { type Kernel, type Lines, lines, type TableSums } from './kernel.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const comma = 0x2c;
const zero = 0x30;

/** Any number with this many digits is below 2^53. */
const mostDigits = 15;

const odd = -1;

/**
 * The kernel in plain TypeScript. Its readers take the place of a cell in `buffer` and return the place of
 * the byte that ends it, or `odd`. None of them passes a line feed, so none leaves the lines it was given.
 */
export class ByteKernel implements Kernel {
  readonly buffer: Uint8Array;
  #segments: readonly Segment[] = [];
  #lateBy: number | null = null;
  #day = new Uint8Array();
  #categories = 0;
  #buckets = 1;
  #least = 0;
  #records = 0;
  #sums = new Float64Array();
  /** Where the sums of the row's bucket begin. */
  #bucketAt = 0;
  /** All bytes of ignored cells, or-ed: the high bit tells whether one was not ASCII. */
  #seen = 0;

  constructor(bufferBytes: number) {
    this.buffer = new Uint8Array(bufferBytes);
  }

  begin({ segments, categories, buckets, least, lateBy, day }: TablePlan): void {
    this.#segments = segments;
    this.#categories = categories;
    this.#buckets = buckets;
    this.#least = least;
    this.#lateBy = lateBy;
    this.#day = Uint8Array.from(day);
    this.#records = 0;
    this.#sums = new Float64Array(buckets * categories);
    this.#bucketAt = 0;
  }

  add(from: number, to: number): Lines {
    this.#seen = 0;
    for (let at = from; at < to; ) {
      const next = this.#addRow(at);
      if (next === odd) {
        // No row is empty: so the others need not be asked whether they are.
        const end = this.buffer[at] === carriageReturn ? at + 1 : at;
        if (this.buffer[end] !== lineFeed) return lines.odd;
        at = end + 1;
      } else {
        at = next;
        this.#records += 1;
      }
    }
    return this.#seen < 0x80 ? lines.plain : lines.text;
  }

  sums(): TableSums {
    return { records: this.#records, sums: this.#sums };
  }

  /** Returns where the next row begins. */
  #addRow(start: number): number {
    if (this.#lateBy !== null && !this.#findBy(start, this.#lateBy)) return odd;
    let at = start;
    for (let index = 0; index < this.#segments.length; index += 1) {
      const segment = this.#segments[index] as Segment;
      if (index > 0 && this.buffer[at++] !== comma) return odd;
      at = this.#readSegment(segment, at);
      if (at === odd) return odd;
    }
    if (this.buffer[at] === carriageReturn) at += 1;
    return this.buffer[at] === lineFeed ? at + 1 : odd;
  }

  #readSegment(segment: Segment, at: number): number {
    switch (segment.kind) {
      case cellKind.count:
        return this.#readCounts(at, this.#bucketAt + segment.firstCategory, segment.columns);
      case cellKind.by:
        return this.#readBy(at);
      case cellKind.day:
        return this.#readDay(at);
      default:
        return this.#readIgnored(at, segment.columns);
    }
  }

  /** Looks ahead for the bucket of a row whose counts come before it. */
  #findBy(start: number, column: number): boolean {
    let at = start;
    for (let commas = 0; commas < column; at += 1) {
      const byte = this.buffer[at];
      if (byte === lineFeed) return false;
      if (byte === comma) commas += 1;
    }
    return this.#readBy(at) !== odd;
  }

  #readBy(at: number): number {
    const first = (this.buffer[at] as number) - zero;
    if (first < 0 || first > 9) return odd;
    const second = (this.buffer[at + 1] as number) - zero;
    const single = second < 0 || second > 9;
    const bucket = (single ? first : 10 * first + second) - this.#least;
    if (bucket < 0 || bucket >= this.#buckets) return odd;
    this.#bucketAt = bucket * this.#categories;
    return single ? at + 1 : at + 2;
  }

  #readDay(at: number): number {
    const day = this.#day;
    for (let index = 0; index < day.length; index += 1) {
      if (this.buffer[at + index] !== day[index]) return odd;
    }
    return at + day.length;
  }

  #readIgnored(start: number, columns: number): number {
    const { buffer } = this;
    let at = start;
    let seen = 0;
    for (let left = columns; ; at += 1) {
      const byte = buffer[at] as number;
      if (byte === lineFeed || byte === carriageReturn) {
        if (left > 1) return odd;
        break;
      }
      if (byte === 0 || byte === quote) return odd;
      if (byte === comma) left -= 1;
      if (left === 0) break;
      seen |= byte;
    }
    this.#seen |= seen;
    return at;
  }

  /** Adds `columns` cells to the sums from `sum` on. */
  #readCounts(start: number, sum: number, columns: number): number {
    const { buffer } = this;
    const sums = this.#sums;
    const last = sum + columns - 1;
    let at = start;
    for (let index = sum; ; at += 1, index += 1) {
      // Most cells are 0.
      while (index < last && buffer[at] === zero && buffer[at + 1] === comma) {
        at += 2;
        index += 1;
      }
      let value = 0;
      let digit = (buffer[at] as number) - zero;
      const first = at;
      while (digit >= 0 && digit <= 9) {
        value = 10 * value + digit;
        at += 1;
        digit = (buffer[at] as number) - zero;
      }
      if (at - first > mostDigits) return odd;
      if (value > 0) (sums[index] as number) += value;
      if (index === last) return at;
      if (buffer[at] !== comma) return odd;
    }
  }
}
