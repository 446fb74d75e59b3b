/** The engine with DuckDB's own process, and what it asks of that and of the reference. */
import { onTestFinished } from 'vitest';
import type { Engine } from '../../../src/core/ports/engine.js';
import { createDuckDb } from '../../../src/engine/duckdb/child-process.js';
import type { DuckDb } from '../../../src/engine/duckdb/duckdb.js';
import { createDuckDbEngine } from '../../../src/engine/duckdb/engine.js';
import { createLookAtFile, type LookAtPlain } from '../../../src/engine/duckdb/look-at-file.js';
import { createPlainCheck } from '../../../src/engine/duckdb/plain/check-plain.js';
import { columnsOnThread } from '../../../src/engine/threads/columns-on-thread.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';

export interface CountedEngine {
  readonly engine: Engine;
  readonly count: {
    /** Days that the reference read. */
    left: number;
    queries: number;
  };
}

export function openDuckDb(): ReturnType<typeof createDuckDb> {
  const duckdb = createDuckDb({ memoryBytes: 2 ** 30, threads: 2, atOnce: 1 });
  onTestFinished(() => duckdb.close());
  return duckdb;
}

export interface EngineParts {
  readonly duckdb?: Pick<DuckDb, 'rows'>;
  readonly mostRows?: number;
  /** Null for none: then all cells are read as text. */
  readonly plain?: LookAtPlain | null;
}

export function openDuckDbEngine({
  duckdb = openDuckDb(),
  plain,
  ...options
}: EngineParts = {}): CountedEngine {
  const pool = new ThreadPool({ size: 1 });
  onTestFinished(() => pool.close());
  const reference = columnsOnThread(pool);
  const count = { left: 0, queries: 0 };
  const engine = createDuckDbEngine({
    duckdb: {
      rows: (...args) => {
        count.queries += 1;
        return duckdb.rows(...args);
      },
    },
    look: createLookAtFile(
      pool,
      plain === undefined ? createPlainCheck(pool) : (plain ?? undefined),
    ),
    localColumns: (job) => {
      count.left += 1;
      return reference(job);
    },
    ...options,
  });
  return { engine, count };
}
