/** The progress of a run: counted while it works, and read only on request. */

import type { Day } from '../model/day.js';
import type { EngineProgress, RunProgress } from '../model/progress.js';
import type { ReadyDay } from './day-status.js';

/**
 * Never goes back, unless another writer was faster and the run has to plan again. What a day's files turn
 * out to hold may differ from what the plan knew: a day counts as the plan has it.
 */
export interface RunMeter {
  /** Days that an earlier plan did count again, as soon as they are finished again. */
  plan(days: readonly ReadyDay[]): void;
  /** Returns a function that counts the day's bytes. Several days may be in progress. */
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

/** Of a day's raw files, as stored. */
export function rawBytes({ files }: Pick<ReadyDay['raw'], 'files'>): number {
  return files.reduce((sum, file) => sum + file.sizeBytes, 0);
}
