/** Messages between the main thread and the worker threads. Plain values only. */
import type { RowTable } from '../duckdb/plain/row-table.js';
import type { FileScan, ScanOutcome } from '../scan/stretch.js';
import type { CanonicalOutcome, CanonicalTask } from './canonical-task.js';
import type { ColumnsOutcome, ColumnsTask } from './columns-task.js';
import type { LookOutcome, LookTask } from './look-task.js';
import type { ReadOutcome, ReadTask } from './read-task.js';

/** The tasks of threads, and their answers. */
export interface Work {
  /** Adds up parts of a large file, together with others. */
  readonly scan: { readonly task: FileScan; readonly outcome: ScanOutcome };
  /** Checks parts of a large file, together with others. */
  readonly plain: {
    readonly task: FileScan<RowTable>;
    readonly outcome: ScanOutcome<number>;
  };
  /** Reads a whole file as the reference does. */
  readonly read: { readonly task: ReadTask; readonly outcome: ReadOutcome };
  /** Reads a whole day of `columns` as the reference does. */
  readonly columns: { readonly task: ColumnsTask; readonly outcome: ColumnsOutcome };
  /** Looks at a large file of `columns` before DuckDB reads it. */
  readonly look: { readonly task: LookTask; readonly outcome: LookOutcome };
  /** Writes what the reference reads in files once more, for DuckDB. */
  readonly canonical: { readonly task: CanonicalTask; readonly outcome: CanonicalOutcome };
}

export type Kind = keyof Work;

export type ToThread =
  | { [K in Kind]: { readonly kind: K; readonly task: Work[K]['task'] } }[Kind]
  /** The outcome is no longer wanted. This may arrive too late. */
  | { readonly kind: 'stop' };

/** `progress` may come any number of times before the outcome. */
export type FromThread =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'ended'; readonly outcome: Work[Kind]['outcome'] };
