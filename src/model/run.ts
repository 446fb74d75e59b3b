/** Runs: requests, answers and records. Times are ISO 8601 in UTC, durations milliseconds. */
import type { CheckpointReading } from './checkpoint.js';
import type { Day } from './day.js';
import type { DayState } from './day-state.js';
import type { EngineChoice, EngineName } from './engine.js';
import type { ProblemSlug } from './problems.js';
import type { RunProgress } from './progress.js';
import type { RawProblem, StoppedAt } from './raw-problem.js';
import type { Totals } from './totals.js';

export const selections = ['pending', 'new', 'all'] as const;

export type Selection = (typeof selections)[number];

/** The work that a caller asks for. Two equal requests can share a run. */
export interface RunRequest {
  /** `days` when the days are listed. */
  readonly select: Selection | 'days';
  /** Sorted, without repeats; null unless `select` is `days`. */
  readonly days: readonly Day[] | null;
  readonly dryRun: boolean;
  readonly engine: EngineChoice;
  /** False if the engine is the configured one, which the next start may change. */
  readonly engineAsked: boolean;
  readonly onDayFailure: 'continue' | 'stop';
}

export const runStatuses = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
] as const;

export type RunStatus = (typeof runStatuses)[number];

export type EndedStatus = Exclude<RunStatus, 'queued' | 'running'>;

export const dayOutcomes = ['added', 'replaced', 'unchanged', 'failed', 'skipped'] as const;

export type DayOutcome = (typeof dayOutcomes)[number];

/** Why a day was not processed. */
export const dayErrorCodes = [
  /** Its raw data breaks a rule; `problems` says where. */
  'raw-invalid',
  /** A file changed while it was read; the next run tries again. */
  'raw-changed',
  /** A file could not be read, or must not be read. */
  'raw-unreadable',
  /** It was requested by name, but its folder is not ready. */
  'day-waiting',
  /** The engine broke; not the data's fault. */
  'engine-failed',
] as const;

export type DayErrorCode = (typeof dayErrorCodes)[number];

export interface DayError {
  readonly code: DayErrorCode;
  readonly detail: string;
  /** The first 20. */
  readonly problems: readonly RawProblem[];
  /** How many in all. */
  readonly problemCount: number;
  /** Absent if all were counted. */
  readonly stoppedAt?: StoppedAt;
}

/** What a dry run found that a real run would change. */
export interface DayDifference {
  readonly rowsAdded: number;
  readonly rowsRemoved: number;
  readonly rowsChanged: number;
  readonly totalsBefore: Totals;
  readonly totalsAfter: Totals;
}

export interface RunDay {
  readonly day: Day;
  /** Before the run. */
  readonly state: DayState;
  readonly outcome: DayOutcome;
  /** Data rows read; null if none could be. */
  readonly records: number | null;
  /** Rows of the output. */
  readonly rows: number;
  readonly totals: Totals;
  /** Of the raw files. */
  readonly bytes: number;
  /** The engine that read its raw files, or was going to; absent if that was never tried. */
  readonly engine?: EngineName;
  readonly error?: DayError;
  /** Why it was skipped. */
  readonly reason?: string;
  /** Dry runs only. */
  readonly difference?: DayDifference;
}

/** Why the run as a whole failed, apart from its days. */
export interface RunError {
  readonly slug: ProblemSlug;
  readonly detail: string;
}

export interface Run {
  /** UUIDv7. */
  readonly id: string;
  readonly request: RunRequest;
  readonly key: string | null;
  /** 1, or more when earlier runs of the same key did not succeed (or a new day has arrived). */
  readonly attempt: number;
  readonly status: RunStatus;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly durationMs: number | null;
  readonly checkpoint: { readonly before: Day | null; readonly after: Day | null };
  /** Of the checkpoint, when the run started. */
  readonly reading: CheckpointReading | null;
  /** The version that the run committed, or null if it changed nothing. */
  readonly commit: number | null;
  /** In day order; grows while the run goes on. */
  readonly days: readonly RunDay[];
  /** While this process works on it; null before and after. */
  readonly progress: RunProgress | null;
  /** Why this engine was chosen, if the choice was left to the run; otherwise null. */
  readonly engineReason: string | null;
  readonly warnings: readonly string[];
  readonly error: RunError | null;
}

