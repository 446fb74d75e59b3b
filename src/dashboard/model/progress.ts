/** How far a run has come, by what the service says, or else by what the run's own view tells. */
import type { DayStatus, ListedRun, Progress } from '../api/types.js';
import { count, countOf, size } from './words.js';

/**
 * Without word from the service the days that a run has done count against those it was asked for: a run
 * of pending days takes what was pending when it began, and the page's days do not change until it commits.
 */
export function progressOf(
  run: ListedRun,
  told: Progress | null,
  days: readonly DayStatus[],
): Progress | null {
  if (told !== null) return told;
  if (run.progress !== undefined && run.progress !== null) return run.progress;
  if (run.status === 'queued') return null;
  const taken = days.filter((status) => isTaken(run, status));
  const { days: done, bytes: bytesDone } = run.summary;
  const bytesInAll = taken.reduce((total, { raw }) => total + (raw?.bytes ?? 0), 0);
  return {
    day: null,
    days: { done, total: Math.max(taken.length, done) },
    bytes: { done: bytesDone, total: Math.max(bytesInAll, bytesDone) },
  };
}

function isTaken({ select, requestedDays }: ListedRun, status: DayStatus): boolean {
  switch (select) {
    case 'days':
      return requestedDays?.includes(status.day) ?? false;
    case 'all':
      return status.raw?.ready ?? false;
    case 'new':
      return status.state === 'new';
    case 'pending':
      return status.pending;
    default:
      return select satisfies never;
  }
}

/** From 0 to 1, by bytes where there are any; null where nothing tells. */
export function fractionOf({ bytes, days }: Progress): number | null {
  const share = bytes.total > 0 ? bytes : days;
  return share.total > 0 ? Math.min(share.done / share.total, 1) : null;
}

export function progressWords({ day = null, days, bytes, engine = null }: Progress): string {
  const parts = [
    `${count(days.done)} of ${countOf(days.total, 'day')}`,
    ...(bytes.total > 0 ? [`${size(bytes.done)} of ${size(bytes.total)}`] : []),
    ...(day === null ? [] : [`now ${day}`]),
    ...(engine === null
      ? []
      : [`Spark: ${count(engine.tasks.done)} of ${countOf(engine.tasks.total, 'task')}`]),
  ];
  return parts.join(' · ');
}
