import type { DayHistory } from '../../core/control-plane.js';
import type { DayStatus } from '../../core/day-status.js';
import type { RawDay } from '../../core/ports/raw.js';
import type { Survey } from '../../core/survey.js';
import { type DayLayout, gapsIn, mostRemarks } from '../../model/day.js';
import { type DayState, dayStates } from '../../model/day-state.js';
import type { Fingerprint } from '../../model/fingerprint.js';
import type { LedgerDay, OutputDay } from '../../model/ledger.js';
import { type DayPageQuery, pageOfDays } from '../day-pages.js';
import type { DayStatusAnswer, DaysAnswer } from '../schemas/days.js';
import { countKinds } from './count-kinds.js';

export type HistoryOf = (day: DayStatus['day']) => DayHistory | null;

interface DaysWish extends DayPageQuery {
  /** Filters the days, but never the values about all of them. */
  readonly state?: readonly DayState[] | undefined;
}

export function viewDays(
  layout: DayLayout,
  { days, raw, notices }: Survey,
  { state: states, ...wish }: DaysWish,
  historyOf: HistoryOf,
): DaysAnswer {
  const wanted = states === undefined ? days : days.filter(({ state }) => states.includes(state));
  const { page, nextCursor } = pageOfDays(layout, wanted, wish);
  return {
    days: page.map((status) => viewDay(status, historyOf)),
    nextCursor,
    ...outlineOf(layout, days),
    ignored: raw.ignored
      .slice(0, mostRemarks)
      .map(({ name, reason, kind }) => ({ name, reason, kind })),
    ignoredCount: raw.ignored.length,
    notices,
  };
}

type Outline = Pick<DaysAnswer, 'counts' | 'gaps'>;

/** Each page has it, and a survey returns the same list of days while nothing has changed. */
const outlines = new WeakMap<readonly DayStatus[], Outline>();

function outlineOf(layout: DayLayout, days: readonly DayStatus[]): Outline {
  const known = outlines.get(days);
  if (known !== undefined) return known;
  const names = days.map(({ day }) => day);
  const counts = countKinds(
    dayStates,
    days.map(({ state }) => state),
  );
  const outline = { counts, gaps: gapsIn(layout, names, mostRemarks) };
  outlines.set(days, outline);
  return outline;
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

function viewOutput({ rows, totals, sizeBytes, sha256 }: OutputDay): DayStatusAnswer['output'] {
  return { rows, totals, bytes: sizeBytes, sha256 };
}

function viewCommit(ledger: LedgerDay): DayStatusAnswer['commit'] {
  const { version, runId, committedAt, engine, records } = ledger;
  return { version, runId, committedAt, engine, records };
}

function viewHistory({ runId, entry, finishedAt }: DayHistory): DayStatusAnswer['lastRun'] {
  return { id: runId, outcome: entry.outcome, finishedAt };
}
