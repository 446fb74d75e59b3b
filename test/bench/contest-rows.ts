/** What contestants needed for a day. */
import { duration, times } from './figures.js';
import type { ContestantResult } from './results.js';

/** A table for the terminal. The last column, `head`, has each median in that of `base`. */
export function contestRows(
  contestants: readonly ContestantResult[],
  base: string,
  head: string,
): string[][] {
  const one = medianOf({ contestants }, base) ?? Number.NaN;
  const rows = contestants.map(({ name, time, job }) => [
    name,
    duration(time.median),
    job === null ? '' : duration(job.median),
    `${duration(time.min)} … ${duration(time.max)}`,
    String(time.rounds),
    times(time.median / one),
  ]);
  return [['', 'median', 'job alone', 'min … max', 'rounds', head], ...rows];
}

interface Contest {
  readonly contestants: readonly ContestantResult[];
}

/** Null where the contestant, or the day, was left out. */
export function medianOf(day: Contest | undefined, name: string): number | null {
  return day?.contestants.find((each) => each.name === name)?.time.median ?? null;
}