/** An idempotency key that requested a run. */
export interface KeyBinding {
  readonly key: string;
  readonly attempt: number;
  /** The request under this key; the run may do more. */
  readonly request: RunRequest;
}

/** The process that works on a run; shows after a crash whether it still exists. */
export interface RunOwner {
  readonly host: string;
  readonly pid: number;
  /** Distinguishes a process from a later one with the same id. */
  readonly startedAt: string;
}

/** A run's claim of a key: made once, by one of all processes that share the output. */
export interface KeyClaim extends KeyBinding {
  readonly runId: string;
}

export interface StoredRun {
  readonly run: Run;
  readonly keys: readonly KeyBinding[];
  readonly owner: RunOwner;
}

export function hasEnded<Told extends Pick<Run, 'status'>>(
  run: Told,
): run is Told & { readonly status: EndedStatus } {
  return run.status !== 'queued' && run.status !== 'running';
}

/** Whether it had nothing to do, or did nothing on purpose: such runs come by the thousand. */
export function didNothing({ request, status, commit, days, error }: Run): boolean {
  if (request.dryRun) return true;
  const isEmpty = commit === null && days.length === 0;
  return isEmpty && (status === 'succeeded' || error?.slug === 'no-days');
}

/** Whether it tells how the output differs from its raw files, rather than what a run would do. */
export function comparesOnly({ dryRun, select }: RunRequest): boolean {
  return dryRun && (select === 'all' || select === 'days');
}

/** How a run that reached its end has ended. */
export function statusOf({ days, error }: Pick<Run, 'days' | 'error'>): 'succeeded' | 'failed' {
  return error !== null || days.some(({ outcome }) => outcome === 'failed')
    ? 'failed'
    : 'succeeded';
}

/** How a run looks once its process is gone. Even if the clock was set back, it does not end before its start. */
export function interruptedRun(run: Run): Run {
  const endMs = Math.max(Date.now(), Date.parse(run.startedAt ?? run.createdAt));
  return { ...run, status: 'interrupted', finishedAt: new Date(endMs).toISOString() };
}

/** Two requests that leave the engine to the configuration are equal, even if the configuration changed in between. */
export function asksForTheSame(a: RunRequest, b: RunRequest): boolean {
  const isSameEngine = a.engine === b.engine || !(a.engineAsked || b.engineAsked);
  return isSameEngine && workOf(a) === workOf(b);
}

/**
 * Whether a run for `running` covers what `asked` requests, judging by the requests alone. Which days a selection
 * means depends on when the run looks.
 */
export function covers(running: RunRequest, asked: RunRequest): boolean {
  return (
    running.dryRun === asked.dryRun &&
    running.onDayFailure === asked.onDayFailure &&
    (!asked.engineAsked || running.engine === asked.engine) &&
    selects(running, asked)
  );
}

/** Each selection of pending days includes those before it. */
const growing: readonly RunRequest['select'][] = ['new', 'pending', 'all'];

function selects(running: RunRequest, asked: RunRequest): boolean {
  if (running.days !== null) {
    const listed = new Set(running.days);
    return asked.days?.every((day) => listed.has(day)) ?? false;
  }
  if (asked.days !== null) return running.select === 'all';
  return growing.indexOf(running.select) >= growing.indexOf(asked.select);
}

/** The run as shown to callers that use this key. */
export function seenAs(run: Run, { key, attempt }: Pick<Run, 'key' | 'attempt'>): Run {
  return { ...run, key, attempt };
}

function workOf({ select, days, dryRun, onDayFailure }: RunRequest): string {
  return JSON.stringify([select, days, dryRun, onDayFailure]);
}

export const ifActiveChoices = ['queue', 'attach', 'reject'] as const;

export type IfActive = (typeof ifActiveChoices)[number];
