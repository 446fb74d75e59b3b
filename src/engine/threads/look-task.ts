/** A look at one text file for DuckDB: the thread's side. */
import type { RawFile } from '../../core/ports/raw.js';
import type { ColumnsDefinition } from '../../model/columns-definition.js';
import { type LookSignals, lookAtText, type TextLook } from '../duckdb/look-at-text.js';
import { failureOf, type ThreadFailure } from './thread-failure.js';

export interface LookTask {
  readonly file: RawFile;
  readonly definition: ColumnsDefinition;
}

export type LookOutcome =
  | { readonly kind: 'looked'; readonly look: TextLook | null }
  | ThreadFailure;

export async function performLook(
  { file, definition }: LookTask,
  signals: LookSignals,
): Promise<LookOutcome> {
  try {
    return { kind: 'looked', look: await lookAtText(file, definition, signals) };
  } catch (error) {
    return failureOf(error);
  }
}
