/**
 * What the service and its DuckDB process write to each other: lines of JSON over one pipe. The process has one query
 * at a time. It answers with any number of `rows` and `progress`, then with exactly one of the others; nothing comes
 * from it in between.
 */
import type { DuckColumn, DuckFailureKind, DuckQuery, DuckRow } from './duckdb.js';

/** What queries may use. */
export interface DuckBounds {
  /** Of one query. */
  readonly memoryBytes: number;
  readonly spillBytes: number;
  readonly threads: number;
}

export interface Ask extends DuckQuery {
  /** Another for each query of a process. */
  readonly id: number;
  readonly kind: 'rows' | 'columns';
  readonly bounds: DuckBounds;
}

/** `cancel` without a query is of one that has just ended. */
export type ToDuck = Ask | { readonly kind: 'cancel' };

/** How a query ends. */
export type LastWord =
  | { readonly kind: 'end'; readonly rows: number }
  | { readonly kind: 'columns'; readonly columns: readonly DuckColumn[] }
  | { readonly kind: 'failed'; readonly failure: ToldFailure };

export type Answer =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'rows'; readonly rows: readonly DuckRow[] }
  /** With the memory that the process holds then. */
  | (LastWord & { readonly rssBytes: number });

export type FromDuck = { readonly kind: 'ready' } | (Answer & { readonly id: number }) | Broken;

/** What DuckDB says of itself, not of the query: the process is of no more use. */
export interface Broken {
  readonly kind: 'broken';
  readonly message: string;
}

export interface ToldFailure {
  readonly kind: DuckFailureKind;
  readonly message: string;
  readonly at: number | null;
}

export function lineOf(message: ToDuck | FromDuck): string {
  return `${JSON.stringify(message)}\n`;
}
