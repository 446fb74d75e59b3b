/** The queue's decisions: no state, no waiting. */

import type { EngineName } from '../model/engine.js';
import { sameFingerprint } from '../model/fingerprint.js';
import { ProblemError } from '../model/problems.js';
import {
  asksForTheSame,
  covers,
  hasEnded,
  type KeyBinding,
  type Run,
  type RunRequest,
} from '../model/run.js';
import type { Stopped } from './commit-gate.js';
import type { Submission } from './control-plane.js';
import { OutcomeUnknown } from './failures.js';
import type { Plan } from './plan.js';
import { newRunId } from './run-ids.js';

export const retryAfterSeconds = 5;

/** After each, another process claimed the key; the run that it did so for is the next answer, almost always. */
export const maxDecisions = 10;

/**
 * The answer for a key that is known; null where it calls for a new attempt. `asked` is how the run was asked for
 * under the key; null where the key is the run's own id.
 */
export function answerForKey(
  known: Run,
  asked: KeyBinding | null,
  request: RunRequest,
  found: Plan,
): Submission | null {
  refuseOtherUse(known, asked, request);
  if (!hasEnded(known)) return { run: known, replayed: false };
  // A day that has arrived or changed since then needs a new attempt, although the run succeeded.
  const somethingNew = found.take.some(({ pending }) => pending);
  return known.status === 'succeeded' && !somethingNew ? { run: known, replayed: true } : null;
}

function refuseOtherUse({ id }: Run, asked: KeyBinding | null, request: RunRequest): void {
  if (asked !== null && asksForTheSame(asked.request, request)) return;
  const detail =
    asked === null
      ? `${id} is the id of a run, which cannot be another request's key. Read the run with GET /v1/runs/${id}.`
      : `The key ${JSON.stringify(asked.key)} was sent with another body before, and led to run ${id}.`;
  throw new ProblemError('idempotency-mismatch', detail, { runId: id });
}

/**
 * Whether who asks for `request`, and finds what `found` says, has all of it in `run`. One that waits looks at
 * the world later than they did; one that works does what it planned, which was earlier.
 */
export function doesAllOf(
  run: Run,
  planned: Plan | null,
  request: RunRequest,
  found: Plan,
): boolean {
  if (!covers(run.request, request)) return false;
  // What is listed and not ready fails, which no other selection does.
  if (run.status === 'queued') return found.leave.length === 0 || run.request.days !== null;
  return planned !== null && holds(planned, found, request.dryRun);
}

/** A dry run answers with what the output holds, too; any other sees at its commit whether that has changed. */
function holds(planned: Plan, found: Plan, dryRun: boolean): boolean {
  const taken = new Map(planned.take.map((status) => [status.day, status]));
  const left = new Set(planned.leave.map(({ day }) => day));
  const takes = ({ day, raw, output }: Plan['take'][number]) => {
    const known = taken.get(day);
    if (known === undefined || !sameFingerprint(known.raw.fingerprint, raw.fingerprint))
      return false;
    return !dryRun || known.output?.sha256 === output?.sha256;
  };
  return found.take.every(takes) && found.leave.every(({ day }) => left.has(day));
}

export function newRun(
  request: RunRequest,
  binding: KeyBinding | null,
  { id = newRunId(null), createdAt = new Date().toISOString() } = {},
): Run {
  return {
    id,
    request,
    key: binding?.key ?? null,
    attempt: binding?.attempt ?? 1,
    status: 'queued',
    createdAt,
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

/** The error of a run that ended without its result. */
export function endOfFailure(run: Run, signal: AbortSignal, error: unknown): Partial<Run> {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof OutcomeUnknown) {
    // The days stay as reported: they may be in the output, and the next look shows whether they are.
    const unknown = `${detail}; GET /v1/days tells what is in the output`;
    return { status: 'failed', error: { slug: 'output-unavailable', detail: unknown } };
  }
  if (signal.aborted) {
    const status = signal.reason as Stopped;
    return { status, days: uncommitted(run, `the run was ${status} before its commit`) };
  }
  const slug = error instanceof ProblemError ? error.slug : 'engine-failed';
  return {
    status: 'failed',
    days: uncommitted(run, 'the run failed before its commit'),
    error: { slug, detail },
  };
}

/** Its days, as those of a run that changed nothing. */
export function uncommitted(run: Pick<Run, 'days'>, reason: string): Run['days'] {
  return run.days.map((day) =>
    day.outcome === 'failed' ? day : { ...day, outcome: 'skipped', reason },
  );
}

export function refuseUnknown({ unknown }: Plan): void {
  if (unknown.length === 0) return;
  const names = unknown.slice(0, 20).join(', ');
  throw new ProblemError('day-unknown', `No raw folder and no rows for day ${names}.`);
}

/** Checked first: a run that could only fail is not started. */
export function refuseUnavailable(
  { engine }: RunRequest,
  engines: ReadonlyMap<EngineName, unknown>,
): void {
  const needed = engine === 'auto' ? 'spark' : engine;
  if (engines.has(needed)) return;
  const detail = `The engine ${engine} ${absences[needed] ?? notForThese}. There are: ${[...engines.keys()].join(', ')}.`;
  throw new ProblemError('engine-unavailable', detail);
}

const notForThese = 'does not read the columns or files of this dataset';

const absences: Partial<Record<EngineName, string>> = {
  spark: `is not configured here (it needs DAYMARK_SPARK_MASTER), or ${notForThese}`,
  duckdb: `is not installed here (it needs the optional package @duckdb/node-api), or ${notForThese}`,
};

export function inProgress(run: Run): ProblemError {
  const detail = `Run ${run.id} is ${run.status}.`;
  return new ProblemError('run-in-progress', detail, { runId: run.id, retryAfterSeconds });
}

export function notAttached(run: Run): string {
  return `It waits behind run ${run.id} instead of being attached to it: that run is ${run.status} and may not do all that was asked for.`;
}

export function noPlace(most: number): string {
  const runs = most === 1 ? 'a run of another dataset is' : `${most} runs of other datasets are`;
  return `It waits for its turn: ${runs} at work, and DAYMARK_MAX_ACTIVE_RUNS allows no more at once.`;
}

export function tooLate(run: Run): ProblemError {
  const detail = hasEnded(run)
    ? `Run ${run.id} has ended: ${run.status}.`
    : `Run ${run.id} is past its commit point, and finishes.`;
  return new ProblemError('run-ended', detail, { runId: run.id });
}

export function shuttingDown(): ProblemError {
  const detail = 'The service is shutting down and takes no new runs.';
  return new ProblemError('shutting-down', detail, { retryAfterSeconds });
}

export function keyContested(key: string | null): ProblemError {
  const detail = `Other processes claimed the key ${JSON.stringify(key)} again and again.`;
  return new ProblemError('queue-full', detail, { retryAfterSeconds });
}
