/** What the API answers with: the schemas' own types, so that the page cannot drift from the service. */
import type { ListedRunAnswer, RunAnswer } from '../../http/schemas/run.js';

export type {
  CheckpointAnswer as Checkpoint,
  RewindAnswer,
} from '../../http/schemas/checkpoint.js';
export type { DayStatusAnswer as DayStatus, DaysAnswer as Days } from '../../http/schemas/days.js';
export type { NoticeAnswer as Notice } from '../../http/schemas/notices.js';
export type { OutputAnswer } from '../../http/schemas/output.js';
export type { PlanAnswer as Plan } from '../../http/schemas/plan.js';
export type { ProblemBody } from '../../http/schemas/problem.js';

export interface Share {
  readonly done: number;
  readonly total: number;
}

export interface Progress {
  /** The day that is read now. */
  readonly day?: string | null;
  readonly days: Share;
  readonly bytes: Share;
  /** Of an engine that works elsewhere. */
  readonly engine?: { readonly tasks: Share } | null;
}

interface Followable {
  readonly progress?: Progress | null;
}

export type Run = Omit<RunAnswer, 'progress'> & Followable;
/** Without its days. */
export type ListedRun = Omit<ListedRunAnswer, 'progress' | 'days'> & Followable;
export type RunDay = Run['days'][number];
export type DayError = NonNullable<RunDay['error']>;
export type DayState = RunDay['state'];
export type Reading = NonNullable<Run['reading']>;

export interface RunList {
  readonly runs: readonly ListedRun[];
  readonly nextCursor: string | null;
}

/** The body of a run request, as far as the page asks. */
export interface Wish {
  readonly select?: 'pending' | 'all';
  readonly days?: readonly string[];
  readonly dryRun?: boolean;
}
