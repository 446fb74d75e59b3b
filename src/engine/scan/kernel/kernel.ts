import type { TablePlan } from '../table-plan.js';

/** The sums of a file or a part of it. */
export interface TableSums {
  readonly records: number;
  /** By bucket, then category as planned: buckets × categories. Exact up to 2^53 − 1; beyond, larger than that. */
  readonly sums: Float64Array;
}

/**
 * The result for some lines. `text`: valid if they are UTF-8, which the caller must check; this can only concern
 * ignored columns. `odd`: something is not on the fast path.
 */
export const lines = { odd: 0, plain: 1, text: 2 } as const;
export type Lines = (typeof lines)[keyof typeof lines];

/**
 * The inner loop: adds up rows without ever making a string. It takes only what it fully understands: no
 * quotes, no NUL, CR before LF only, every row as wide as the header, the right day, a `by` cell of one or two
 * digits, counts of at most 15 digits or empty. Lines with nothing on them are no rows.
 */
export interface Kernel<Plan = TablePlan, Sums = TableSums> {
  /** Where the caller puts bytes. It may change with `begin`. */
  readonly buffer: Uint8Array;
  /** Forgets all sums; rows are read by `plan` from now on. */
  begin(plan: Plan): void;
  /** Adds up whole lines: one begins at `from`, and byte `to` − 1 is a line feed. */
  add(from: number, to: number): Lines;
  sums(): Sums;
}

/** Longer lines are not for the fast path. Shorter than what the reference allows (1 MiB). */
export const longestLineBytes = 262_144;

/** What fits a kernel's tables. */
export const mostColumns = 4096;
