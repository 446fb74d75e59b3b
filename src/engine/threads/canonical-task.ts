/** Files of a day, written once more in canonical form: the thread's side, and its caller's. */

import type { FileJob } from '../day-result.js';
import {
  type CanonicalRows,
  type CanonicalTask,
  writeCanonical,
} from '../duckdb/sql/canonical-rows.js';
import { failureOf, type ThreadFailure } from './thread-failure.js';

export type { CanonicalTask } from '../duckdb/sql/canonical-rows.js';

export type CanonicalOutcome =
  | { readonly kind: 'written'; readonly rows: CanonicalRows }
  | ThreadFailure;

export async function performCanonical(
  task: CanonicalTask,
  signals: Pick<FileJob, 'signal' | 'onBytes'>,
): Promise<CanonicalOutcome> {
  try {
    return { kind: 'written', rows: await writeCanonical(task, signals) };
  } catch (error) {
    return failureOf(error);
  }
}
