/** Requests and answers of the API: the schemas' own types, so that no client can drift from the service. */
import type { ListedRunAnswer, RunAnswer } from '../http/schemas/run.js';

export type {
  CheckpointAnswer as Checkpoint,
  RewindAnswer as Rewind,
} from '../http/schemas/checkpoint.js';
export type { DatasetAnswer as Dataset } from '../http/schemas/datasets.js';
export type { DayStatusAnswer as DayStatus, DaysAnswer as Days } from '../http/schemas/days.js';
export type { ReadinessAnswer as Readiness } from '../http/schemas/health.js';
export type { NoticeAnswer as Notice } from '../http/schemas/notices.js';
export type { SumsAnswer as Sums } from '../http/schemas/output.js';
export type { PlanAnswer as Plan } from '../http/schemas/plan.js';
export type { ProblemBody } from '../http/schemas/problem.js';
export type {
  RunAnswer as Run,
  RunListAnswer as RunList,
} from '../http/schemas/run.js';
export type { VerifyAnswer as Verdicts } from '../http/schemas/verify.js';
export type { CheckpointReading as Reading } from '../model/checkpoint.js';
export type { DayState } from '../model/day-state.js';

/** Without its days. */
export type ListedRun = Omit<ListedRunAnswer, 'days'>;
export type RunDay = RunAnswer['days'][number];
export type DayError = NonNullable<RunDay['error']>;
export type Progress = NonNullable<RunAnswer['progress']>;

/** Which days: a selection by name, or a list. */
export interface DayWish {
  readonly select?: string;
  readonly days?: readonly string[];
}

/** The body of a run request. */
export interface RunWish extends DayWish {
  readonly dryRun?: boolean;
  readonly engine?: string;
  readonly onDayFailure?: string;
  readonly ifActive?: string;
}
