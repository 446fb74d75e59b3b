import { DuckDBInstance } from '@duckdb/node-api';
import { threads } from '../../facts.js';
import type { Found } from '../../workloads/check-rows.js';
import { outputOf, parseSales, type SalesDay, typedCsv } from '../../workloads/sales.js';
import type { Attempt } from '../contestant.js';
import type { NewSales, SalesContestant } from './sales.js';

/**
 * The query alone, in this process: told all types, nothing checked, nothing written. Each attempt has an instance of
 * its own, which is not timed, since DuckDB keeps what it has read of a Parquet file.
 */
export function bareDuckDb(name: string): SalesContestant {
  const enter = async (sales: NewSales) => ({
    attempt: () => query(sales),
    leave: async () => undefined,
  });
  return { name, enter };
}

async function query({ day, before }: NewSales): Promise<Attempt<Found>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  const startedAt = performance.now();
  const reader = await connection.runAndReadAll(queryOf(day));
  const ms = performance.now() - startedAt;
  const lines = reader.getRows().map((cells) => [day.day, ...cells].join());
  connection.closeSync();
  instance.closeSync();
  // It has no output in which the others would be.
  return { ms, jobMs: null, rows: parseSales(outputOf(before) + lines.join('\n')) };
}

function queryOf({ path, format }: SalesDay): string {
  const source = format === 'csv' ? typedCsv(path) : `read_parquet('${path}')`;
  return `SELECT store, product, count(*), sum(pieces), sum(price) FROM ${source} GROUP BY ALL`;
}
