import type { Day } from '../model/day.js';
import type { Notice } from '../model/notice.js';
import type { Run, RunDay } from '../model/run.js';
import type { RewindReport } from './control-plane.js';
import type { Survey } from './survey.js';

/** Must call `work` once, immediately, and return its result; may wrap it, for example in a trace. */
export type RunScope = <T>(run: Run, work: () => Promise<T>) => Promise<T>;

/** Gets events, and never affects the outcome. Implementations must not throw. */
export interface Observer {
  reconciled(survey: Survey, durationMs: number): void;
  /** The notices of a look; the same objects while they hold. */
  noticed(notices: readonly Notice[]): void;
  /** What is so now that a run has committed; the look was the run's own. */
  advanced(survey: Survey): void;
  checkpointUnavailable(reason: string): void;
  runStarted(run: Run): void;
  dayFinished(run: Run, day: RunDay): void;
  runFinished(run: Run): void;
  /** `target` is null when everything was rewound. */
  rewound(target: Day | null, report: RewindReport): void;
  /** Something that people should know, which failed nothing. */
  warning(message: string, cause?: unknown): void;
}
