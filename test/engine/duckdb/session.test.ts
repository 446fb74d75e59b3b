/** Days of a run together: what is asked of DuckDB, and what becomes of answers that are late, wrong or none. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { DayAggregate, DayRejection, Engine } from '../../../src/core/ports/engine.js';
import type { ColumnsJob } from '../../../src/engine/csv/columns/aggregate-columns.js';
import { createCsvEngine } from '../../../src/engine/csv/engine.js';
import { type DuckDb, DuckFailure, type DuckRow } from '../../../src/engine/duckdb/duckdb.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { columnsJob, definitionOf } from '../columns/job.js';
import { rawFileAt } from '../job.js';
import { openDuckDb, openDuckDbEngine } from './open-engine.js';

const csv = createCsvEngine();

const definition = definitionOf({
  columns: { zone: 'text', fare: 'integer?' },
  by: ['zone'],
  measures: { n: 'count()', fare: 'sum(fare)', mean: 'avg(fare, 1)' },
});

/** One file each. */
async function jobsOver(
  texts: readonly string[],
  options: Partial<Pick<ColumnsJob, 'signal' | 'onBytes'>> = {},
): Promise<ColumnsJob[]> {
  const root = await makeTempDir();
  return Promise.all(
    texts.map(async (text, at) => {
      const day = new Date(Date.UTC(2000, 0, 1 + at)).toISOString().slice(0, 10);
      const path = join(root, day, 'a.csv');
      await mkdir(join(root, day));
      await writeFile(path, text);
      return columnsJob([await rawFileAt(path, 'a.csv')], definition, { day, ...options });
    }),
  );
}

async function inSession(
  engine: Engine,
  jobs: readonly ColumnsJob[],
): Promise<(DayAggregate | DayRejection | Error)[]> {
  const session = engine.session?.(jobs, () => undefined);
  const found: (DayAggregate | DayRejection | Error)[] = [];
  for (const job of jobs) {
    const day = session?.aggregate(job).catch((error: Error) => error);
    found.push((await day) as DayAggregate);
  }
  await session?.close();
  return found;
}

const expectedOf = (jobs: readonly ColumnsJob[]) => Promise.all(jobs.map(csv.aggregate));

const textOf = (at: number) => `zone,fare\nx,${at}\ny,\nx,${at + 1}\n`;
const texts = (count: number) => Array.from({ length: count }, (_, at) => textOf(at));

test('3,650 small days take a few queries, and each of them comes to its own rows', {
  timeout: 300_000,
}, async () => {
  const { engine, count } = openDuckDbEngine();
  const odd = new Map([
    [0, 'zone,fare\nx,1.5\n'],
    [1234, 'zone,fare\nx,1,2\n'],
    [3000, ''],
    [3001, 'zone,fare\n'],
    [3002, 'fare,zone,more\n3,x,\n'],
    [3649, 'zone,fare\nx,9223372036854775807\nx,1\n'],
  ]);
  const jobs = await jobsOver(texts(3650).map((text, at) => odd.get(at) ?? text));
  expect(await inSession(engine, jobs)).toEqual(await expectedOf(jobs));
  expect(count.queries).toBeLessThan(12);
  expect(count.left).toBe(3);
});

test('a large day has a query of its own', { timeout: 120_000 }, async () => {
  const { engine, count } = openDuckDbEngine();
  const large = `zone,fare\n${'some zone with a long name,12345\n'.repeat(140_000)}`;
  const jobs = await jobsOver([textOf(1), textOf(2), large, textOf(3), large]);
  expect(await inSession(engine, jobs)).toEqual(await expectedOf(jobs));
  expect(count).toEqual({ queries: 4, left: 0 });
});

/** DuckDB, with something done to its answers. */
function altered(
  alter: (rows: DuckRow[], asked: number) => readonly DuckRow[] | Promise<readonly DuckRow[]>,
): Pick<DuckDb, 'rows'> {
  const duckdb = openDuckDb();
  let asked = 0;
  return {
    rows: async (...args) => {
      asked += 1;
      return alter([...(await duckdb.rows(...args))], asked);
    },
  };
}

const withCell = (rows: DuckRow[], row: number, cell: number, text: string | null) =>
  rows.map((cells, at) => (at === row ? cells.map((own, i) => (i === cell ? text : own)) : cells));

test.each<[what: string, alter: (rows: DuckRow[]) => readonly DuckRow[]]>([
  ['rows in another order', (rows) => rows.toReversed()],
  ['days in another order', (rows) => [...rows.slice(2), ...rows.slice(0, 2)]],
  ['a row twice', (rows) => [rows[0] as DuckRow, ...rows]],
  ['a row with a cell too few', (rows) => rows.map((row) => row.slice(0, -1))],
  ['a row with a cell too many', (rows) => rows.map((row) => [...row, 'x'])],
  ['a row without cells', (rows) => [[], ...rows]],
  ['a day that is none', (rows) => [...rows, ['9', ...(rows[0] as DuckRow).slice(1)]]],
  ['a day that is no number', (rows) => withCell(rows, 0, 0, 'x')],
  ['a negative count', (rows) => withCell(rows, 0, 2, '-2')],
  ['a group of no rows', (rows) => withCell(rows, 0, 2, '0')],
  ['no count', (rows) => withCell(rows, 0, 2, null)],
  ['a key that is null', (rows) => withCell(rows, 0, 3, null)],
  ['a sum that is no number', (rows) => withCell(rows, 0, 5, '1e3')],
  ['an average without its count', (rows) => withCell(rows, 0, 6, '5')],
  ['bad rows that are no number', (rows) => withCell(rows, 0, 1, 'none')],
])('of %s nothing is taken', { timeout: 60_000 }, async (_, alter) => {
  const { engine, count } = openDuckDbEngine({ duckdb: altered(alter) });
  const found = await inSession(engine, await jobsOver(texts(3)));
  for (const each of found) {
    expect(each).toMatchObject({
      slug: 'engine-failed',
      message: expect.stringMatching(/^DuckDB’s result cannot be used: .*None of it was used/),
    });
  }
  expect(count.left).toBe(0);
});

