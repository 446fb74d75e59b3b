/**
 * Which run works now, which wait, and which request shares a run with another.
 *
 *   submit ──▶ queued ──▶ running ──▶ succeeded | failed | cancelled
 *                 │          │
 *                 └──────────┴──▶ interrupted (the service stopped)
 *
 * One run works at a time in a process. A run leaves the queue before it looks at the world, so that
 * whoever shares a queued run is sure that it sees what they saw. Other processes are kept in order by
 * the commit protocol alone.
 */

import { chooseEngine } from './choose-engine.js';
import type { IfActive, Submission, SubmitOptions } from './control-plane.js';
import { type ExecuteRunOptions, executeRun, isIdle } from './execute-run.js';
import type { Observer, RunScope } from './observer.js';
import { type Plan, plan } from './plan.js';
import type { Engine, EngineName } from './ports.js';
import { ProblemError } from './problems.js';
import type { Survey } from './reconciler.js';
import {
  asksForTheSame,
  hasEnded,
  type KeyBinding,
  type Run,
  type RunRequest,
  statusOf,
} from './run.js';
import {
  answerForKey,
  endOfFailure,
  inProgress,
  newRun,
  refuseUnavailable,
  refuseUnknown,
  retryAfterSeconds,
  type Stopped,
  shuttingDown,
} from './run-decisions.js';
import { noDaysError, warningsOf } from './run-notices.js';
import { maxKeysPerRun, type RunRegistry } from './run-registry.js';
import { createSerial } from './serial.js';

/** Different requests that may wait behind the active run. */
const maxQueued = 8;

export interface RunQueueOptions extends Omit<ExecuteRunOptions, 'engine'> {
  readonly registry: RunRegistry;
  readonly observer: Observer;
  readonly engines: ReadonlyMap<EngineName, Engine>;
  /** Raw bytes of a run from which `auto` chooses Spark. */
  readonly sparkFromBytes: number;
  /** Around all that a run does; nothing by default. */
  readonly runScope?: RunScope;
}

export interface RunQueue {
  submit(request: RunRequest, options: SubmitOptions): Promise<Submission>;
  cancel(run: Run): Promise<Run>;
  active(): Run | null;
  /** Does `action` while no run is active and none can start; throws `run-in-progress` otherwise. */
  whileIdle<T>(action: () => Promise<T>): Promise<T>;
  /** Interrupts what has not reached its commit point, and waits for the rest. */
  stop(): Promise<void>;
}

interface Working {
  readonly runId: string;
  readonly controller: AbortController;
  readonly finished: Promise<void>;
}

