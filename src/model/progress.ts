/** The progress of a run. */
import type { Day } from './day.js';

interface Amount {
  readonly done: number;
  readonly total: number;
}

export interface RunProgress {
  /** The day whose raw files are being read; null if there is none, as during the commit, or several. */
  readonly day: Day | null;
  /** Of the run's days. Failed and skipped days count as done. */
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
    // A new object each time the engine reports something new.
    a.engine === b.engine
  );
}

/** The progress of an engine that works elsewhere; totals grow as it discovers work. */
export interface EngineProgress {
  /** The application's id on the cluster. */
  readonly application: string;
  readonly stages: Amount;
  readonly tasks: Amount;
}
