/**
 * Logs and counts events. One log line for each run and each of its days, for each notice that appears or goes away,
 * and for each reconcile that corrected the checkpoint; none for a reconcile without news.
 */
import type { Logger as Pino } from 'pino';
import type { Observer } from '../core/observer.js';
import type { Survey } from '../core/survey.js';
import { hasEnded, type Run, type RunDay } from '../model/run.js';
import type { DatasetMetrics } from './metrics.js';
import { createNoticeLog } from './notice-log.js';

/** What is needed of pino. */
export type Logger = Pick<Pino, 'debug' | 'info' | 'warn' | 'error'>;

export interface ObserverOptions {
  readonly logger: Logger;
  readonly metrics: DatasetMetrics;
}

export function createObserver({ logger, metrics }: ObserverOptions): Observer {
  /** Every reconcile finds a store that is down; it is logged once. */
  let unavailable = false;

  return {
    reconciled: (survey, durationMs) => {
      metrics.reconciled(survey);
      if (unavailable && survey.checkpoint.reading !== 'unavailable') {
        unavailable = false;
        logger.info('the checkpoint store is back');
      }
      if (survey.repaired) {
        logger.warn(repairFacts(survey, durationMs), 'a reconcile put the checkpoint right');
      }
    },
    noticed: createNoticeLog(logger),
    advanced: metrics.advanced,
    checkpointUnavailable: (reason) => {
      metrics.checkpointUnavailable();
      if (!unavailable) logger.warn({ reason }, 'the checkpoint store is not available');
      unavailable = true;
    },
    runStarted: (run) => {
      metrics.runStarted(run.id);
      logger.debug(runFacts(run), 'a run started');
    },
    dayFinished: (run, day) => {
      if (!run.request.dryRun) metrics.dayFinished(day.outcome, rowsWritten(day));
      if (day.outcome !== 'skipped') metrics.rawBytesRead(day.bytes);
      logDay(logger, run, day);
    },
    runFinished: (run) => {
      if (hasEnded(run)) metrics.runFinished(run.id, run.status, (run.durationMs ?? 0) / 1000);
      logRun(logger, run);
    },
    rewound: (target, { marked, untouched, commit }) =>
      logger.warn(
        { target, marked, untouched, commit },
        `the checkpoint was rewound to ${target ?? 'the beginning'}`,
      ),
    warning: (message, cause) =>
      cause === undefined ? logger.warn(message) : logger.warn({ err: cause }, message),
  };
}

function repairFacts({ checkpoint: { day, reading, stored } }: Survey, durationMs: number) {
  return { checkpoint: { day, reading, stored }, durationMs: Math.round(durationMs) };
}

function rowsWritten({ outcome, rows }: RunDay): number {
  return outcome === 'added' || outcome === 'replaced' ? rows : 0;
}

function logDay(logger: Logger, { id }: Run, day: RunDay): void {
  const { error, difference: _, ...facts } = day;
  const line = { runId: id, ...facts };
  if (error === undefined) {
    logger.info(line, `day ${day.day} ${day.outcome}`);
  } else {
    // The problems themselves can be many lines; they are in the run.
    const { code, detail, problemCount } = error;
    logger.warn({ ...line, error: { code, detail, problemCount } }, `day ${day.day} failed`);
  }
}

function logRun(logger: Logger, run: Run): void {
  const line = runFacts(run);
  if (run.status === 'succeeded') logger.info(line, 'the run succeeded');
  else logger.warn({ ...line, error: run.error }, `the run ended: ${run.status}`);
}

function runFacts({ id, key, attempt, request, status, commit, durationMs, days }: Run) {
  const { select, dryRun, engine } = request;
  return {
    runId: id,
    key,
    attempt,
    select,
    dryRun,
    engine,
    status,
    commit,
    durationMs,
    days: days.length,
  };
}
