/** The interface of the core to its surfaces, such as HTTP. */

import type { CheckpointStatus } from '../model/checkpoint.js';
import type { Cell, OutputShape } from '../model/column.js';
import type { Day, DayLayout } from '../model/day.js';
import type { OutputRow } from '../model/row.js';
import type { IfActive, Run, RunDay, RunRequest, RunStatus } from '../model/run.js';
import type { Totals } from '../model/totals.js';
import type { DayVerdict } from '../model/verdict.js';
import type { OutputFile, RowPlace } from './ports/output.js';
import type { RunFeed } from './run-feed.js';
import type { Survey } from './survey.js';

export interface SubmitOptions {
  readonly key: string | null;
  /** `share`: the active run, if it does exactly the same on the current state; otherwise as `queue`. */
  readonly ifActive: IfActive | 'share';
}

export interface Submission {
  readonly run: Run;
  /** The key's earlier run, which succeeded, with nothing new to do. */
  readonly replayed: boolean;
  /** Another caller requested the run first. */
  readonly shared?: boolean;
  /** What the caller should know about how the request was queued. */
  readonly warning?: string;
}

export type VerifyRequest = Pick<RunRequest, 'days' | 'engine' | 'engineAsked'>;

export interface RunFilter {
  /** Null for all. */
  readonly statuses: readonly RunStatus[] | null;
  /** 1 to 200. */
  readonly limit: number;
  /** The id of the last run of the page before. */
  readonly after: string | null;
}

export interface RewindReport {
  readonly checkpoint: CheckpointStatus;
  /** Days that the next run processes again; their rows stay until then. */
  readonly marked: readonly Day[];
  /** Days above the new checkpoint that were left as they are. */
  readonly untouched: readonly { readonly day: Day; readonly reason: string }[];
  /** The commit that holds the marks; null if there was nothing to mark. */
  readonly commit: number | null;
}

export interface RowFilter {
  readonly day: Day | null;
  /** Days from this one on, and up to that one. */
  readonly from: Day | null;
  readonly to: Day | null;
  /** By the place of a key among the keys of the shape: only rows with this cell. */
  readonly keys: ReadonlyMap<number, Cell>;
  /** 1 to 10,000. */
  readonly limit: number;
  /** Where the previous page ended. */
  readonly behind: RowCursor | null;
}

/** The last row that was examined. */
export interface RowCursor extends RowPlace {
  /**
   * Only rows after this key are returned: the last returned row was further on before its day changed. Almost always
   * null.
   */
  readonly after: readonly Cell[] | null;
}

/** By the columns that the output has when it is read. May throw ProblemError. */
export type WantedRows = (shape: OutputShape) => RowFilter;

export interface RowPage {
  /** The columns of the rows. */
  readonly shape: OutputShape;
  /** Possibly empty although more follow: a page reads only a bounded part of the output. */
  readonly rows: readonly OutputRow[];
  /** Where the next page begins; null on the last. */
  readonly next: RowCursor | null;
}

/** The newest run that touched a day. */
export interface DayHistory {
  readonly runId: string;
  readonly finishedAt: string | null;
  readonly entry: RunDay;
}

/** Rows of several days, summed up by one of their keys. */
export interface SumWish extends Pick<RowFilter, 'day' | 'from' | 'to' | 'keys'> {
  /** The place of the key. */
  readonly by: number;
  /** Whether each day has sums of its own. */
  readonly perDay: boolean;
  /** The measure that sorts the sums, the largest first; null for the number of rows. */
  readonly measure: string | null;
  readonly limit: number;
}

export interface GroupSum {
  /** Null where the days are summed up together. */
  readonly day: Day | null;
  readonly value: Cell;
  readonly rows: number;
  readonly totals: Totals;
}

/** By the columns that the output has when it is read. May throw ProblemError. */
export type WantedSums = (shape: OutputShape) => SumWish;

export interface RowSums {
  /** The columns of the rows. */
  readonly shape: OutputShape;
  readonly wish: SumWish;
  /** At most as many as were asked for. */
  readonly groups: readonly GroupSum[];
  /** What the other groups come to; null where there are none. */
  readonly others: (Pick<GroupSum, 'rows' | 'totals'> & { readonly groups: number }) | null;
  /** Days whose rows are in it, in day order. */
  readonly days: readonly Day[];
  /** Older days that were left out, because all would have been too much. */
  readonly leftOut: number;
}

/** Everything here may throw ProblemError; each call that reads the world reconciles first. */
export interface ControlPlane {
  readonly layout: DayLayout;
  survey(): Promise<Survey>;
  /** For requests that do not need the raw days: these are as an earlier look found them. The cost does not depend on
   * their number. */
  glance(): Promise<Survey>;

  /** Resolves as soon as the run is accepted: started, queued, attached or replayed. */
  submit(request: RunRequest, options: SubmitOptions): Promise<Submission>;
  /** The run once it has ended, or its state when the time is up or `signal` is aborted. */
  wait(runId: string, timeoutMs: number, signal: AbortSignal): Promise<Run>;
  /** By id or by key (then as that key sees it); throws `run-not-found`. */
  run(idOrKey: string): Promise<Run>;
  /** Events of a run, to its end; throws `run-not-found`. */
  feed(runId: string): RunFeed;
  /** Newest first. */
  runs(filter: RunFilter): Promise<{ readonly runs: readonly Run[]; readonly more: boolean }>;
  /** Queued or running. */
  activeRun(): Run | null;
  /** Throws `run-ended` if it has ended or is past its commit point. A run of another process is cancelled by a
   * request to that process. */
  cancel(idOrKey: string): Promise<Run>;
  lastRunOf(day: Day): DayHistory | null;

  /**
   * The dry run that compares the output with its raw files, shared by callers with the same request at the same time.
   * A caller that stops waiting calls `leaveVerify`.
   */
  verify(request: VerifyRequest): Promise<Run>;
  /** `comesBack`: the run goes on; otherwise it is cancelled if nobody else waits for it. */
  leaveVerify(runId: string, comesBack: boolean): Promise<void>;
  /** What a run that compares has found. */
  verdicts(run: Run): Promise<readonly DayVerdict[]>;

  /** Null rewinds everything. Throws `checkpoint-ahead`, `day-unknown`, `run-in-progress`. */
  rewind(day: Day | null): Promise<RewindReport>;

  /** Ends early, with what there is by then, when `signal` is aborted. */
  rows(wanted: WantedRows, signal: AbortSignal): Promise<RowPage>;
  sums(wanted: WantedSums, signal: AbortSignal): Promise<RowSums>;
  /** The header and all rows that pass the filter, from one version of the output; null if there is no output. */
  csv(wanted: WantedRows, signal: AbortSignal): Promise<AsyncIterable<Buffer> | null>;
  outputFile(): Promise<OutputFile | null>;
}