export function createRunQueue(options: RunQueueOptions): RunQueue {
  const { registry, reconciler, observer, layout, runScope = (_, work) => work() } = options;
  /** Submissions decide one after the other, so that none sees the half of another's decision. */
  const admission = createSerial();
  const waiting: string[] = [];
  let working: Working | null = null;
  let stopping = false;

  // -------------------------------------------------------------- submit

  const submit = (request: RunRequest, submitted: SubmitOptions) =>
    admission(() => decide(request, submitted));

  async function decide(
    request: RunRequest,
    { key, ifActive }: SubmitOptions,
  ): Promise<Submission> {
    if (stopping) throw shuttingDown();
    refuseUnavailable(request, options.engines);
    const survey = await reconciler.survey();
    const found = plan(layout, survey, request);
    refuseUnknown(found);

    const known = key === null ? null : registry.find(key);
    const answer = known === null ? null : answerForKey(known, request, found);
    if (answer !== null) return answer;
    const binding = key === null ? null : { key, attempt: (known?.attempt ?? 0) + 1 };
    const busy = active();
    return busy === null
      ? start(request, binding, found, survey)
      : join(busy, ifActive, request, binding);
  }

  async function join(
    busy: Run,
    ifActive: IfActive,
    request: RunRequest,
    binding: KeyBinding | null,
  ): Promise<Submission> {
    switch (ifActive) {
      case 'reject':
        throw inProgress(busy);
      case 'attach':
        return share(busy, binding);
      case 'queue':
        return enqueue(request, binding);
      default:
        return ifActive satisfies never;
    }
  }

  async function start(
    request: RunRequest,
    binding: KeyBinding | null,
    found: Plan,
    survey: Survey,
  ): Promise<Submission> {
    const run = newRun(request, binding);
    const idle = isIdle(found, survey, request, options.settings);
    await registry.add(run, binding, idle || request.dryRun);
    if (idle) return { run: await endIdle(run.id, survey), replayed: false };
    begin(run.id, survey);
    return { run: registry.get(run.id), replayed: false };
  }

  async function enqueue(request: RunRequest, binding: KeyBinding | null): Promise<Submission> {
    const same = waiting.find((id) => asksForTheSame(registry.get(id).request, request));
    if (same !== undefined) return share(registry.get(same), binding);
    if (waiting.length >= maxQueued) {
      const detail = `${maxQueued} different requests wait already.`;
      throw new ProblemError('queue-full', detail, { retryAfterSeconds });
    }
    const run = newRun(request, binding);
    waiting.push(run.id);
    await registry.add(run, binding, request.dryRun);
    // The active run may have ended while the record was written.
    if (working === null) beginNext();
    return { run: registry.get(run.id), replayed: false };
  }

  async function share(run: Run, binding: KeyBinding | null): Promise<Submission> {
    if (binding === null) return { run, replayed: false };
    if (registry.keyCount(run.id) >= maxKeysPerRun) {
      const detail = `${maxKeysPerRun} keys share run ${run.id} already.`;
      throw new ProblemError('queue-full', detail, { retryAfterSeconds });
    }
    await registry.bind(run.id, binding);
    return { run: { ...registry.get(run.id), ...binding }, replayed: false };
  }

  // -------------------------------------------------------------- work

  function beginNext(): void {
    const next = waiting.shift();
    if (next !== undefined) begin(next, null);
  }

  function begin(runId: string, survey: Survey | null): void {
    const controller = new AbortController();
    const startedAt = new Date().toISOString();
    const run = registry.update(runId, { status: 'running', startedAt });
    observer.runStarted(run);
    const doing = runScope(run, () => work(runId, controller.signal, survey));
    const finished = doing.finally(() => {
      // A run that was submitted the moment this one ended may be working already.
      if (working?.runId === runId) working = null;
      if (working === null) beginNext();
    });
    working = { runId, controller, finished };
  }

  /** Never rejects: what goes wrong becomes the run's end. */
  async function work(runId: string, signal: AbortSignal, known: Survey | null): Promise<void> {
    const { request } = registry.get(runId);
    try {
      const survey = known ?? (await reconciler.survey());
      const { take } = plan(layout, survey, request);
      const chosen = chooseEngine(request.engine, take, options.sparkFromBytes);
      const engine = options.engines.get(chosen.name) as Engine;
      registry.update(runId, { engineReason: chosen.reason });
      if (!request.dryRun) await registry.save(runId);
      const result = await executeRun(
        { ...options, engine },
        {
          runId,
          request,
          signal,
          meter: registry.meter(runId),
          update: (patch) => registry.update(runId, patch),
          reached: (sofar) => registry.reached(runId, sofar),
          keep: () => registry.save(runId),
        },
        survey,
      );
      await end(runId, { ...result, status: statusOf(result) });
    } catch (error) {
      await end(runId, endOfFailure(registry.get(runId), signal, error));
    }
  }

  /** Answers at once: there is nothing to aggregate and nothing to write. */
  async function endIdle(runId: string, survey: Survey): Promise<Run> {
    const { day, reading } = survey.checkpoint;
    const { request } = registry.update(runId, {
      status: 'running',
      startedAt: new Date().toISOString(),
    });
    const error = noDaysError(survey);
    return end(runId, {
      status: error === null ? 'succeeded' : 'failed',
      error,
      reading,
      warnings: warningsOf(survey, reconciler, request),
      checkpoint: { before: day, after: day },
    });
  }

  async function end(runId: string, patch: Partial<Run>): Promise<Run> {
    const { startedAt, createdAt } = registry.get(runId);
    const now = new Date();
    // A clock that was put back meanwhile makes no run shorter than nothing.
    const durationMs = Math.max(0, now.getTime() - Date.parse(startedAt ?? createdAt));
    const run = await registry.end(runId, {
      ...patch,
      finishedAt: now.toISOString(),
      durationMs,
    });
    for (const day of run.days) observer.dayFinished(run, day);
    observer.runFinished(run);
    return run;
  }

  // -------------------------------------------------------------- cancel and stop

  const active = (): Run | null => {
    const known = [working?.runId, waiting[0]].filter((runId) => runId !== undefined);
    return known.map(registry.get).find((run) => !hasEnded(run)) ?? null;
  };

  const stopOne = async (runId: string, status: Stopped): Promise<void> => {
    const place = waiting.indexOf(runId);
    if (place >= 0) {
      waiting.splice(place, 1);
      await end(runId, { status });
    } else if (working?.runId === runId) {
      working.controller.abort(status);
    }
  };

  return {
    submit,
    active,
    cancel: async (run) => {
      if (hasEnded(registry.get(run.id))) {
        const detail = `Run ${run.id} has ended: ${registry.get(run.id).status}.`;
        throw new ProblemError('run-ended', detail, { runId: run.id });
      }
      await stopOne(run.id, 'cancelled');
      return registry.get(run.id);
    },
    whileIdle: (action) =>
      admission(async () => {
        const busy = active();
        if (busy !== null) throw inProgress(busy);
        return action();
      }),
    stop: async () => {
      stopping = true;
      // Submissions that were let in before are decided first, so that none starts a run behind our back.
      await admission(async () => {});
      for (const runId of [...waiting]) await stopOne(runId, 'interrupted');
      working?.controller.abort('interrupted' satisfies Stopped);
      await working?.finished;
    },
  };
}
