/** Verify: what a dry run over every day says of the output. Pure. */

import type { DaysAnswer } from '../http/schemas/days.js';
import type { RunAnswer } from '../http/schemas/run.js';
import { type Total, timesIn } from '../model/total.js';

export const verdicts = [
  /** The output holds what the raw files say. */
  'same',
  /** It holds something else. */
  'differs',
  /** It should hold the day, and does not. */
  'missing',
  /** The day is above the checkpoint: the next run takes it. */
  'pending',
  /** Its raw files cannot be read, so that nothing can be said. */
  'unreadable',
  /** Its raw folder is gone or not ready: there is nothing to compare with. */
  'no-raw',
] as const;
export type Verdict = (typeof verdicts)[number];

export interface DayVerdict {
  readonly day: string;
  readonly verdict: Verdict;
  /** As reconcile sees it. */
  readonly state: RunDayAnswer['state'];
  /** A sentence's worth; empty where the day is the same. */
  readonly how: string;
  /** The output holds each item so many times: 3 after a job that ran three times. Null where it is not that. */
  readonly times: number | null;
  readonly rows: { readonly output: number; readonly raw: number | null };
  readonly items: { readonly output: Total; readonly raw: Total | null };
  readonly difference: RunDayAnswer['difference'] | null;
}

type RunDayAnswer = RunAnswer['days'][number];
type DayAnswer = DaysAnswer['days'][number];

const wrong: ReadonlySet<Verdict> = new Set(['differs', 'missing', 'unreadable']);

export function isWrong({ verdict }: Pick<DayVerdict, 'verdict'>): boolean {
  return wrong.has(verdict);
}

/** `days` as they were seen right after the run; both are in day order, and so is the result. */
export function judge(run: RunAnswer, { days }: DaysAnswer): DayVerdict[] {
  const byDay = new Map(run.days.map((each) => [each.day, each]));
  return days.flatMap((status) => {
    const found = byDay.get(status.day);
    if (found !== undefined) return [judgeDay(found, status)];
    return status.output === null && status.commit === null ? [] : [judgeWithoutRaw(status)];
  });
}

function judgeDay(found: RunDayAnswer, status: DayAnswer): DayVerdict {
  const verdict = verdictOf(found);
  const times = verdict === 'differs' ? timesHeld(found) : null;
  const isRead = found.outcome !== 'failed' && found.outcome !== 'skipped';
  return {
    day: found.day,
    verdict,
    state: found.state,
    how: describe(verdict, found, times),
    times,
    rows: { output: status.output?.rows ?? 0, raw: isRead ? found.rows : null },
    items: { output: status.output?.items ?? 0, raw: isRead ? found.items : null },
    difference: found.difference ?? null,
  };
}

function verdictOf({ outcome, state, rows, difference }: RunDayAnswer): Verdict {
  switch (outcome) {
    case 'unchanged':
      return 'same';
    case 'added':
      // A day without items has no rows to miss.
      if (rows === 0) return 'same';
      return state === 'new' ? 'pending' : 'missing';
    case 'replaced':
      if (difference === undefined) return 'unreadable';
      return difference.itemsBefore === 0 && difference.rowsRemoved === 0 ? 'missing' : 'differs';
    case 'failed':
    case 'skipped':
      return 'unreadable';
    default:
      return outcome satisfies never;
  }
}

/** The mark of a job that appended a day again: the same rows, each of them so many times. */
function timesHeld({ rows, difference }: RunDayAnswer): number | null {
  if (difference === undefined) return null;
  const { rowsAdded, rowsRemoved, rowsChanged, itemsBefore, itemsAfter } = difference;
  const times = timesIn(itemsBefore, itemsAfter);
  const sameRows = rowsAdded === 0 && rowsRemoved === 0 && rowsChanged === rows;
  return sameRows && times !== null && times > 1 ? times : null;
}

function describe(verdict: Verdict, day: RunDayAnswer, times: number | null): string {
  const { error, reason } = day;
  switch (verdict) {
    case 'same':
      return '';
    case 'pending':
      return 'not in the output yet; the next run adds it';
    case 'missing':
      return 'not in the output, which should hold it';
    case 'differs':
      return times === null ? describeRows(day) : `counted ${times} times`;
    default:
      return error?.detail ?? reason ?? '';
  }
}

function describeRows({ difference, state }: RunDayAnswer): string {
  if (difference === undefined) return '';
  const { rowsAdded, rowsRemoved, rowsChanged } = difference;
  const counts = [
    [rowsChanged, 'with another count'],
    [rowsAdded, 'missing'],
    [rowsRemoved, 'that raw does not have'],
  ] as const;
  const found = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  // The rows say the same, yet not in these bytes: another order, a row twice with a share of the count.
  const how = found.length === 0 ? 'the same sums in other rows' : `rows: ${found.join(', ')}`;
  return state === 'outdated' ? `${how}; made with other ignored columns` : how;
}

/** Damage is seen without raw data too; only what is right is not known. */
function judgeWithoutRaw({ day, state, reason, output }: DayAnswer): DayVerdict {
  return {
    day,
    verdict: state === 'damaged' ? 'differs' : 'no-raw',
    state,
    how: reason,
    times: null,
    rows: { output: output?.rows ?? 0, raw: null },
    items: { output: output?.items ?? 0, raw: null },
    difference: null,
  };
}
