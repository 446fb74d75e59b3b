/** Rows: what a raw day comes to, and their order in the output. */

import type { Day } from './day.js';

export interface AggregateRow {
  readonly hour: number;
  readonly category: string;
  /** At least 1, at most 2^53 − 1. */
  readonly items: number;
}

/**
 * Categories are ordered by code point. JavaScript's own order is by UTF-16 unit, which puts characters
 * beyond U+FFFF before those from U+E000 on; the bytes of UTF-8 sort by code point.
 */
export function compareCategories(a: string, b: string): number {
  if (a === b) return 0;
  const plain = a < b ? -1 : 1;
  return hasSurrogate.test(a) || hasSurrogate.test(b)
    ? Buffer.compare(Buffer.from(a), Buffer.from(b))
    : plain;
}

const hasSurrogate = /[\ud800-\udfff]/;

/** Rows of one day in the output's order: by hour, then category. */
export function compareRows(
  a: { readonly hour: number; readonly category: string },
  b: { readonly hour: number; readonly category: string },
): number {
  return a.hour - b.hour || compareCategories(a.category, b.category);
}

export interface OutputRow extends AggregateRow {
  readonly day: Day;
}
