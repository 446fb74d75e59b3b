/** What the queue decides from what it is given: no state, no waiting. */
import { v7 as uuidv7 } from 'uuid';
import type { Submission } from './control-plane.js';
import { OutcomeUnknown } from './failures.js';
import type { Plan } from './plan.js';
import type { EngineName } from './ports.js';
import { ProblemError } from './problems.js';
import { asksForTheSame, hasEnded, type KeyBinding, type Run, type RunRequest } from './run.js';

/** Why a run's signal was aborted; becomes the run's status. */
export type Stopped = 'cancelled' | 'interrupted';

export const retryAfterSeconds = 5;

/** The answer for a key that is known; null where it calls for a new attempt. */
export function answerForKey(known: Run, request: RunRequest, found: Plan): Submission | null {
  if (!asksForTheSame(known.request, request)) {
    const detail = `The key ${JSON.stringify(known.key)} belongs to run ${known.id}, which was asked for with another body.`;
    throw new ProblemError('idempotency-mismatch', detail, { runId: known.id });
  }
  if (!hasEnded(known)) return { run: known, replayed: false };
  // A day that came (or changed) since then calls for a new attempt, though the run had succeeded.
  const somethingNew = found.take.some(({ pending }) => pending);
  return known.status === 'succeeded' && !somethingNew ? { run: known, replayed: true } : null;
}

export function newRun(request: RunRequest, binding: KeyBinding | null): Run {
  return {
    id: uuidv7(),
    request,
    key: binding?.key ?? null,
    attempt: binding?.attempt ?? 1,
    status: 'queued',
    createdAt: new Date().toISOString(),
    startedAt: null,
    finishedAt: null,
    durationMs: null,
    checkpoint: { before: null, after: null },
    reading: null,
    commit: null,
    days: [],
    progress: null,
    engineReason: null,
    warnings: [],
    error: null,
  };
}

/** What the run's end says when it did not reach its commit point. */
export function endOfFailure(run: Run, signal: AbortSignal, error: unknown): Partial<Run> {
  if (signal.aborted) {
    const status = signal.reason as Stopped;
    return { status, days: uncommitted(run, `the run was ${status} before its commit`) };
  }
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof OutcomeUnknown) {
    // The days stay as they were told: they may be in the output, and the next look says whether.
    const unknown = `${detail}; GET /v1/days tells what is in the output`;
    return { status: 'failed', error: { slug: 'output-unavailable', detail: unknown } };
  }
  const slug = error instanceof ProblemError ? error.slug : 'engine-failed';
  return {
    status: 'failed',
    days: uncommitted(run, 'the run failed before its commit'),
    error: { slug, detail },
  };
}

function uncommitted(run: Run, reason: string): Run['days'] {
  return run.days.map((day) =>
    day.outcome === 'failed' ? day : { ...day, outcome: 'skipped', reason },
  );
}

export function refuseUnknown({ unknown }: Plan): void {
  if (unknown.length === 0) return;
  const names = unknown.slice(0, 20).join(', ');
  throw new ProblemError('day-unknown', `No raw folder and no rows for day ${names}.`);
}

/** Asked before anything is done: a run that could only fail is not begun. */
export function refuseUnavailable(
  { engine }: RunRequest,
  engines: ReadonlyMap<EngineName, unknown>,
): void {
  const needed: readonly EngineName[] = engine === 'auto' ? ['scan', 'spark'] : [engine];
  if (needed.every((name) => engines.has(name))) return;
  const detail = `The engine ${engine} is not configured here: it needs DAYMARK_SPARK_MASTER. There are: ${[...engines.keys()].join(', ')}.`;
  throw new ProblemError('engine-unavailable', detail);
}

export function inProgress(run: Run): ProblemError {
  const detail = `Run ${run.id} is ${run.status}.`;
  return new ProblemError('run-in-progress', detail, { runId: run.id, retryAfterSeconds });
}

export function shuttingDown(): ProblemError {
  const detail = 'The service is shutting down and takes no new runs.';
  return new ProblemError('shutting-down', detail, { retryAfterSeconds });
}
