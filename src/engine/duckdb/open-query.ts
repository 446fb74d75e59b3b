/** A query that is under way: what has come of it, and whether that can be. */
import { type DuckColumn, DuckFailure, type DuckRow } from './duckdb.js';
import type { Answer, Ask, ToldFailure } from './messages.js';

export type QueryAnswer =
  | { readonly kind: 'rows'; readonly rows: readonly DuckRow[] }
  | { readonly kind: 'columns'; readonly columns: readonly DuckColumn[] };

export interface OpenQuery {
  /** Rejects with a DuckFailure, or with what `fail` was given. */
  readonly answer: Promise<QueryAnswer>;
  /** Returns what is wrong with the message; null if nothing is. */
  hear(message: Answer): string | null;
  fail(why: Error): void;
  /** Returns a DuckFailure once it is more than a result may have. */
  received(bytes: number): DuckFailure | null;
}

export function openQuery(
  { kind, select }: Pick<Ask, 'kind' | 'select'>,
  mostResultBytes: number,
  onProgress: (share: number) => void,
): OpenQuery {
  const { promise: answer, resolve, reject } = withResolvers<QueryAnswer>();
  const rows: DuckRow[] = [];
  let bytes = 0;
  let furthest = 0;

  const advance = (share: number) => {
    if (share > furthest) onProgress(share);
    furthest = Math.max(share, furthest);
    return null;
  };
  const take = (more: readonly DuckRow[]) => {
    const [first, one] = [rows[0], more[0]];
    if (first !== undefined && first.length !== one?.length) return 'rows of different widths';
    for (const row of more) rows.push(row);
    return null;
  };
  const end = (announced: number) => {
    if (announced !== rows.length) return `${rows.length} rows and announced ${announced}`;
    resolve({ kind: 'rows', rows });
    return null;
  };
  const give = (columns: readonly DuckColumn[]) => {
    resolve({ kind: 'columns', columns });
    return null;
  };
  const refuse = ({ kind, message, at }: ToldFailure) => {
    if (at !== null && at > select.length) return 'a place beyond the query';
    reject(new DuckFailure(kind, message, at));
    return null;
  };
  return {
    answer,
    hear: (message) => {
      if (message.kind === 'progress') return advance(message.share);
      if (message.kind === 'failed') return refuse(message.failure);
      if (kind === 'columns' && message.kind === 'columns') return give(message.columns);
      if (kind === 'rows' && message.kind === 'rows') return take(message.rows);
      if (kind === 'rows' && message.kind === 'end') return end(message.rows);
      return 'an answer to another question';
    },
    fail: reject,
    received: (count) => {
      bytes += count;
      if (bytes <= mostResultBytes) return null;
      const most = Math.round(mostResultBytes / 1024 / 1024);
      return new DuckFailure('memory', `the result is larger than ${most} MiB`);
    },
  };
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((accept, refuse) => {
    resolve = accept;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
