/**
 * One run, from reconcile to checkpoint.
 *
 *   reconcile ─▶ plan ─▶ aggregate each day ─▶ commit ─▶ advance the checkpoint
 *       ▲                                        │
 *       └──────────── conflict ──────────────────┘   at most `maxTries` times
 *
 * Invariants:
 * - Nothing is written before the commit; a failure or a cancel before it changes nothing.
 * - Days are replaced, never added to: repeating a run can double nothing.
 * - A bad day is left out and reported; the others commit.
 * - After a conflict, days whose raw files did not change are not aggregated again.
 * - The checkpoint moves last; if it cannot move, the run has still succeeded.
 */

import type { Day } from '../model/day.js';
import type { Fingerprint } from '../model/fingerprint.js';
import type { WriterSettings } from '../model/ledger.js';
import { ProblemError } from '../model/problems.js';
import type { Run, RunDay, RunError, RunRequest } from '../model/run.js';
import type { AggregateDayOptions, AggregatedDay } from './aggregate-day.js';
import { heldBack, refuseMixed } from './columns-change.js';
import type { CommitGate } from './commit-gate.js';
import type { ReadyDay } from './day-status.js';
import { warningsOfDays } from './day-warnings.js';
import { createKeptDays, type KeptDays } from './kept-days.js';
import { columnsAfter } from './known-columns.js';
import { type Plan, plan } from './plan.js';
import type { CompareAndSet } from './ports/checkpoint.js';
import type { CommitResult, OutputChange, ReplacedDay } from './ports/output.js';
import { rawMarkOf } from './raw-presence.js';
import { createReadAhead, type ReadAhead } from './read-ahead.js';
import type { Reconciler } from './reconciler.js';
import { isSettled } from './recorded.js';
import { failedDay, inOrder, leftOut, skipped } from './run-days.js';
import { uncommitted } from './run-decisions.js';
import { noDaysError, warningsOf } from './run-notices.js';
import type { RunMeter } from './run-progress.js';
import type { Survey } from './survey.js';
import { takeDay } from './take-day.js';

/** How often other writers can win the commit before the run gives up. */
const maxTries = 10;

export interface ExecuteRunOptions extends AggregateDayOptions {
  readonly reconciler: Reconciler;
  /** Under which the days are made. */
  readonly definitionHash: string;
  readonly settings: WriterSettings;
}

export interface RunHandle {
  readonly runId: string;
  readonly request: RunRequest;
  /** Passed where the run can no longer be stopped: at its commit point, or once there is nothing to commit. */
  readonly gate: CommitGate;
  readonly meter: RunMeter;
  /** Called with the plan, each time the run is planned. */
  planned(plan: Plan): void;
  /** Called for each change during the run. */
  update(patch: Partial<Pick<Run, 'reading' | 'checkpoint' | 'warnings'>>): void;
  /** Called for each day that is done. `sofar` is called only when a client asks for the run. */
  reached(sofar: () => readonly RunDay[]): void;
  /** Keeps what is known so far, so that a stop after the commit point can be told from one before. */
  keep(): Promise<void>;
}

export type RunResult = Pick<Run, 'days' | 'commit' | 'warnings' | 'error' | 'checkpoint'>;

/** Throws the reason for a stop that came before the gate was passed. */
export async function executeRun(
  options: ExecuteRunOptions,
  handle: RunHandle,
  first: Survey,
): Promise<RunResult> {
  const kept = createKeptDays(options.output.spool());
  return untilCommitted(options, handle, first, kept).finally(kept.end);
}

async function untilCommitted(
  options: ExecuteRunOptions,
  handle: RunHandle,
  first: Survey,
  kept: KeptDays,
): Promise<RunResult> {
  let survey = first;
  for (let tries = 1; ; tries += 1) {
    handle.update({
      reading: first.checkpoint.reading,
      checkpoint: { before: first.checkpoint.day, after: null },
    });
    const ahead = createReadAhead(options, handle.gate.signal, handle.meter);
    const made = await aggregatePlanned(options, handle, survey, kept, ahead).finally(ahead.end);
    const held = heldBack(survey, handle.request, made.done);
    const work = held === null ? made : holdBack(made, held);
    if (handle.request.dryRun) {
      handle.gate.pass();
      return finish(options, work, first, survey, { kind: 'unchanged' });
    }
    // Every day failed, and there is nothing to adopt.
    if (held !== null || (work.done.size === 0 && isSettled(survey, options.settings))) {
      handle.gate.pass();
      return advance(options, work, first, survey, { kind: 'unchanged' });
    }

    // If the process dies after the commit point, its run still reports them.
    handle.update({ warnings: work.warnings });
    await handle.keep();
    const result = await options.output.commit(
      survey.output,
      changeOf(options, handle, survey, work.done),
      handle.gate,
    );
    if (result.kind !== 'conflict') {
      // If nothing had to change, there was no commit point.
      handle.gate.pass();
      return advance(options, work, first, survey, result);
    }
    handle.gate.reopen();
    if (tries === maxTries) throw contended(result.reason);
    survey = await options.reconciler.survey();
  }
}

interface Work {
  readonly dryRun: boolean;
  readonly days: readonly RunDay[];
  /** Of the days that were read. */
  readonly warnings: readonly string[];
  readonly done: ReadonlyMap<Day, AggregatedDay>;
  /** Why none of them may be committed; null almost always. */
  readonly held: RunError | null;
}

