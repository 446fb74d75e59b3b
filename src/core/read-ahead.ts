/** The days of a run that an engine reads all at once, before they are taken one by one. */

import type { Day } from '../model/day.js';
import {
  type AggregateDayOptions,
  type FailedDay,
  type SettledDay,
  settleDay,
} from './aggregate-day.js';
import type { ReadyDay } from './day-status.js';
import type { EngineJob, EngineSession } from './ports/engine.js';
import type { RunMeter } from './run-progress.js';

export interface ReadAhead {
  /** Begins with these days, if the engine supports it; their raw files are settled first. */
  begin(days: readonly ReadyDay[]): Promise<void>;
  /** Null for a day that was not begun: it is read when its turn comes. */
  of(day: Day): SettledDay | FailedDay | null;
  /** Must always be called; cleans up the session. */
  readonly end: () => Promise<void>;
}

/** Looks at this many days at once. */
const atOnce = 32;

export function createReadAhead(
  options: AggregateDayOptions,
  signal: AbortSignal,
  meter: RunMeter,
): ReadAhead {
  const begun = new Map<Day, SettledDay | FailedDay>();
  let session: EngineSession | null = null;

  const settle = async (days: readonly ReadyDay[]) => {
    for (let from = 0; from < days.length; from += atOnce) {
      signal.throwIfAborted();
      const some = days.slice(from, from + atOnce);
      const settled = await Promise.all(some.map((status) => settleDay(options, status)));
      for (const [index, day] of settled.entries()) begun.set((some[index] as ReadyDay).day, day);
    }
  };

  const jobFor = (status: ReadyDay, { raw }: SettledDay): EngineJob => ({
    day: status.day,
    definition: options.definition,
    files: raw.files,
    complete: raw.complete,
    signal,
    onBytes: meter.begin(status),
  });

  return {
    begin: async (days) => {
      if (options.engine.session === undefined || days.length === 0) return;
      await settle(days);
      const jobs = new Map<Day, EngineJob>();
      for (const status of days) {
        const settled = begun.get(status.day);
        if (settled?.kind === 'settled') jobs.set(status.day, jobFor(status, settled));
      }
      const opened = options.engine.session([...jobs.values()], meter.engine);
      session = opened;
      for (const [day, job] of jobs) {
        const { raw } = begun.get(day) as SettledDay;
        begun.set(day, { kind: 'settled', raw, read: () => opened.aggregate(job) });
      }
    },
    of: (day) => begun.get(day) ?? null,
    end: async () => {
      await session?.close();
      meter.engine(null);
    },
  };
}
