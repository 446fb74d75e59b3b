/** DuckDB as its users in this process see it: a child process that answers one query at a time or several side by side. */

export interface DuckQuery {
  /** Absolute paths of the only files that the query may read. */
  readonly files: readonly string[];
  /** Our own statements, such as CREATE VIEW, run in their order before everything is locked. */
  readonly setup?: readonly string[];
  /** One SELECT, run once everything is locked. Each of its columns is VARCHAR. */
  readonly select: string;
}

/** A column of a SELECT that may have any types. */
export interface DuckColumn {
  readonly name: string;
  /** As DuckDB writes it: `DECIMAL(18,2)`. */
  readonly type: string;
}

/** Row by row; null for NULL. */
export type DuckRow = readonly (string | null)[];

export interface DuckDb {
  /**
   * All rows of the query. Throws DuckFailure if DuckDB refuses or cannot finish it, an Error if the child died or what
   * it sent is not whole, or the signal's reason.
   */
  rows(
    query: DuckQuery,
    signal: AbortSignal,
    /** Called with a share from 0 to 1, rising. */
    onProgress?: (share: number) => void,
  ): Promise<readonly DuckRow[]>;
  /** The columns of `select`, which may have any types, without running it. Throws as `rows` does. */
  columns(query: DuckQuery, signal: AbortSignal): Promise<readonly DuckColumn[]>;
  /** Ends the child. Queries that run fail. */
  close(): Promise<void>;
}

/**
 * - `query`: DuckDB does not understand the text, or it is not one SELECT.
 * - `data`: something in the files, or a result out of range.
 * - `refused`: a file, a setting or a function that is locked.
 * - `memory`: more memory, or more room to spill, than it may have.
 */
export type DuckFailureKind = 'query' | 'data' | 'refused' | 'memory';

/** What DuckDB itself says against a query. The child lives on. */
export class DuckFailure extends Error {
  override readonly name = 'DuckFailure';

  constructor(
    readonly kind: DuckFailureKind,
    message: string,
    /** Of a mistake in `select`: the position of its first character, from 0; null if it is not known. */
    readonly at: number | null = null,
  ) {
    super(message);
  }
}

/** What helps against `memory`. */
export const moreMemory =
  'set DAYMARK_DUCKDB_MEMORY higher, make more room for temporary files (TMPDIR), or group by fewer columns';
