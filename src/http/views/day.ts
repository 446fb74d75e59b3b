import type { DayHistory } from '../../core/control-plane.js';
import { type DayLayout, gapsIn } from '../../core/day.js';
import type { Fingerprint, LedgerDay, OutputDay, RawDay } from '../../core/ports.js';
import { type DayState, type DayStatus, dayStates } from '../../core/reconcile.js';
import type { Survey } from '../../core/reconciler.js';
import type { DayStatusAnswer, DaysAnswer } from '../schemas/days.js';

const maxGaps = 1000;

export type HistoryOf = (day: DayStatus['day']) => DayHistory | null;

/** `states` narrows the days, never the counts. */
export function viewDays(
  layout: DayLayout,
  survey: Survey,
  states: readonly DayState[] | undefined,
  historyOf: HistoryOf,
): DaysAnswer {
  const wanted = survey.days.filter(({ state }) => states?.includes(state) ?? true);
  const known = survey.days.map(({ day }) => day);
  return {
    days: wanted.map((status) => viewDay(status, historyOf)),
    counts: countStates(survey.days),
    ignored: survey.raw.ignored.map(({ name, reason, kind }) => ({ name, reason, kind })),
    gaps: gapsIn(layout, known, maxGaps),
    notices: survey.notices,
  };
}

export function viewDay(status: DayStatus, historyOf: HistoryOf): DayStatusAnswer {
  const { day, state, pending, reason, raw, output, ledger } = status;
  const history = historyOf(day);
  return {
    day,
    state,
    pending,
    reason,
    raw: raw === null ? null : viewRaw(raw),
    output: output === null ? null : viewOutput(output),
    commit: ledger === null ? null : viewCommit(ledger),
    lastRun: history === null ? null : viewHistory(history),
    lastError: history?.entry.error ?? null,
  };
}

export function viewFiles(fingerprint: Fingerprint): NonNullable<DayStatusAnswer['raw']>['files'] {
  return fingerprint.map(({ name, sizeBytes, mtimeNs }) => ({
    name,
    bytes: sizeBytes,
    modifiedAt: new Date(Number(BigInt(mtimeNs) / 1_000_000n)).toISOString(),
  }));
}

function viewRaw({ files, ready, refused, unread }: RawDay): DayStatusAnswer['raw'] {
  return { files: viewFiles(files), bytes: totalBytes(files), ready, refused, unread };
}

export function totalBytes(files: Fingerprint): number {
  return files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}

function viewOutput({ rows, items, sizeBytes, sha256 }: OutputDay): DayStatusAnswer['output'] {
  return { rows, items, bytes: sizeBytes, sha256 };
}

function viewCommit(ledger: LedgerDay): DayStatusAnswer['commit'] {
  const { version, runId, committedAt, engine, orders } = ledger;
  return { version, runId, committedAt, engine, orders };
}

function viewHistory({ runId, entry, finishedAt }: DayHistory): DayStatusAnswer['lastRun'] {
  return { id: runId, outcome: entry.outcome, finishedAt };
}

function countStates(days: readonly DayStatus[]): DaysAnswer['counts'] {
  const counts = Object.fromEntries(dayStates.map((state) => [state, 0])) as Record<
    DayState,
    number
  >;
  for (const { state } of days) counts[state] += 1;
  return counts;
}
