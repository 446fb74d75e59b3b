import type { DayAggregate, DayRejection, EngineJob, RawFile } from '../core/ports.js';
import type { ProblemLog } from './problems.js';
import type { Tally } from './tally.js';

/**
 * Reads one raw file of a job into the day's tally; what is wrong with it into the day's log. Throws
 * RawReadError, or the signal's reason.
 */
export type FileReader = (
  file: RawFile,
  job: EngineJob,
  tally: Tally,
  log: ProblemLog,
) => Promise<void>;

/** What a day comes to once all its files were read. */
export function dayResult(tally: Tally, log: ProblemLog): DayAggregate | DayRejection {
  return log.count > 0
    ? { kind: 'rejected', problems: log.first, problemCount: log.count }
    : { kind: 'aggregated', orders: tally.orders, rows: tally.rows() };
}
