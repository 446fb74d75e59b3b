/** Verdicts: the result of comparing a day of the output with its raw files. */
import type { Day } from './day.js';
import type { DayState } from './day-state.js';
import type { DayDifference, RunStatus } from './run.js';
import type { Totals } from './totals.js';

export const verdicts = [
  /** The output holds what the raw files say. */
  'same',
  /** It holds something else. */
  'differs',
  /** It should hold the day, and does not. */
  'missing',
  /** The day is above the checkpoint: the next run adds it. */
  'pending',
  /** Its raw files cannot be read, so it cannot be compared. */
  'unreadable',
  /** Its raw folder is gone or not ready: there is nothing to compare with. */
  'no-raw',
] as const;
export type Verdict = (typeof verdicts)[number];

export interface DayVerdict {
  readonly day: Day;
  readonly verdict: Verdict;
  /** As reconcile sees it. */
  readonly state: DayState;
  /** A sentence's worth; empty where the day is the same. */
  readonly how: string;
  /** The output counts everything this many times: 3 after a job that ran three times. Null for any other difference. */
  readonly times: number | null;
  /** Rows of different keys. */
  readonly rows: { readonly output: number; readonly raw: number | null };
  readonly totals: { readonly output: Totals; readonly raw: Totals | null };
  readonly difference: DayDifference | null;
}

const wrong: ReadonlySet<Verdict> = new Set(['differs', 'missing', 'unreadable']);

export function isWrong({ verdict }: Pick<DayVerdict, 'verdict'>): boolean {
  return wrong.has(verdict);
}

/** A run that failed as a whole compared nothing; unreadable days have their own verdict. */
export function hasCompared(run: {
  readonly status: RunStatus;
  readonly error: object | null;
}): boolean {
  return run.status === 'succeeded' || (run.status === 'failed' && run.error === null);
}
