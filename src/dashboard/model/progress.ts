/** The progress of a run, as far as the page knows it. */
import { bytesDone, daysDone, progressOf, tasksDone } from '../../client/progress.js';
import type { DayStatus, ListedRun, Progress, Run } from '../../client/types.js';

/**
 * The latest report. Without a report, the run's finished days are compared with the requested ones: a run of pending
 * days processes what was pending when it began, and the page's days do not change until it commits.
 */
export function knownProgress(
  run: Run | ListedRun,
  told: Progress | null,
  days: readonly DayStatus[],
): Progress | null {
  if (told !== null) return told;
  if (!run.progress && run.status === 'queued') return null;
  const taken = days.filter((status) => isTaken(run, status));
  const bytes = taken.reduce((total, { raw }) => total + (raw?.bytes ?? 0), 0);
  return progressOf(run, { days: taken.length, bytes });
}

function isTaken({ select, requestedDays }: Run | ListedRun, status: DayStatus): boolean {
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

export function progressWords(progress: Progress): string {
  const { day, bytes, engine } = progress;
  return [
    daysDone(progress),
    ...(bytes.total > 0 ? [bytesDone(progress)] : []),
    ...(day === null ? [] : [`now ${day}`]),
    ...(engine === null ? [] : [tasksDone(engine)]),
  ].join(' · ');
}
