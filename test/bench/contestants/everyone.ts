import { createCsvEngine } from '../../../src/engine/csv/engine.js';
import { createScanEngine } from '../../../src/engine/scan/engine.js';
import { readOnThread } from '../../../src/engine/threads/read-on-thread.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import { Absent, pythonWith, requireJava } from '../../support/python.js';
import { threads } from '../facts.js';
import { names } from '../names.js';
import type { BenchRedis } from '../service/redis.js';
import { say } from '../terminal.js';
import type { Contestant } from './contestant.js';
import { duckDb } from './duckdb.js';
import { bareEngine } from './engine.js';
import { floor } from './floor.js';
import { overHttp } from './over-http.js';
import { type PythonJob, pythonJob } from './python.js';

export interface Everyone {
  readonly contestants: readonly Contestant[];
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
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
  const { contestants, absent } = await gatherPython(options);
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

/** The newest that could be installed when they were measured. */
const requirements = {
  polars: ['polars==2.1.0'],
  pandas: ['pandas==3.1.1'],
  pyspark: ['pyspark==4.3.0'],
} as const;

const pythonJobs: readonly (Omit<PythonJob, 'python'> & { library: keyof typeof requirements })[] =
  [
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

async function gatherPython({ python, quick, folder }: EveryoneOptions) {
  const contestants: Contestant[] = [];
  const absent: { name: string; reason: string }[] = [];
  for (const { library, ...job } of pythonJobs) {
    try {
      if (!python) throw new Absent('--without-python was given');
      if (library === 'pyspark' && quick) throw new Absent('too slow for --quick');
      if (library === 'pyspark') await requireJava();
      const interpreter = await pythonWith({
        name: library,
        requirements: requirements[library],
        mayInstall: !quick,
        say,
      });
      contestants.push(pythonJob({ ...job, python: interpreter }, folder));
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      absent.push({ name: job.name, reason: error.message });
    }
  }
  return { contestants, absent };
}
