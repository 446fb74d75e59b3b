/** What the core offers to whoever speaks to people: HTTP today, a command line tomorrow. */

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
  /** `share`: the active run where it does the very same, on the world as it is now; else as `queue`. */
  readonly ifActive: IfActive | 'share';
}

export interface Submission {
  readonly run: Run;
  /** The key's earlier run, which had succeeded, with nothing new to do. */
  readonly replayed: boolean;
  /** Someone else asked for the run before. */
  readonly shared?: boolean;
  /** What the caller should know of the place that the request was given. */
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
  /** Days that the next run makes anew; their rows stay until then. */
  readonly marked: readonly Day[];
  /** Days above the new checkpoint that were left as they are. */
  readonly untouched: readonly { readonly day: Day; readonly reason: string }[];
  /** The commit that holds the marks; null where there was nothing to mark. */
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
  /** Where the page before ended. */
  readonly behind: RowCursor | null;
}

/** The row that was looked at last. */
export interface RowCursor extends RowPlace {
  /**
   * Only rows behind the one with this key are to be told: the last that was told lay further on when its day was another.
   * Null almost always.
   */
  readonly after: readonly Cell[] | null;
}

/** By the columns that the output has when it is read. May throw ProblemError. */
export type WantedRows = (shape: OutputShape) => RowFilter;

export interface RowPage {
  /** The columns of the rows. */
  readonly shape: OutputShape;
  /** Perhaps none, though more follow: a page reads no more of the output than its share. */
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
  /** For who asks nothing of raw days: these are as an earlier look found them. Costs the same with any number. */
  glance(): Promise<Survey>;

  /** Ends as soon as the run has a place: started, queued, attached to or replayed. */
  submit(request: RunRequest, options: SubmitOptions): Promise<Submission>;
  /** The run once it has ended, or as it is when the time is over or `signal` is aborted. */
  wait(runId: string, timeoutMs: number, signal: AbortSignal): Promise<Run>;
  /** By id or by key (then as that key sees it); throws `run-not-found`. */
  run(idOrKey: string): Promise<Run>;
  /** For who follows a run that was looked up to its end; throws `run-not-found`. */
  feed(runId: string): RunFeed;
  /** Newest first. */
  runs(filter: RunFilter): Promise<{ readonly runs: readonly Run[]; readonly more: boolean }>;
  /** Queued or running. */
  activeRun(): Run | null;
  /** Throws `run-ended` when it is over or past its commit point. Another process is asked to. */
  cancel(idOrKey: string): Promise<Run>;
  lastRunOf(day: Day): DayHistory | null;

  /**
   * The dry run that compares the output with its raw files, shared by callers who ask for the same at the same
   * time. Who does not see it to its end says so by `leaveVerify`.
   */
  verify(request: VerifyRequest): Promise<Run>;
  /** `comesBack`: the run is to go on; otherwise it is cancelled where nobody else waits for it. */
  leaveVerify(runId: string, comesBack: boolean): Promise<void>;
  /** What a run that compares has found. */
  verdicts(run: Run): Promise<readonly DayVerdict[]>;

  /** Null rewinds everything. Throws `checkpoint-ahead`, `day-unknown`, `run-in-progress`. */
  rewind(day: Day | null): Promise<RewindReport>;

  /** Ends early, with what there is by then, when `signal` is aborted. */
  rows(wanted: WantedRows, signal: AbortSignal): Promise<RowPage>;
  sums(wanted: WantedSums, signal: AbortSignal): Promise<RowSums>;
  /** The header, and all rows that the filter lets through, of one version of the output; null where there is none. */
  csv(wanted: WantedRows, signal: AbortSignal): Promise<AsyncIterable<Buffer> | null>;
  outputFile(): Promise<OutputFile | null>;
}
