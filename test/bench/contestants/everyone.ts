import { createCsvEngine } from '../../../src/engine/csv/engine.js';
import { createScanEngine } from '../../../src/engine/scan/engine.js';
import { readOnThread } from '../../../src/engine/threads/read-on-thread.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import { threads } from '../facts.js';
import { names } from '../names.js';
import type { BenchRedis } from '../service/redis.js';
import type { Contestant } from './contestant.js';
import { duckDb } from './duckdb.js';
import { bareEngine } from './engine.js';
import { floor } from './floor.js';
import { type AbsentContestant, gatherPython, type Library } from './libraries.js';
import { overHttp } from './over-http.js';
import { type PythonJob, pythonJob } from './python.js';

export interface Everyone {
  readonly contestants: readonly Contestant[];
  readonly absent: readonly AbsentContestant[];
  close(): Promise<void>;
}

export interface EveryoneOptions {
  readonly folder: string;
  readonly redis: BenchRedis;
  readonly python: boolean;
  /** Without those that take long to install, to start or to run. */
  readonly quick: boolean;
}

export async function gatherEveryone(options: EveryoneOptions): Promise<Everyone> {
  const pool = new ThreadPool({ size: threads });
  const reference = readOnThread(pool);
  const scan = createScanEngine({ reference, pool });
  const csv = createCsvEngine(reference);
  const { contestants, absent } = await gatherPython(pythonJobs, options, (job) =>
    pythonJob(job, options.folder),
  );
  return {
    contestants: [
      floor(names.cat, 'cat', []),
      floor(names.wc, 'wc', ['-l']),
      bareEngine(names.scan, scan),
      overHttp(names.http, options.folder, options.redis),
      bareEngine(names.csv, csv),
      duckDb(names.duckDb, 'sums-first'),
      duckDb(names.duckDbUnpivot, 'unpivot-first'),
      ...contestants,
    ],
    absent,
    close: async () => {
      await scan.close();
      await csv.close();
    },
  };
}

const pythonJobs: readonly (Omit<PythonJob, 'python'> & { readonly library: Library })[] = [
  { name: names.polars, library: 'polars', script: 'polars_day.py', form: 'sums-first' },
  {
    name: names.polarsUnpivot,
    library: 'polars',
    script: 'polars_day.py',
    form: 'unpivot-first',
  },
  { name: names.pandas, library: 'pandas', script: 'pandas_day.py', form: 'sums-first' },
  {
    name: names.pandasUnpivot,
    library: 'pandas',
    script: 'pandas_day.py',
    form: 'unpivot-first',
  },
  { name: names.pyspark, library: 'pyspark', script: 'pyspark_day.py', form: 'sums-first' },
  {
    name: names.pysparkUnpivot,
    library: 'pyspark',
    script: 'pyspark_day.py',
    form: 'unpivot-first',
  },
];
