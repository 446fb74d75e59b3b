/** Derives verdicts about the output, day by day, from a dry run. Pure. */
import { type Day, type DayLayout, mergeDays } from '../model/day.js';
import type { DayDifference, Run, RunDay } from '../model/run.js';
import { timesIn } from '../model/total.js';
import type { Totals } from '../model/totals.js';
import type { DayVerdict, Verdict } from '../model/verdict.js';
import type { DayStatus } from './day-status.js';

/**
 * In day order. Days that the run compared are judged by the run alone, even if the state has changed since; `days`
 * cover those that it could not compare.
 */
export function judge(
  layout: DayLayout,
  { days: compared, request }: Pick<Run, 'days' | 'request'>,
  days: readonly DayStatus[],
): DayVerdict[] {
  const statuses = new Map(days.map((status) => [status.day, status]));
  const found = new Map(compared.filter(isCompared).map((each) => [each.day, each]));
  const judgeOne = (day: Day): DayVerdict[] => {
    const status = statuses.get(day);
    const outcome = found.get(day);
    if (outcome !== undefined) return [judgeDay(outcome, status)];
    const isHeld = status?.output != null || status?.ledger != null;
    return status !== undefined && (isHeld || request.days !== null) ? [withoutRaw(status)] : [];
  };
  const known = mergeDays(layout, [...statuses.keys()], [...found.keys()]);
  return (request.days ?? known).flatMap(judgeOne);
}

/** A listed day may have nothing to be compared with. */
function isCompared({ outcome, error }: RunDay): boolean {
  return outcome !== 'skipped' && error?.code !== 'day-waiting';
}

function judgeDay(found: RunDay, status: DayStatus | undefined): DayVerdict {
  const verdict = verdictOf(found);
  const times = verdict === 'differs' ? timesHeld(found) : null;
  return {
    day: found.day,
    verdict,
    state: found.state,
    how: describe(verdict, found, times),
    times,
    ...sizesOf(found, status),
    difference: found.difference ?? null,
  };
}

function verdictOf({ outcome, state, rows, difference }: RunDay): Verdict {
  switch (outcome) {
    case 'unchanged':
      return 'same';
    case 'added':
      // A day without rows cannot lack any.
      if (rows === 0) return 'same';
      return state === 'new' ? 'pending' : 'missing';
    case 'replaced':
      if (difference === undefined) return 'unreadable';
      return rowsBefore(rows, difference) === 0 ? 'missing' : 'differs';
    case 'failed':
    case 'skipped':
      return 'unreadable';
    default:
      return outcome satisfies never;
  }
}

/** The mark of a job that appended a day again: the same rows, each of them this many times. */
function timesHeld({ rows, difference }: RunDay): number | null {
  if (difference === undefined) return null;
  const { rowsAdded, rowsRemoved, rowsChanged, totalsBefore, totalsAfter } = difference;
  const times = timesOf(totalsBefore, totalsAfter);
  const sameRows = rowsAdded === 0 && rowsRemoved === 0 && rowsChanged === rows;
  return sameRows && times !== null && times > 1 ? times : null;
}

/** The factor between the old and new totals; null if it differs between them. */
function timesOf(before: Totals, after: Totals): number | null {
  const counted = Object.entries(after).filter(
    ([name, total]) => total !== 0 || before[name] !== 0,
  );
  const times = counted.map(([name, total]) => timesIn(before[name] ?? 0, total));
  const [first = null] = times;
  return times.every((each) => each === first) ? first : null;
}

function describe(verdict: Verdict, day: RunDay, times: number | null): string {
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

function describeRows({ difference, state }: RunDay): string {
  if (difference === undefined) return '';
  const { rowsAdded, rowsRemoved, rowsChanged } = difference;
  const counts = [
    [rowsChanged, 'with another count'],
    [rowsAdded, 'missing'],
    [rowsRemoved, 'that the raw files do not have'],
  ] as const;
  const found = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  // The rows say the same, yet not in these bytes: another order, a row twice with a share of the count.
  const how = found.length === 0 ? 'the same sums in other rows' : `rows: ${found.join(', ')}`;
  return state === 'outdated' ? `${how}; made under another definition` : how;
}

type Sizes = Pick<DayVerdict, 'rows' | 'totals'>;
type Size = Pick<RunDay, 'rows' | 'totals'>;

function sizesOf(
  { outcome, rows, totals, difference }: RunDay,
  status: DayStatus | undefined,
): Sizes {
  const raw = { rows, totals };
  const nothing = { rows: 0, totals: zerosOf(totals) };
  switch (outcome) {
    case 'unchanged':
      return sizes(raw, raw);
    case 'added':
      return sizes(nothing, raw);
    case 'replaced':
      return sizes(
        difference === undefined ? (status?.output ?? nothing) : heldBefore(rows, difference),
        raw,
      );
    default:
      return sizes(status?.output ?? nothing, null);
  }
}

const heldBefore = (rows: number, difference: DayDifference): Size => ({
  rows: rowsBefore(rows, difference),
  totals: difference.totalsBefore,
});

/** Of different keys. */
const rowsBefore = (rows: number, { rowsAdded, rowsRemoved }: DayDifference) =>
  rows - rowsAdded + rowsRemoved;

const zerosOf = (totals: Totals): Totals =>
  Object.fromEntries(Object.keys(totals).map((name) => [name, 0]));

const sizes = (output: Size, raw: Size | null): Sizes => ({
  rows: { output: output.rows, raw: raw?.rows ?? null },
  totals: { output: output.totals, raw: raw?.totals ?? null },
});

/** Damage is visible without raw data, too; only the right rows are unknown. */
function withoutRaw(status: DayStatus): DayVerdict {
  const { day, state, reason, raw, output, ledger } = status;
  return {
    day,
    verdict: state === 'damaged' ? 'differs' : 'no-raw',
    state,
    how: raw?.ready ? 'its raw files came after the comparison began' : reason,
    times: null,
    ...sizes(output ?? { rows: 0, totals: zerosOf(ledger?.totals ?? {}) }, null),
    difference: null,
  };
}
