/**
 * What is counted, for Prometheus. Every label has a small, closed set of values. Each dataset has its own registry,
 * in which every series is labelled with the dataset's name.
 */
import { AggregatorRegistry, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Survey } from '../core/survey.js';
import type { DayOutcome, EndedStatus } from '../model/run.js';
import { version } from '../process/version.js';
import { type Checks, gaugeChecks } from './check-gauges.js';
import { createCounters } from './counters.js';
import { createRunGauges } from './run-gauges.js';
import { lookForScrapes } from './scrape-look.js';
import { createSurveyGauges } from './survey-gauges.js';

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
  /** To be called once for each dataset. */
  of(dataset: string): DatasetMetrics;
}

export interface DatasetMetrics {
  /** Called at each scrape from now on. */
  watchChecks(checks: Checks): void;
  /** The same; what it finds comes by `reconciled`. */
  watchLooks(survey: () => Promise<unknown>): void;
  runStarted(runId: string): void;
  runFinished(runId: string, status: EndedStatus, durationSeconds: number): void;
  dayFinished(outcome: DayOutcome, rows: number): void;
  rawBytesRead(bytes: number): void;
  reconciled(survey: Survey): void;
  advanced(survey: Survey): void;
  checkpointUnavailable(): void;
}

/** Each call has a registry of its own, so that two services in one process do not mix. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const datasets: { readonly registry: Registry; look(): Promise<void> }[] = [];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'daymark_build_info',
    help: 'Always 1; the label says which version runs.',
    labelNames: ['version'] as const,
    registers: [registry],
  }).set({ version }, 1);

  const requestSeconds = new Histogram({
    name: 'daymark_http_request_duration_seconds',
    help: 'How long requests took, waits for runs included.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 60, 3600],
    registers: [registry],
  });

  return {
    contentType: registry.contentType,
    render: async () => {
      await Promise.all(datasets.map(({ look }) => look()));
      const found = await Promise.all(datasets.map((each) => each.registry.getMetricsAsJSON()));
      // No two have a series in common: each carries its dataset.
      const joined = await AggregatorRegistry.aggregate(found).metrics();
      return `${await registry.metrics()}\n${joined}`;
    },
    requestFinished: ({ durationSeconds, ...labels }) =>
      requestSeconds.observe(labels, durationSeconds),
    of: (dataset) => {
      const own = new Registry();
      own.setDefaultLabels({ dataset });
      let look = async () => {};
      datasets.push({ registry: own, look: () => look() });
      return createDatasetMetrics(own, (survey) => {
        look = lookForScrapes(own, survey);
      });
    },
  };
}

function createDatasetMetrics(
  registry: Registry,
  watchLooks: DatasetMetrics['watchLooks'],
): DatasetMetrics {
  const counters = createCounters(registry);
  const surveyGauges = createSurveyGauges(registry);
  const runGauges = createRunGauges(registry);
  const runSeconds = new Histogram({
    name: 'daymark_run_duration_seconds',
    help: 'How long runs took, from start to end.',
    buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600],
    registers: [registry],
  });

  return {
    watchChecks: (checks) => gaugeChecks(registry, checks),
    watchLooks,
    runStarted: runGauges.started,
    runFinished: (runId, status, durationSeconds) => {
      counters.runs.inc({ status });
      runGauges.finished(runId, status);
      runSeconds.observe(durationSeconds);
    },
    dayFinished: (outcome, rows) => {
      counters.days.inc({ outcome });
      counters.rows.inc(rows);
    },
    rawBytesRead: (bytes) => counters.rawBytes.inc(bytes),
    reconciled: (survey) => {
      surveyGauges.show(survey);
      counters.readings.inc({ reading: survey.checkpoint.reading });
      if (survey.repaired) counters.repairs.inc();
    },
    advanced: surveyGauges.show,
    checkpointUnavailable: () => counters.redisFailures.inc(),
  };
}
