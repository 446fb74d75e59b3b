/** Rows: what a raw day comes to, and their order in the output. */

import type { Day } from './day.js';
import { compareTexts } from './text-order.js';

export interface AggregateRow {
  readonly hour: number;
  readonly category: string;
  /** At least 1, at most 2^53 − 1. */
  readonly items: number;
}

/** Rows of one day in the output's order: by hour, then category. */
export function compareRows(
  a: { readonly hour: number; readonly category: string },
  b: { readonly hour: number; readonly category: string },
): number {
  return a.hour - b.hour || compareTexts(a.category, b.category);
}

export interface OutputRow extends AggregateRow {
  readonly day: Day;
}
