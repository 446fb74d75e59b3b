/** Counters. Series with a closed set of labels begin at 0, so that a first failure is an increase. */
import { Counter, type Registry } from 'prom-client';
import { checkpointReadings } from '../model/checkpoint.js';
import { dayOutcomes, type EndedStatus, runStatuses } from '../model/run.js';

export const endedStatuses = runStatuses.filter(
  (status): status is EndedStatus => status !== 'queued' && status !== 'running',
);

export function createCounters(registry: Registry) {
  const registers = [registry];
  const counters = {
    runs: new Counter<'status'>({
      name: 'daymark_runs_total',
      help: 'Runs that ended, by status.',
      labelNames: ['status'],
      registers,
    }),
    days: new Counter<'outcome'>({
      name: 'daymark_days_total',
      help: 'Days that runs (not dry runs) handled, by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    rows: new Counter({
      name: 'daymark_rows_total',
      help: 'Rows of days that were added to the output or replaced in it.',
      registers,
    }),
    rawBytes: new Counter({
      name: 'daymark_raw_bytes_total',
      help: 'Bytes of the raw files of days that were aggregated, as stored.',
      registers,
    }),
    readings: new Counter<'reading'>({
      name: 'daymark_reconcile_readings_total',
      help: 'Reconciles, by checkpoint reading.',
      labelNames: ['reading'],
      registers,
    }),
    repairs: new Counter({
      name: 'daymark_checkpoint_repairs_total',
      help: 'Reconciles that corrected the checkpoint store.',
      registers,
    }),
    redisFailures: new Counter({
      name: 'daymark_redis_failures_total',
      help: 'Requests to the checkpoint store that found it unavailable.',
      registers,
    }),
  };
  for (const status of endedStatuses) counters.runs.inc({ status }, 0);
  for (const outcome of dayOutcomes) counters.days.inc({ outcome }, 0);
  for (const reading of checkpointReadings) counters.readings.inc({ reading }, 0);
  return counters;
}
