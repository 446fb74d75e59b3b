/** What is counted, for Prometheus. Every label has a small, closed set of values. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Survey } from '../core/reconciler.js';
import type { DayOutcome, EndedStatus } from '../core/run.js';

export interface FinishedRequest {
  /** The pattern that matched, never the path. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationSeconds: number;
}

export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  requestFinished(request: FinishedRequest): void;
  runFinished(status: EndedStatus, durationSeconds: number): void;
  dayFinished(outcome: DayOutcome, rows: number): void;
  rawBytesRead(bytes: number): void;
  reconciled(survey: Survey): void;
  checkpointUnavailable(): void;
}

/** Each call has a registry of its own, so that two services in one process do not mix. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = createCounters(registry);
  const latest = createGauges(registry);

  const runSeconds = new Histogram({
    name: 'daymark_run_duration_seconds',
    help: 'How long runs took, from start to end.',
    buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600],
    registers: [registry],
  });
  const requestSeconds = new Histogram({
    name: 'daymark_http_request_duration_seconds',
    help: 'How long requests took, waits for runs included.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 60, 3600],
    registers: [registry],
  });

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    requestFinished: ({ durationSeconds, ...labels }) =>
      requestSeconds.observe(labels, durationSeconds),
    runFinished: (status, durationSeconds) => {
      counters.runs.inc({ status });
      runSeconds.observe(durationSeconds);
    },
    dayFinished: (outcome, rows) => {
      counters.days.inc({ outcome });
      counters.rows.inc(rows);
    },
    rawBytesRead: (bytes) => counters.rawBytes.inc(bytes),
    reconciled: (survey) => {
      latest.survey = survey;
      counters.readings.inc({ reading: survey.checkpoint.reading });
      if (survey.repaired) counters.repairs.inc();
    },
    checkpointUnavailable: () => counters.redisFailures.inc(),
  };
}

function createCounters(registry: Registry) {
  const registers = [registry];
  return {
    runs: new Counter<'status'>({
      name: 'daymark_runs_total',
      help: 'Runs that ended, by status.',
      labelNames: ['status'],
      registers,
    }),
    days: new Counter<'outcome'>({
      name: 'daymark_days_total',
      help: 'Days that runs (dry runs aside) dealt with, by outcome.',
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
      help: 'Reconciles, by what the checkpoint store looked like.',
      labelNames: ['reading'],
      registers,
    }),
    repairs: new Counter({
      name: 'daymark_checkpoint_repairs_total',
      help: 'Reconciles that put the checkpoint store right.',
      registers,
    }),
    redisFailures: new Counter({
      name: 'daymark_redis_failures_total',
      help: 'Times that the checkpoint store was asked for something and was not available.',
      registers,
    }),
  };
}

/** Gauges look at the newest survey when they are read: a reconcile pays nothing for them. */
function createGauges(registry: Registry): { survey: Survey | null } {
  const latest: { survey: Survey | null } = { survey: null };
  const registers = [registry];
  new Gauge({
    name: 'daymark_pending_days',
    help: 'Days that the default run would take, as of the newest reconcile.',
    registers,
    collect() {
      this.set(latest.survey?.days.filter(({ pending }) => pending).length ?? 0);
    },
  });
  new Gauge({
    name: 'daymark_checkpoint_day',
    help: 'The checkpoint as of the newest reconcile; index layout only, NaN where there is none.',
    registers,
    collect() {
      const day = latest.survey?.checkpoint.day ?? null;
      this.set(day !== null && /^[0-9]+$/.test(day) ? Number(day) : Number.NaN);
    },
  });
  return latest;
}
