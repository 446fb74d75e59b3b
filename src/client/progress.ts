/** How far a run is, by its own account, or else by what it is done with. */
import type { ListedRun, Progress, Run } from './types.js';
import { count, countOf, size } from './words.js';

/** What a run takes, as far as its client knows. */
export interface Planned {
  readonly days: number;
  readonly bytes: number;
}

/** The run itself knows while it works in the process that is asked. Otherwise it counts what is `planned`. */
export function progressOf({ progress, summary }: Run | ListedRun, planned: Planned): Progress {
  if (progress) return progress;
  const { days, bytes } = summary;
  return {
    day: null,
    // By now another day may have come.
    days: { done: days, total: Math.max(planned.days, days) },
    bytes: { done: bytes, total: Math.max(planned.bytes, bytes) },
    engine: null,
  };
}

/** From 0 to 1: by bytes, which take the time, or by days where no byte is to be read; null where nothing tells. */
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
