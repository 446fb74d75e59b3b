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
 * The run's own account while it works in the process that is asked. Otherwise what it is done with, against
 * the plan that was made just before it; by then another day may have come.
 */
export function progressOf(run: RunAnswer, plan: PlanAnswer): Progress {
  if (run.progress) return run.progress;
  const { summary } = run;
  return {
    day: null,
    days: { done: summary.days, total: Math.max(plan.total.days, summary.days) },
    bytes: { done: summary.bytes, total: Math.max(plan.total.bytes, summary.bytes) },
    engine: null,
  };
}

/** From 0 to 1: by bytes, which take the time, or by days where no byte is to be read. */
export function portionOf({ days, bytes }: Progress): number {
  const { done, total } = bytes.total > 0 ? bytes : days;
  return total === 0 ? 0 : Math.min(1, done / total);
}
