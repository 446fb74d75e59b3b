import type { Engine, EngineJob } from '../../../core/ports/engine.js';
import { lookAtParquet } from '../parquet/look-at-parquet.js';
import { aggregateSql, type SqlMeans } from './aggregate-sql.js';
import type { SqlJob } from './sql-job.js';

const usual = {
  see: async () => null,
  lookAtParquet,
  /** As many as the reference holds groups. */
  mostRows: 400_000,
  mostRowsBytes: 64 * 2 ** 30,
};

/** The engine of a dataset of `sql`, which no other one can read. */
export function createSqlEngine(
  options: Omit<SqlMeans, keyof typeof usual> & Partial<SqlMeans>,
): Engine {
  const means = { ...usual, ...options };
  return {
    name: 'duckdb',
    aggregate: async (job) => aggregateSql(sqlJob(job), means),
    close: async () => undefined,
  };
}

function sqlJob(job: EngineJob): SqlJob {
  if (job.definition.kind === 'sql') return job as SqlJob;
  throw new Error(`the definition of day ${job.day} is ${job.definition.kind}, not sql`);
}
