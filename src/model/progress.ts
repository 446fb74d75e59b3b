/** How far a run is. */
import type { Day } from './day.js';

interface Amount {
  readonly done: number;
  readonly total: number;
}

export interface RunProgress {
  /** The day whose raw files are being read; null where none is, as while the run commits, or several are. */
  readonly day: Day | null;
  /** Of the days that the run takes. A day that failed, or was skipped, is done with too. */
  readonly days: Amount;
  /** Of the raw files of these days, as stored. */
  readonly bytes: Amount;
  /** Of an engine that works elsewhere, while it does. */
  readonly engine: EngineProgress | null;
}

export function isSameProgress(a: RunProgress | null, b: RunProgress | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.day === b.day &&
    a.days.done === b.days.done &&
    a.days.total === b.days.total &&
    a.bytes.done === b.bytes.done &&
    a.bytes.total === b.bytes.total &&
    // A new object each time that the engine says something new.
    a.engine === b.engine
  );
}

/** How far an engine is that works elsewhere; totals grow as it finds out what there is to do. */
export interface EngineProgress {
  /** The id under which the cluster knows it. */
  readonly application: string;
  readonly stages: Amount;
  readonly tasks: Amount;
}
