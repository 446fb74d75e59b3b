import { problems } from '../../core/problems.js';
import type { Run, RunError } from '../../core/run.js';
import type { RunAnswer } from '../schemas/run.js';

export function viewRun(run: Run): RunAnswer {
  const { select, days, dryRun, engine, onDayFailure } = run.request;
  return {
    id: run.id,
    key: run.key,
    attempt: run.attempt,
    status: run.status,
    select,
    requestedDays: days,
    dryRun,
    engine,
    engineReason: run.engineReason,
    onDayFailure,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    durationMs: run.durationMs,
    checkpoint: run.checkpoint,
    reading: run.reading,
    commit: run.commit,
    days: run.days,
    progress: run.progress,
    warnings: run.warnings,
    error: run.error === null ? null : viewRunError(run.error),
  };
}

function viewRunError({ slug, detail }: RunError): RunAnswer['error'] {
  return { type: `/problems/${slug}`, title: problems[slug].title, detail };
}
