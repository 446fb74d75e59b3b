/**
 * Which run works now, which ones wait, and which requests share a run.
 *
 *   submit ──▶ queued ──▶ running ──▶ succeeded | failed | cancelled
 *                 │          │
 *                 └──────────┴──▶ interrupted (the service stopped)
 *
 * One run of a dataset works at a time in a process, and so many of all datasets as there are places
 * (`run-slots.ts`); a run without a place waits in the queue. A run leaves the queue before it looks at the world, so that
 * whoever shares a queued run is sure that it sees what they saw. Other processes are kept in order by
 * the commit protocol alone.
 */

import { ProblemError } from '../model/problems.js';
import {
  asksForTheSame,
  hasEnded,
  type KeyBinding,
  type Run,
  type RunRequest,
  seenAs,
} from '../model/run.js';
import { refuseMixed } from './columns-change.js';
import { type CommitGate, createCommitGate, type Stopped } from './commit-gate.js';
import type { Submission, SubmitOptions } from './control-plane.js';
import type { Observer, RunScope } from './observer.js';
import { type Plan, plan } from './plan.js';
import { isIdle } from './recorded.js';
import {
  answerForKey,
  doesAllOf,
  inProgress,
  keyContested,
  maxDecisions,
  newRun,
  noPlace,
  notAttached,
  refuseUnavailable,
  refuseUnknown,
  retryAfterSeconds,
  shuttingDown,
  tooLate,
} from './run-decisions.js';
import { noDaysError, warningsOf } from './run-notices.js';
import { maxKeysPerRun } from './run-registry.js';
import { createRunSlots, createTurn, type RunSlots } from './run-slots.js';
import { type Begun, type RunWorkOptions, type Working, workOn } from './run-work.js';
import { createSerial } from './serial.js';
import { createSteadyClock, instant, type SteadyClock } from './steady-clock.js';
import type { Survey } from './survey.js';

/** Different requests that may wait behind the active run. */
const maxQueued = 8;

