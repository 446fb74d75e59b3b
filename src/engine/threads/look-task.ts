/** A look at one file for DuckDB: the thread's side. */
import type { RawFile } from '../../core/ports/raw.js';
import type { RawColumns } from '../../model/columns-definition.js';
import { type LookSignals, lookAtText, type TextLook } from '../duckdb/look-at-text.js';
import { lookAtParquet, type ParquetLook } from '../duckdb/parquet/look-at-parquet.js';
import { failureOf, type ThreadFailure } from './thread-failure.js';

export interface LookTask {
  readonly file: RawFile;
  readonly definition: RawColumns;
}

export type LookOutcome =
  | { readonly kind: 'looked'; readonly look: TextLook | ParquetLook | null }
  | ThreadFailure;

export async function performLook(
  { file, definition }: LookTask,
  signals: LookSignals,
): Promise<LookOutcome> {
  try {
    const look = file.form.format === 'parquet' ? lookAtParquet : lookAtText;
    return { kind: 'looked', look: await look(file, definition, signals) };
  } catch (error) {
    return failureOf(error);
  }
}
