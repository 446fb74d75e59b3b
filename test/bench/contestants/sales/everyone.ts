import { salesNames } from '../../names.js';
import type { Setting } from '../../parts/part.js';
import { type AbsentContestant, gatherPython, type Library } from '../libraries.js';
import { bareDuckDb } from './bare-duckdb.js';
import { salesOverHttp } from './over-http.js';
import { duckDbTable, folderOfDays, oneFile, type SalesJob, salesJob } from './python.js';
import type { SalesContestant } from './sales.js';

export interface SalesEveryone {
  readonly contestants: readonly SalesContestant[];
  readonly absent: readonly AbsentContestant[];
}

const jobs: readonly (Omit<SalesJob, 'python'> & { readonly library: Library })[] = [
  { name: salesNames.polars, library: 'polars', script: 'sales_polars.py', output: oneFile },
  { name: salesNames.pandas, library: 'pandas-arrow', script: 'sales_pandas.py', output: oneFile },
  {
    name: salesNames.pyspark,
    library: 'pyspark',
    script: 'sales_pyspark.py',
    output: folderOfDays,
  },
  { name: salesNames.dbt, library: 'dbt', script: 'sales_dbt.py', output: duckDbTable },
];

export async function gatherSales(setting: Setting): Promise<SalesEveryone> {
  const { folder, redis } = setting;
  const { contestants, absent } = await gatherPython(jobs, setting, (job) => salesJob(job, folder));
  return {
    contestants: [
      salesOverHttp(salesNames.columns, 'columns', folder, redis),
      salesOverHttp(salesNames.sql, 'sql', folder, redis),
      bareDuckDb(salesNames.duckDb),
      ...contestants,
    ],
    absent,
  };
}
