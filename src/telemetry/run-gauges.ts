/** When runs of this process last ended, and whether one works now. */
import { Gauge, type Registry } from 'prom-client';
import type { EndedStatus } from '../model/run.js';

export interface RunGauges {
  started(runId: string): void;
  /** Also of a run that never started, because there was nothing to do or it left the queue. */
  finished(runId: string, status: EndedStatus): void;
}

export function createRunGauges(registry: Registry): RunGauges {
  const registers = [registry];
  const active = new Gauge({
    name: 'daymark_active_runs',
    help: 'Runs that work now: 0 or 1.',
    registers,
  });
  const lastRun = new Gauge({
    name: 'daymark_last_run_timestamp_seconds',
    help: 'When a run of this process last ended, by status; absent before the first.',
    labelNames: ['status'] as const,
    registers,
  });
  let working: string | null = null;

  const set = (runId: string | null) => {
    working = runId;
    active.set(runId === null ? 0 : 1);
  };
  set(null);

  return {
    started: set,
    finished: (runId, status) => {
      lastRun.set({ status }, Date.now() / 1000);
      if (working === runId) set(null);
    },
  };
}
