/** How far a run is, from what its view says. */
import type { PlanAnswer } from '../http/schemas/plan.js';
import type { RunAnswer } from '../http/schemas/run.js';

export interface Progress {
  /** The day that is being read. */
  readonly day: string | null;
  readonly days: Share;
  readonly bytes: Share;
  /** Of an engine that works elsewhere. */
  readonly engine: { readonly stages: Share; readonly tasks: Share } | null;
}

export interface Share {
  readonly done: number;
  readonly total: number;
}

/**
 * The run's own account while it works in the process that is asked. Otherwise the days that it reports, against the plan that was made
 * just before it; by then another day may have come.
 */
export function progressOf(run: RunAnswer, plan: PlanAnswer): Progress {
  if (run.progress) return run.progress;
  const planned = new Set(plan.days.map(({ day }) => day));
  const done = run.days.filter(({ day }) => planned.has(day));
  const doneDays = new Set(done.map(({ day }) => day));
  return {
    day: plan.days.find(({ day }) => !doneDays.has(day))?.day ?? null,
    days: { done: done.length, total: plan.days.length },
    bytes: {
      done: sumBytes(plan.days.filter(({ day }) => doneDays.has(day))),
      total: sumBytes(plan.days),
    },
    engine: null,
  };
}

/** From 0 to 1: by bytes, which take the time, or by days where no byte is to be read. */
export function portionOf({ days, bytes }: Progress): number {
  const { done, total } = bytes.total > 0 ? bytes : days;
  return total === 0 ? 0 : Math.min(1, done / total);
}

function sumBytes(days: PlanAnswer['days']): number {
  return days.reduce((total, { bytes }) => total + bytes, 0);
}