function holdBack(work: Work, held: RunError): Work {
  const days = uncommitted(work, 'a day that could not be made holds the change of columns back');
  return { ...work, days, done: new Map(), held };
}

/** Aggregates the days of the plan in day order; `kept` holds what an earlier try aggregated. */
async function aggregatePlanned(
  options: ExecuteRunOptions,
  handle: RunHandle,
  survey: Survey,
  kept: KeptDays,
  ahead: ReadAhead,
): Promise<Work> {
  const found = plan(options.layout, survey, handle.request);
  refuseMixed(survey, handle.request, found);
  const { take, leave } = found;
  handle.planned(found);
  await ahead.begin(take.filter((status) => kept.of(status) === null));
  const done = new Map<Day, AggregatedDay>();
  const days: RunDay[] = leave.map((status) => leftOut(options, status));
  const report = (status: ReadyDay, day: RunDay) => {
    days.push(day);
    handle.meter.finish(status);
    handle.reached(() => inOrder(options, days));
  };

  let stopped = false;
  for (const status of take) {
    handle.gate.signal.throwIfAborted();
    if (stopped) {
      report(
        status,
        skipped(options, status, 'an earlier day failed, and the run stops at the first'),
      );
      continue;
    }
    const result = await takeDay(options, handle, { survey, kept, ahead }, status);
    if (result.kind === 'failed') {
      report(status, failedDay(options, status, result));
      stopped = handle.request.onDayFailure === 'stop';
      continue;
    }
    done.set(status.day, result.kept);
    report(status, result.told);
  }
  const { dryRun } = handle.request;
  const warnings = warningsOfDays(options.definition, survey.output.record, done).map(options.say);
  return { dryRun, days: inOrder(options, days), warnings, done, held: null };
}

function changeOf(
  { engine, definitionHash: definition }: ExecuteRunOptions,
  handle: RunHandle,
  survey: Survey,
  done: ReadonlyMap<Day, AggregatedDay>,
): OutputChange {
  const replace = new Map<Day, ReplacedDay>();
  const seen = new Set<string>();
  for (const [day, { encoded, records, raw, columns }] of done) {
    replace.set(day, { encoded, records, fingerprint: raw.fingerprint });
    for (const column of columns) seen.add(column);
  }
  const { runId } = handle;
  return {
    runId,
    engine: engine.name,
    definition,
    replace,
    mark: new Set(),
    adopt: adoptable(survey),
    raw: rawMarkOf(survey.raw, survey.judged),
    columns: columnsAfter(survey.output.record, seen),
  };
}

/**
 * Trusted days that the ledger does not know are recorded as made from the current raw files, so that a later change
 * in these is noticed.
 */
export function adoptable(survey: Survey): Map<Day, Fingerprint> {
  const found = new Map<Day, Fingerprint>();
  for (const { day, state, ledger, raw } of survey.days) {
    if (state === 'processed' && ledger === null) found.set(day, raw.fingerprint);
  }
  return found;
}

async function advance(
  options: ExecuteRunOptions,
  work: Work,
  first: Survey,
  survey: Survey,
  result: Exclude<CommitResult, { kind: 'conflict' }>,
): Promise<RunResult> {
  try {
    const after = await options.reconciler.advance(survey.raw);
    const warnings = after.stored.status === 'stored' ? [] : [checkpointWarning(after.stored)];
    return finish(options, work, first, after.survey, result, warnings);
  } catch (error) {
    // The commit stands; what could not be read is the state after it.
    const warning = `the checkpoint was not advanced: ${(error as Error).message}`;
    return finish(options, work, first, survey, result, [warning]);
  }
}

function checkpointWarning(stored: Exclude<CompareAndSet, { status: 'stored' }>): string {
  switch (stored.status) {
    case 'conflict':
      return 'the checkpoint held another value each time Daymark tried to move it; the next reconcile tries again';
    case 'wrong-type':
      return 'the checkpoint key holds another Redis type and was left alone';
    case 'unavailable':
      return `the checkpoint was not moved: ${stored.reason}; it follows as soon as the store takes it`;
    default:
      return stored satisfies never;
  }
}

function finish(
  { reconciler }: ExecuteRunOptions,
  { days, warnings: ofDays, dryRun, held }: Work,
  first: Survey,
  after: Survey,
  result: Exclude<CommitResult, { kind: 'conflict' }>,
  warnings: readonly string[] = [],
): RunResult {
  const committed = result.kind === 'committed' ? result : null;
  return {
    days,
    commit: committed?.version ?? null,
    warnings: [
      ...warningsOf(first, reconciler, { dryRun }),
      ...ofDays,
      ...(committed?.warnings ?? []),
      ...warnings,
    ],
    error: errorOf(days, committed?.unpublished ?? null) ?? held ?? noDaysError(first),
    checkpoint: { before: first.checkpoint.day, after: after.checkpoint.day },
  };
}

function errorOf(days: readonly RunDay[], unpublished: string | null): RunError | null {
  if (unpublished !== null) return { slug: 'output-unavailable', detail: unpublished };
  const broken = days.find(({ error }) => error?.code === 'engine-failed');
  if (broken === undefined) return null;
  return { slug: 'engine-failed', detail: `day ${broken.day}: ${broken.error?.detail}` };
}

function contended(reason: string): ProblemError {
  const detail = `The commit lost ${maxTries} times in a row (${reason}); nothing was changed.`;
  return new ProblemError('engine-failed', detail);
}
