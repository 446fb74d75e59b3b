/** The progress of a run: as it reports itself, otherwise from the days that are done. */
import type { ListedRun, Progress, Run } from './types.js';
import { count, countOf, size } from './words.js';

/** The planned work of a run, as far as the client knows it. */
export interface Planned {
  readonly days: number;
  readonly bytes: number;
}

/** The run reports it while it works in the process that answers. Otherwise it is counted from `planned`. */
export function progressOf({ progress, summary }: Run | ListedRun, planned: Planned): Progress {
  if (progress) return progress;
  const { days, bytes } = summary;
  return {
    day: null,
    // Another day may have arrived by now.
    days: { done: days, total: Math.max(planned.days, days) },
    bytes: { done: bytes, total: Math.max(planned.bytes, bytes) },
    engine: null,
  };
}

/** From 0 to 1: by bytes, which determine the time, or by days if there are no bytes to read; null if unknown. */
export function fractionOf({ days, bytes }: Progress): number | null {
  const { done, total } = bytes.total > 0 ? bytes : days;
  return total > 0 ? Math.min(1, done / total) : null;
}

export const daysDone = ({ days: { done, total } }: Progress): string =>
  `${count(done)} of ${countOf(total, 'day')}`;

export const bytesDone = ({ bytes: { done, total } }: Progress): string =>
  `${size(done)} of ${size(total)}`;

export const tasksDone = ({ tasks: { done, total } }: NonNullable<Progress['engine']>): string =>
  `Spark: ${count(done)} of ${countOf(total, 'task')}`;