export interface RunQueueOptions extends RunWorkOptions {
  readonly observer: Observer;
  /** Around all that a run does; nothing by default. */
  readonly runScope?: RunScope;
  /** Shared with other datasets; one of its own by default. */
  readonly slots?: RunSlots;
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

/** Null where another process claimed the key meanwhile: what to do depends on what became of that. */
type Decided = Submission | null;

export function createRunQueue(options: RunQueueOptions): RunQueue {
  const { registry, reconciler, observer, layout, runScope = (_, work) => work() } = options;
  const { slots = createRunSlots(1) } = options;
  /** Submissions decide one after the other, so that none sees the half of another's decision. */
  const admission = createSerial();
  const waiting: string[] = [];
  /** Accepted, but not yet started or queued: its record and its key are being written. */
  let starting: Begun | null = null;
  let working: Working | null = null;
  /** Of each run here that has not ended, from the moment at which it was asked for. */
  const clocks = new Map<string, SteadyClock>();
  let stopping = false;

  // -------------------------------------------------------------- submit

  const submit = (request: RunRequest, submitted: SubmitOptions) =>
    admission(async () => {
      if (stopping) throw shuttingDown();
      refuseUnavailable(request, options.engines);
      for (let tries = 0; tries < maxDecisions; tries += 1) {
        const decided = await decide(request, submitted);
        if (decided !== null) return decided;
      }
      throw keyContested(submitted.key);
    });

  async function decide(request: RunRequest, { key, ifActive }: SubmitOptions): Promise<Decided> {
    // Before the days: what a run that has succeeded committed is not pending any more.
    await registry.refresh();
    const known = key === null ? null : await registry.findKey(key);
    const survey = await reconciler.survey();
    const found = plan(layout, survey, request);
    refuseUnknown(found);

    let binding: KeyBinding | null = null;
    if (key !== null) {
      const answer = known?.run ? answerForKey(known.run, known.asked, request, found) : null;
      if (answer !== null) return answer;
      binding = { key, attempt: (known?.attempt ?? 0) + 1, request };
    }
    const busy = active();
    return busy === null
      ? start(request, binding, found, survey)
      : join(busy, ifActive, request, binding, found);
  }

  async function join(
    busy: Run,
    ifActive: SubmitOptions['ifActive'],
    request: RunRequest,
    binding: KeyBinding | null,
    found: Plan,
  ): Promise<Decided> {
    const isHeld = doesAllOf(busy, planOf(busy), request, found);
    switch (ifActive) {
      case 'reject':
        throw inProgress(busy);
      case 'attach':
        if (isHeld) return share(busy, binding);
        return enqueue(request, binding).then(
          (decided) => decided && { ...decided, warning: notAttached(busy) },
        );
      case 'share':
        if (isHeld && asksForTheSame(busy.request, request)) return share(busy, binding);
        return enqueue(request, binding);
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
  ): Promise<Decided> {
    refuseMixed(survey, request, found);
    const idle = isIdle(found, survey, request, options.settings);
    return admit(request, binding, idle, async (runId, gate) => {
      if (idle) return endIdle(runId, gate, survey);
      // The run before has ended, and is about to give its place back.
      await working?.finished;
      const giveBack = slots.take();
      if (giveBack === null) return waitForTurn(runId);
      begin(runId, gate, survey, giveBack);
      return registry.get(runId);
    });
  }

  /** While its record is written and its key is claimed, it can be cancelled already. */
  async function admit(
    request: RunRequest,
    binding: KeyBinding | null,
    idle: boolean,
    proceed: (runId: string, gate: CommitGate) => Promise<Run>,
  ): Promise<Decided> {
    const clock = createSteadyClock();
    const id = registry.newId();
    const run = newRun(request, binding, { id, createdAt: instant(clock()) });
    const gate = createCommitGate();
    starting = { runId: id, gate };
    try {
      if (!(await registry.add(run, binding, idle))) return null;
      clocks.set(id, clock);
      const { aborted, reason } = gate.signal;
      const then = aborted ? end(id, { status: reason }) : proceed(id, gate);
      return { run: await then, replayed: false };
    } finally {
      starting = null;
    }
  }

  async function enqueue(request: RunRequest, binding: KeyBinding | null): Promise<Decided> {
    const same = waiting.find((id) => asksForTheSame(registry.get(id).request, request));
    if (same !== undefined) return share(registry.get(same), binding);
    if (waiting.length >= maxQueued) {
      const detail = `${maxQueued} different requests wait already.`;
      throw new ProblemError('queue-full', detail, { retryAfterSeconds });
    }
    return admit(request, binding, false, async (runId) => {
      return waitForTurn(runId);
    });
  }

  async function share(run: Run, binding: KeyBinding | null): Promise<Decided> {
    if (binding === null) return { run, replayed: false, shared: true };
    if (registry.keyCount(run.id) >= maxKeysPerRun) {
      const detail = `${maxKeysPerRun} keys share run ${run.id} already.`;
      throw new ProblemError('queue-full', detail, { retryAfterSeconds });
    }
    if (!(await registry.bind(run.id, binding))) return null;
    return { run: seenAs(registry.get(run.id), binding), replayed: false, shared: true };
  }

  // -------------------------------------------------------------- work

  function waitForTurn(runId: string): Run {
    waiting.push(runId);
    // The active run may have ended while the record was written.
    if (working === null) beginNext();
    return registry.get(runId);
  }

  /** Runs without a slot say so while they wait. */
  function beginNext(): void {
    if (stopping || waiting.length === 0 || !turn.ask()) return;
    for (const runId of waiting) registry.update(runId, { warnings: [noPlace(slots.most)] });
  }

  const turn = createTurn(slots, (giveBack) => {
    // Its run may have been cancelled meanwhile, and another one begun at once.
    const next = stopping || working !== null ? undefined : waiting.shift();
    if (next === undefined) giveBack();
    else begin(next, createCommitGate(), null, giveBack);
  });

  function begin(
    runId: string,
    gate: CommitGate,
    survey: Survey | null,
    giveBack: () => void,
  ): void {
    const startedAt = timeOf(runId);
    const run = registry.update(runId, { status: 'running', startedAt, warnings: [] });
    observer.runStarted(run);
    const begun: Working = { runId, gate, plan: null, finished: Promise.resolve() };
    working = begun;
    const doing = runScope(run, async () => end(runId, await workOn(options, begun, survey)));
    begun.finished = doing.finally(() => {
      working = null;
      giveBack();
      beginNext();
    });
  }

  /** As the run's own clock has it. */
  const timeOf = (runId: string): string => instant((clocks.get(runId) ?? createSteadyClock())());

  /** Answers at once: there is nothing to aggregate and nothing to write. */
  async function endIdle(runId: string, gate: CommitGate, survey: Survey): Promise<Run> {
    gate.pass();
    const { day, reading } = survey.checkpoint;
    const startedAt = timeOf(runId);
    const { request } = registry.update(runId, { status: 'running', startedAt });
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
    const finishedAt = timeOf(runId);
    const durationMs = Date.parse(finishedAt) - Date.parse(startedAt ?? createdAt);
    clocks.delete(runId);
    const run = await registry.end(runId, { ...patch, finishedAt, durationMs });
    for (const day of run.days) observer.dayFinished(run, day);
    observer.runFinished(run);
    return run;
  }

  // -------------------------------------------------------------- cancel and stop

  const active = (): Run | null => {
    const known = [working?.runId, waiting[0]].filter((runId) => runId !== undefined);
    return known.map(registry.get).find((run) => !hasEnded(run)) ?? null;
  };

  const planOf = (run: Run): Plan | null => (working?.runId === run.id ? working.plan : null);

  const stopOne = async (run: Run, status: Stopped): Promise<void> => {
    const place = waiting.indexOf(run.id);
    if (place >= 0) {
      waiting.splice(place, 1);
      await end(run.id, { status });
      return;
    }
    const begun = [starting, working].find((each) => each?.runId === run.id);
    if (!begun?.gate.stop(status)) throw tooLate(run);
  };

  return {
    submit,
    active,
    cancel: async (run) => {
      const now = registry.get(run.id);
      if (hasEnded(now)) throw tooLate(now);
      await stopOne(now, 'cancelled');
      return seenAs(registry.get(run.id), run);
    },
    whileIdle: (action) =>
      admission(async () => {
        const busy = active();
        if (busy !== null) throw inProgress(busy);
        return action();
      }),
    stop: async () => {
      stopping = true;
      // Earlier submissions are decided first, so that none starts a run after the stop.
      await admission(async () => {});
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        await stopOne(registry.get(next), 'interrupted');
      }
      working?.gate.stop('interrupted');
      await working?.finished;
    },
  };
}
