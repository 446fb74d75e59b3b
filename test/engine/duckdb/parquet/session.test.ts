import { join } from 'node:path';
import { expect, it } from 'vitest';
import type {
  ColumnsDay,
  ColumnsJob,
} from '../../../../src/engine/csv/columns/aggregate-columns.js';
import { placeOf } from '../../../../src/model/raw-problem.js';
import { columnsJob, definitionOf, linesOf, type ShortSource } from '../../columns/job.js';
import { type Contents, writeFiles } from '../../job.js';
import { copied, dayOf, engineFor, problems, rows, withDuckDb, written } from './day.js';

withDuckDb();

const source: ShortSource = {
  columns: { zone: 'text', seconds: 'integer?', filename: 'integer?' },
  dayColumn: 'day',
  by: ['zone'],
  measures: { n: 'count()', sum: 'sum(seconds)', most: 'max(filename)' },
};

async function jobOf(day: string, files: Contents, of = source): Promise<ColumnsJob> {
  return columnsJob(await writeFiles(files), definitionOf(of), { day });
}

async function read(jobs: readonly ColumnsJob[]): Promise<(ColumnsDay | Error)[]> {
  const session = engineFor().session?.(jobs, () => undefined);
  if (session === undefined) throw new Error('there is no session');
  const days: (ColumnsDay | Error)[] = [];
  for (const job of jobs) days.push(await session.aggregate(job).catch((error: Error) => error));
  await session.close();
  return days;
}

const told = (day: ColumnsDay | Error | undefined) => {
  if (day === undefined || day instanceof Error) throw day ?? new Error('there is no day');
  return day.kind === 'aggregated' ? linesOf(day) : day.problems.map(placeOf);
};

it('Parquet: days of a session are told apart, whatever their files are called and hold', async () => {
  const days = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'];
  const select = (day: string, at: number) =>
    `SELECT DATE '${day}' AS day, 'x' AS zone, ${at} AS seconds, ${at * 2} AS filename`;
  const jobs = await Promise.all(
    days.map(async (day, at) => {
      const files = await copied({
        'a.parquet': select(day, at),
        'b[1].parquet': select(day, at).replace(', 0 AS seconds', ''),
      });
      return jobOf(day, files);
    }),
  );
  const wrong = await jobOf('2026-11-28', await copied({ 'a.parquet': select('2026-11-29', 1) }));
  const cut = await jobOf('2026-11-30', { 'a.parquet': 'PAR1' });
  const all = await read([...jobs, wrong, cut]);
  expect(all.slice(0, 5).map(told)).toEqual([
    ['x: 2,0,0'],
    ['x: 2,2,2'],
    ['x: 2,4,4'],
    ['x: 2,6,6'],
    ['x: 2,8,8'],
  ]);
  expect(told(all[5])).toEqual([
    'a.parquet, row 1, column "day" holds "2026-11-29": it must be 2026-11-28, the day of its folder',
  ]);
  expect(told(all[6])[0]).toMatch(/^a.parquet: the file is cut/);
});

it('Parquet: a file that is gone fails its day, and no other', async () => {
  const select = "SELECT 'x' AS zone, 1 AS seconds";
  const sound = await jobOf('2026-11-23', await copied({ 'a.parquet': select }));
  const [file] = sound.files;
  if (file === undefined) throw new Error('there is no file');
  const gone = { ...sound, files: [{ ...file, path: join(file.path, '..', 'gone.parquet') }] };
  const [first, second] = await read([gone, sound]);
  expect(String(first)).toMatch(/a\.parquet is gone/);
  expect(told(second)).toEqual(['x: 1,1,']);
});

it('Parquet: files of text may stand beside it, as long as nothing is odd', async () => {
  const files = {
    ...(await copied({ 'a.parquet': "SELECT 'x' AS zone, 1 AS seconds" })),
    'b.csv': 'zone,seconds,filename\nx,2,\n',
  };
  const [sound, odd] = await read([
    await jobOf('2026-11-23', files),
    await jobOf('2026-11-24', { ...files, 'b.csv': 'zone,seconds,filename\nx,two,\n' }),
  ]);
  expect(told(sound)).toEqual(['x: 2,3,']);
  expect(told(odd)[0]).toMatch(/^b.csv: the day has Parquet files, and something is odd/);
});

it('Parquet: a large file is looked at on a thread', async () => {
  const select = "SELECT 'x' || range AS zone, hash(range) % 100000 AS seconds FROM range(60000)";
  const whole = await copied({ 'a.parquet': select }, ', COMPRESSION uncompressed');
  expect(whole['a.parquet']?.length).toBeGreaterThan(300_000);
  const totals = { ...source, by: [] };
  expect(await rows(whole, totals)).toHaveLength(1);
  const lacking = { ...totals, columns: { ...source.columns, other: 'integer' } };
  expect((await problems(whole, lacking))[0]).toMatch(/^a.parquet, column "other": the file lacks/);
});

it('Parquet: says which sum is too large, and from which row on', async () => {
  const data = [2n ** 62n, 1n, 2n ** 62n - 1n, 5n, -3n, 1n];
  const file = written({
    columns: [
      { name: 'zone', data: ['x', 'y', 'x', 'x', 'x', 'y'], type: 'STRING' },
      { name: 'seconds', data, type: 'INT64' },
    ],
  });
  expect(await problems({ 'a.parquet': file }, source)).toEqual([
    'a.parquet, row 4, column "seconds" holds "5": from this row on sum of zone "x" is too large, and ends as 9223372036854775809; an integer has 64 bits; a column of type decimal(19,0) gives sums of up to 38 digits',
  ]);
});

it('Parquet: adds up row by row where DuckDB cannot', async () => {
  // Along the way it has 39 digits.
  const most = '9'.repeat(38);
  const select = `SELECT unnest([${most}, ${most}, -${most}, 1])::DECIMAL(38,0) AS x, unnest(['a', 'a', 'a', 'a']) AS zone`;
  const sums = {
    columns: { x: 'decimal(38,0)', zone: 'text' },
    by: ['zone'],
    measures: { sum: 'sum(x)' },
  };
  const small = select.replaceAll(most, `9${'0'.repeat(37)}`);
  expect(await rows(await copied({ 'a.parquet': small }), sums)).toEqual([
    `a: 9${'0'.repeat(36)}1`,
  ]);
  // One has times that the other's type does not reach.
  const times = await copied({
    'a.parquet': "SELECT '2026-11-23 00:00:00.000000001'::TIMESTAMP_NS AS at",
    'b.parquet': "SELECT TIMESTAMP '0001-01-01' AS at",
  });
  expect(
    await rows(times, {
      columns: { at: 'timestamp' },
      measures: { least: 'min(at)', most: 'max(at)' },
    }),
  ).toEqual([': 0001-01-01T00:00:00Z,2026-11-23T00:00:00.000000001Z']);
  // More groups than are asked for.
  const many = await copied({
    'a.parquet': "SELECT 'x' || range AS zone, range AS seconds FROM range(60000)",
  });
  const day = await dayOf(many, source, { mostRows: 100 });
  expect(day.kind === 'aggregated' && day.rows.length).toBe(60_000);
});
