/** A day of `columns`, read by the reference on a thread: the thread's side. */
import type { DayAggregate, DayRejection } from '../../core/ports/engine.js';
import { aggregateColumns, type ColumnsJob } from '../csv/columns/aggregate-columns.js';
import type { FileJob } from '../day-result.js';
import { packRows } from './packed-rows.js';
import { failureOf, type ThreadFailure } from './thread-failure.js';

export type ColumnsTask = Pick<ColumnsJob, 'day' | 'files' | 'complete' | 'definition'>;

export type PackedDay = Omit<DayAggregate, 'rows'> & {
  /** As `packRows` makes them. */
  readonly packed: readonly string[];
};

export type ColumnsOutcome =
  | { readonly kind: 'read'; readonly day: PackedDay | DayRejection }
  | ThreadFailure;

export async function performColumns(
  task: ColumnsTask,
  signals: Pick<FileJob, 'signal' | 'onBytes'>,
): Promise<ColumnsOutcome> {
  try {
    const day = await aggregateColumns({ ...task, ...signals });
    if (day.kind === 'rejected') return { kind: 'read', day };
    const { rows, ...rest } = day;
    return { kind: 'read', day: { ...rest, packed: packRows(rows) } };
  } catch (error) {
    return failureOf(error);
  }
}