test.each<[what: string, alter: (rows: DuckRow[]) => readonly DuckRow[], left: number]>([
  ['the last rows missing', (rows) => rows.slice(0, -1), 1],
  ['nothing at all', () => [], 3],
  ['rows counted twice', (rows) => withCell(rows, 0, 2, '4'), 1],
  ['a row that is bad', (rows) => withCell(rows, 3, 1, '1'), 1],
  ['a sum beyond 64 bits', (rows) => withCell(rows, 3, 5, '9'.repeat(30)), 1],
])('with %s the reference reads the day', { timeout: 60_000 }, async (_, alter, left) => {
  const { engine, count } = openDuckDbEngine({ duckdb: altered(alter) });
  const jobs = await jobsOver(texts(3));
  expect(await inSession(engine, jobs)).toEqual(await expectedOf(jobs));
  expect(count).toEqual({ queries: 1, left });
});

test('of days with too many groups the reference reads those alone', {
  timeout: 60_000,
}, async () => {
  const { engine, count } = openDuckDbEngine({ mostRows: 3 });
  const jobs = await jobsOver([textOf(1), 'zone,fare\na,1\nb,2\nc,3\nd,4\n', textOf(2)]);
  expect(await inSession(engine, jobs)).toEqual(await expectedOf(jobs));
  expect(count.left).toBe(1);
});

/** Fails each query over a file that holds `poison`. */
function failing(make: () => Error, poison: (files: readonly string[]) => boolean) {
  const duckdb = openDuckDb();
  const rows: DuckDb['rows'] = async (query, ...rest) => {
    if (poison(query.files)) throw make();
    return duckdb.rows(query, ...rest);
  };
  return { rows };
}

const isIn = (day: string) => (files: readonly string[]) =>
  files.some((file) => file.includes(`/${day}/`));

test('a file that DuckDB cannot read is left to the reference, and no other', {
  timeout: 60_000,
}, async () => {
  const duckdb = failing(() => new DuckFailure('data', 'it is strange'), isIn('2000-01-11'));
  const { engine, count } = openDuckDbEngine({ duckdb });
  const jobs = await jobsOver(texts(40));
  expect(await inSession(engine, jobs)).toEqual(await expectedOf(jobs));
  expect(count.left).toBe(1);
  expect(count.queries).toBeLessThan(16);
});

test.each<[error: () => Error, message: RegExp]>([
  [
    () => new DuckFailure('memory', 'out of it'),
    /^DuckDB needs more memory.* set DAYMARK_DUCKDB_MEMORY higher.*TMPDIR.*: out of it$/,
  ],
  [() => new DuckFailure('refused', 'locked'), /^DuckDB must not read the day.*: locked$/],
  [() => new DuckFailure('query', 'what?'), /^DuckDB does not understand the query.*: what\?$/],
  [() => new Error('DuckDB’s process ended'), /^DuckDB’s process ended$/],
])('%s fails its day alone', { timeout: 60_000 }, async (make, message) => {
  const { engine, count } = openDuckDbEngine({ duckdb: failing(make, isIn('2000-01-02')) });
  const jobs = await jobsOver(texts(5));
  const expected = await expectedOf(jobs);
  const found = await inSession(engine, jobs);
  expect(found.toSpliced(1, 1)).toEqual(expected.toSpliced(1, 1));
  expect(found[1]).toMatchObject({ message: expect.stringMatching(message) });
  expect(count.left).toBe(0);
});

test('a process that always dies is not started for each of a thousand days', async () => {
  const { engine, count } = openDuckDbEngine({
    duckdb: failing(
      () => new Error('it died'),
      () => true,
    ),
  });
  const found = await inSession(engine, await jobsOver(texts(400)));
  expect(found.every((each) => each instanceof Error && each.message === 'it died')).toBe(true);
  expect(count.queries).toBeLessThan(30);
});

test('days that are called off stop the query, and the session ends at once', async () => {
  let aborted = false;
  const rows: DuckDb['rows'] = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        aborted = true;
        reject(signal.reason);
      });
    });
  const { engine, count } = openDuckDbEngine({ duckdb: { rows } });
  const stop = new AbortController();
  const jobs = await jobsOver(texts(3), { signal: stop.signal });
  const session = engine.session?.(jobs, () => undefined);
  const first = session?.aggregate(jobs[0] as ColumnsJob);
  while (count.queries === 0) await sleep(5);
  stop.abort(new Error('called off'));
  await expect(first).rejects.toThrow('called off');
  await session?.close();
  expect(aborted).toBe(true);
  await expect(engine.aggregate(jobs[1] as ColumnsJob)).rejects.toThrow('called off');
  expect(count).toEqual({ queries: 1, left: 0 });
});

test('bytes are told as they are read, and each once', { timeout: 60_000 }, async () => {
  const { engine } = openDuckDbEngine();
  const told: number[] = [];
  const onBytes = (bytes: number) => told.push(bytes);
  const odd = `${textOf(1)}x,1.5\n`;
  const jobs = await jobsOver([textOf(1), odd, 'zone\n'], { onBytes });
  await inSession(engine, jobs);
  const sizes = jobs.map(({ files }) => files[0]?.sizeBytes ?? 0);
  expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(sizes.reduce((a, b) => a + b));
  expect(told.every((bytes) => Number.isInteger(bytes) && bytes > 0)).toBe(true);
});
