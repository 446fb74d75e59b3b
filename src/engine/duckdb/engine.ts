import type { Engine, EngineJob } from '../../core/ports/engine.js';
import type { AggregateColumns, ColumnsJob } from '../csv/columns/aggregate-columns.js';
import { columnsOnThread } from '../threads/columns-on-thread.js';
import type { Threads } from '../threads/thread-pool.js';
import type { DuckDb } from './duckdb.js';
import { createLookAtFile, createLookAtParquet } from './look-at-file.js';
import { type LookAtParquet, lookAtParquet } from './parquet/look-at-parquet.js';
import { parquetReference } from './parquet/reference.js';
import { createPlainCheck } from './plain/check-plain.js';
import { type DuckMeans, openSession } from './session.js';

export interface DuckDbEngineOptions extends Omit<DuckMeans, 'mostRows'> {
  readonly mostRows?: number;
  readonly lookAtParquet?: LookAtParquet;
}

/** Fewer than the reference holds in its memory. */
const usualMostRows = 400_000;

/**
 * `columns`, added up by DuckDB. Its rows are taken only of days in which nothing is odd; the others are left to the
 * reference, so that results and errors are its own.
 */
export function createDuckDbEngine(options: DuckDbEngineOptions): Engine {
  const { duckdb, look, localColumns, mostRows = usualMostRows } = options;
  const parquet = parquetReference({ duckdb, look: options.lookAtParquet ?? lookAtParquet });
  const reference: AggregateColumns = (job) =>
    job.files.some(({ form }) => form.format === 'parquet') ? parquet(job) : localColumns(job);
  const means = { duckdb, look, localColumns: reference, mostRows };
  const open = (jobs: readonly EngineJob[]) => openSession(jobs.map(columnsJob), means);
  return {
    name: 'duckdb',
    aggregate: async (job) => {
      const session = open([job]);
      try {
        return await session.aggregate(job);
      } finally {
        await session.close();
      }
    },
    session: open,
    close: async () => undefined,
  };
}

/** With threads for looking at files, and for the reference. */
export function duckDbEngineOn(pool: Threads, duckdb: DuckDb): Engine {
  return createDuckDbEngine({
    duckdb,
    look: createLookAtFile(pool, createPlainCheck(pool)),
    lookAtParquet: createLookAtParquet(pool),
    localColumns: columnsOnThread(pool),
  });
}

/** A dataset has the engines that know its definition. */
function columnsJob(job: EngineJob): ColumnsJob {
  if (job.definition.kind === 'columns') return job as ColumnsJob;
  throw new Error(`the definition of day ${job.day} is ${job.definition.kind}, not columns`);
}
