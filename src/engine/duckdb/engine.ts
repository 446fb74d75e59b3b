import type { Engine, EngineJob } from '../../core/ports/engine.js';
import type { ColumnsJob } from '../csv/columns/aggregate-columns.js';
import { type DuckMeans, openSession } from './session.js';

export type DuckDbEngineOptions = Omit<DuckMeans, 'mostRows'> & Partial<DuckMeans>;

/** Fewer than the reference holds in its memory. */
const usualMostRows = 400_000;

/**
 * `columns`, added up by DuckDB. Its rows are taken only of days in which nothing is odd; the others are left to the
 * reference, so that results and errors are its own.
 */
export function createDuckDbEngine(options: DuckDbEngineOptions): Engine {
  const means = { mostRows: usualMostRows, ...options };
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

/** A dataset has the engines that know its definition. */
function columnsJob(job: EngineJob): ColumnsJob {
  if (job.definition.kind === 'columns') return job as ColumnsJob;
  throw new Error(`the definition of day ${job.day} is ${job.definition.kind}, not columns`);
}
