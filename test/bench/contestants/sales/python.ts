import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { groupedBy } from '../../../../src/model/grouped.js';
import { threads } from '../../facts.js';
import type { Found } from '../../workloads/check-rows.js';
import { outputOf, parseSales, type Sales } from '../../workloads/sales.js';
import { runScript } from '../python.js';
import type { NewSales, SalesContestant } from './sales.js';

/** Where a job keeps the days. */
export interface SalesOutput {
  /** With the days before. */
  prepare(path: string, before: readonly Sales[]): Promise<void>;
  read(path: string): Promise<Found[]>;
}

export interface SalesJob {
  readonly name: string;
  /** The interpreter of an environment that has what the script imports. */
  readonly python: string;
  /** In `test/bench/python`. */
  readonly script: string;
  readonly output: SalesOutput;
}

/** A script that makes the day, and puts it into its output in place of the day as it was; each time in a new process. */
export function salesJob(
  { name, python, script, output }: SalesJob,
  folder: string,
): SalesContestant {
  const enter = async ({ day, before }: NewSales) => {
    const own = join(folder, script.replace(/[.]py$/, ''));
    const path = join(own, 'output');
    await mkdir(own);
    await output.prepare(path, before);
    const args = [day.path, day.format, path, day.day, `${threads}`, join(own, 'work')];
    const attempt = async () => {
      const times = await runScript(python, script, args, own);
      return { ...times, rows: await output.read(path) };
    };
    return { attempt, leave: () => rm(own, { recursive: true }) };
  };
  return { name, enter };
}

export const oneFile: SalesOutput = {
  prepare: (path, before) => writeFile(path, outputOf(before)),
  read: async (path) => parseSales(await readFile(path, 'utf8')),
};

/** As Spark writes them: the day is told by the name of the folder alone. */
export const folderOfDays: SalesOutput = {
  prepare: async (path, before) => {
    for (const [day, groups] of groupedBy(before, ({ day }) => day)) {
      const lines = outputOf(groups).trimEnd().split('\n').slice(1);
      const rows = lines.map((line) => line.slice(day.length + 1));
      await mkdir(join(path, `date=${day}`), { recursive: true });
      await writeFile(join(path, `date=${day}`, 'part-0.csv'), `${rows.join('\n')}\n`);
    }
  },
  read: async (path) => {
    const names = (await readdir(path, { recursive: true })).filter((name) =>
      /^date=[^/]*\/part-[^/]*[.]csv$/.test(name),
    );
    const texts = names.map(async (name) => {
      const [, day = ''] = /^date=([^/]*)/.exec(name) ?? [];
      const text = await readFile(join(path, name), 'utf8');
      return text.replace(/^(?=.)/gm, `${day},`);
    });
    return parseSales((await Promise.all(texts)).join(''));
  },
};

/** The table `sales` of a database. */
export const duckDbTable: SalesOutput = {
  prepare: async (path, before) => {
    const text = `${path}.csv`;
    await writeFile(text, outputOf(before));
    const types = `date: 'DATE', store: 'VARCHAR', product: 'VARCHAR', orders: 'BIGINT', pieces: 'HUGEINT', paid: 'DECIMAL(38,2)'`;
    const read = `read_csv('${text}', header = true, columns = {${types}})`;
    await inDatabase(path, `CREATE TABLE sales AS FROM ${read}`);
    await rm(text);
  },
  read: async (path) => {
    const rows = await inDatabase(path, 'SELECT COLUMNS(*)::VARCHAR FROM sales');
    return parseSales(rows.map((cells) => cells.join()).join('\n'));
  },
};

async function inDatabase(path: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
