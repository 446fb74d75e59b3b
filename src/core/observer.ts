import type { Day } from '../model/day.js';
import type { Notice } from '../model/notice.js';
import type { Run, RunDay } from '../model/run.js';
import type { RewindReport } from './control-plane.js';
import type { Survey } from './survey.js';

/** Must call `work` once, at once, and hand on what it returns; may give it surroundings, such as a trace. */
export type RunScope = <T>(run: Run, work: () => Promise<T>) => Promise<T>;

/** Told what happened; never asked. Implementations must not throw. */
export interface Observer {
  reconciled(survey: Survey, durationMs: number): void;
  /** As of a look; the same ones as long as they are so. */
  noticed(notices: readonly Notice[]): void;
  /** What is so now that a run has committed; the look was the run's own. */
  advanced(survey: Survey): void;
  checkpointUnavailable(reason: string): void;
  runStarted(run: Run): void;
  dayFinished(run: Run, day: RunDay): void;
  runFinished(run: Run): void;
  /** `target` is null when everything was rewound. */
  rewound(target: Day | null, report: RewindReport): void;
  /** Something that a person should know, which failed no one. */
  warning(message: string, cause?: unknown): void;
}
