/** A service with datasets of sales. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { type SalesFormat, salesColumns } from '../workloads/sales.js';
import type { BenchRedis } from './redis.js';
import { type BenchService, startBenchService } from './service.js';

export interface SalesDataset {
  /** No two of a part have the same. */
  readonly name: string;
  readonly kind: 'columns' | 'sql';
  readonly root: string;
  readonly format: SalesFormat;
}

export interface SalesService extends BenchService {
  /** Of each dataset. */
  readonly outputs: readonly string[];
}

export async function startSalesService(
  folder: string,
  redis: BenchRedis,
  datasets: readonly SalesDataset[],
): Promise<SalesService> {
  await mkdir(folder, { recursive: true });
  const datasetsFile = join(folder, 'daymark.yaml');
  const declared = datasets.map((dataset) => [dataset.name, declarationOf(dataset, folder)]);
  await writeFile(datasetsFile, stringify({ datasets: Object.fromEntries(declared) }));
  const service = await startBenchService({ folder, redisUrl: redis.url, datasetsFile });
  return { ...service, outputs: datasets.map(({ name }) => join(folder, outputFor(name))) };
}

function declarationOf({ name, kind, root, format }: SalesDataset, folder: string) {
  return {
    raw: join(relative(folder, root), '{day}', `*.${format}`),
    day: 'date',
    columns: salesColumns,
    by: ['store', 'product'],
    ...(kind === 'sql' ? { sql } : { measures }),
    output: outputFor(name),
  };
}

const measures = { orders: 'count()', pieces: 'sum(pieces)', paid: 'sum(price)' };

const sql = `select store, product, count(*) as orders, sum(pieces) as pieces, sum(price) as paid
from day group by store, product`;

function outputFor(name: string): string {
  return `processed/${name}.csv`;
}
