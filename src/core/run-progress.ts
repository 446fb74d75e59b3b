/** How far a run is: counted while it works, and read only when someone asks. */
import type { Day } from './day.js';
import type { EngineProgress } from './ports/engine.js';
import type { ReadyDay } from './reconcile.js';

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

/**
 * Never goes back, unless another writer was faster and the run has to plan anew. What a day's files turn
 * out to hold may differ from what the plan knew: a day counts as the plan has it.
 */
export interface RunMeter {
  /** Days that an earlier plan did count again, as soon as they are finished again. */
  plan(days: readonly ReadyDay[]): void;
  /** Gives what counts the day's bytes, piece by piece. Several days may be begun. */
  begin(day: ReadyDay): (count: number) => void;
  readonly engine: (progress: EngineProgress | null) => void;
  finish(day: ReadyDay): void;
  /** Null until there is a plan. */
  progress(): RunProgress | null;
}

export function createRunMeter(): RunMeter {
  let planned = false;
  let total = { days: 0, bytes: 0 };
  let done = { days: 0, bytes: 0 };
  let engine: EngineProgress | null = null;
  const reading = new Map<Day, { readonly bytes: number; read: number }>();

  return {
    plan: (days) => {
      planned = true;
      total = { days: days.length, bytes: days.reduce((sum, day) => sum + rawBytes(day.raw), 0) };
      done = { days: 0, bytes: 0 };
      reading.clear();
    },
    begin: ({ day, raw }) => {
      const begun = { bytes: rawBytes(raw), read: 0 };
      reading.set(day, begun);
      return (count) => {
        begun.read += count;
      };
    },
    engine: (progress) => {
      engine = progress;
    },
    finish: ({ day, raw }) => {
      done = { days: done.days + 1, bytes: done.bytes + rawBytes(raw) };
      reading.delete(day);
    },
    progress: () => {
      if (!planned) return null;
      const [day = null, another] = reading.keys();
      let bytes = done.bytes;
      for (const begun of reading.values()) bytes += Math.min(begun.read, begun.bytes);
      return {
        day: another === undefined ? day : null,
        days: { done: done.days, total: total.days },
        bytes: { done: bytes, total: total.bytes },
        engine,
      };
    },
  };
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

/** Of a day's raw files, as stored. */
export function rawBytes({ files }: Pick<ReadyDay['raw'], 'files'>): number {
  return files.reduce((sum, file) => sum + file.sizeBytes, 0);
}
