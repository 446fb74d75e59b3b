/** Days of Parquet files through a SELECT: values, errors, and files of text beside them. */
import { readdir } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DuckDb } from '../../../src/engine/duckdb/duckdb.js';
import { createLookAtParquet } from '../../../src/engine/duckdb/look-at-file.js';
import { createPlainCheck } from '../../../src/engine/duckdb/plain/check-plain.js';
import type { SqlMeans } from '../../../src/engine/duckdb/sql/aggregate-sql.js';
import { writeCanonical } from '../../../src/engine/duckdb/sql/canonical-rows.js';
import { describeSql } from '../../../src/engine/duckdb/sql/describe-sql.js';
import { createSqlEngine } from '../../../src/engine/duckdb/sql/engine.js';
import { seePlain } from '../../../src/engine/duckdb/sql/see-plain.js';
import type { SqlJob } from '../../../src/engine/duckdb/sql/sql-job.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import type { Day } from '../../../src/model/day.js';
import { placeOf } from '../../../src/model/raw-problem.js';
import { readSqlDefinition } from '../../../src/model/read-sql-definition.js';
import { testDuckDb } from '../../support/declared-sql.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { type Contents, writeFiles } from '../job.js';
import { copied, typed } from './parquet/day.js';

interface Asked {
  readonly columns: Readonly<Record<string, string>>;
  readonly sql: string;
  readonly by?: readonly string[];
  readonly dayColumn?: string;
}

const { signal } = new AbortController();

async function aggregate(contents: Contents, asked: Asked, given: Partial<SqlMeans> = {}) {
  const { columns, by = [], ...rest } = asked;
  const source = { dayKind: 'date', columns: Object.entries(columns), by, ...rest } as const;
  const read = readSqlDefinition(source);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  const described = await describeSql(testDuckDb, read.declaration, signal);
  if (described.kind === 'mistakes') throw new Error(JSON.stringify(described.mistakes));
  const pool = new ThreadPool({ size: 1 });
  onTestFinished(() => pool.close());
  const rowsRoot = await makeTempDir();
  const lookAtParquet = createLookAtParquet(pool);
  const means = { see: seePlain(createPlainCheck(pool)), lookAtParquet, writeCanonical, rowsRoot };
  const engine = createSqlEngine({ duckdb: testDuckDb, ...means, ...given });
  const files = await writeFiles(contents);
  const { definition } = described;
  const job: SqlJob = { day: '2026-11-23' as Day, definition, files, complete: false, signal };
  const found = await engine.aggregate(job);
  expect(await readdir(rowsRoot)).toEqual([]);
  return found;
}

async function lines(...asked: Parameters<typeof aggregate>): Promise<string[]> {
  const found = await aggregate(...asked);
  if (found.kind === 'rejected') throw new Error(found.problems.map(placeOf).join('\n'));
  return found.rows.map(({ key, values }) => [...key, ...values].join('; '));
}

async function problems(...asked: Parameters<typeof aggregate>): Promise<string[]> {
  const found = await aggregate(...asked);
  if (found.kind === 'aggregated') throw new Error(JSON.stringify(found.rows));
  return found.problems.map(placeOf);
}

const trips = {
  columns: { 'user.id': 'text', fare: 'decimal(6,2)?', seconds: 'integer' },
  sql: 'select "user.id" id, count(*) n, sum(fare) fare, max(seconds) most from day group by all',
  by: ['id'],
};

const header = 'user.id,fare,seconds';

describe('the SELECT sees of Parquet files', () => {
  it('fields by their paths, doubles as decimals, and columns that are missing', async () => {
    const files = await copied({
      'a.parquet': "SELECT {'id': 'A'} AS \"user\", 0.1::DOUBLE AS fare, 10::INTEGER AS seconds",
      'b.parquet': "SELECT 20.0::DOUBLE AS seconds, 1 AS other, {'x': 1, 'id': 'A'} AS \"user\"",
      'c.parquet': 'SELECT \'B\' AS "user.id", 0.2::FLOAT AS fare, 30::UTINYINT AS seconds',
      'd.parquet': 'SELECT \'B\' AS "user.id", 0.3::FLOAT AS fare, 40::UTINYINT AS seconds',
      'e.parquet': 'SELECT \'B\' AS "user.id", 1::BIGINT AS fare, 1 AS seconds LIMIT 0',
    });
    expect(await lines(files, trips)).toEqual(['A; 2; 0.10; 20', 'B; 2; 0.50; 40']);
    expect(await aggregate(files, trips)).toMatchObject({
      records: 4,
      files: [
        { rows: 1, columns: [] },
        { rows: 1, columns: ['other', 'user.x'], lacking: ['fare'] },
        ...[{ rows: 1 }, { rows: 1 }, { rows: 0 }],
      ],
    });
  });

  it('the types that it was described with, whatever the files have', async () => {
    const columns = {
      ...{ a: 'text?', b: 'integer', c: 'decimal(20,1)', d: 'boolean', e: 'date' },
      ...{ f: 'timestamp', g: 'timestamp' },
    };
    const types = Object.keys(columns).map((name) => `typeof(${name})`);
    const sql = `select concat_ws(' ', ${types.join()}) as types, max(b * 1000000000) most, min(a) least, string_agg(strftime(g, '%H:%M:%S.%f'), ' ' order by g) times from day group by 1`;
    const common = "'' AS a, true AS d, DATE '2026-11-23' AS e";
    const times = "TIMESTAMP_MS '2026-11-23 09:12:00.5' AS f";
    const files = await copied({
      'a.parquet': `SELECT ${common}, 100::TINYINT AS b, 1::INTEGER AS c, ${times}, TIMESTAMP_NS '2026-11-23 09:12:00.123456' AS g`,
      'b.parquet': `SELECT ${common}, 100::UINTEGER AS b, 1.5::FLOAT AS c, ${times}, TIMESTAMPTZ '2026-11-23 10:12:00+00' AS g`,
    });
    expect(await lines(files, { columns, sql, by: ['types'] })).toEqual([
      'VARCHAR BIGINT DECIMAL(20,1) BOOLEAN DATE TIMESTAMP TIMESTAMP; 100000000000; ; 09:12:00.123456 10:12:00.000000',
    ]);
  });

  it('rows that a footer denies', async () => {
    const file = Buffer.from(typed({ type: 'INT64' }, [0x1111n, null, 0x4444_4444_4444_4444n]));
    const at = file.lastIndexOf(Buffer.from('3c36022808', 'hex'));
    expect(at).toBeGreaterThan(0);
    file.writeUInt8(0, at + 2);
    const asked = { columns: { x: 'integer?' }, sql: 'select count(x) n, count(*) total from day' };
    expect(await lines({ 'a.parquet': file }, asked)).toEqual(['2; 3']);
  });

  it('beside files of text, plain or not', async () => {
    const { 'a.parquet': file = '' } = await copied({
      'a.parquet': `SELECT 'A' AS "user.id", 1.5 AS fare, 10 AS seconds`,
    });
    const contents = {
      '0.csv': `${header}\nA,2,20\n`,
      '1.parquet': file,
      '2.csv': `${header}\n"A",,30.0\n`,
      '3.csv': '',
      '4.parquet': file,
    };
    expect(await lines(contents, trips)).toEqual(['A; 4; 5.00; 30']);
    const { '2.csv': _, '3.csv': __, ...plain } = contents;
    expect(await lines(plain, trips)).toEqual(['A; 3; 5.00; 20']);
  });
});

describe('a day of Parquet files is refused', () => {
  it('for cells that are wrong: each with its place, the first 20, and all counted', async () => {
    const files = await copied({
      'a.parquet': `SELECT 'A' AS "user.id", 1.5 AS fare, CASE WHEN range <> 1 THEN range END AS seconds FROM range(3)`,
      'b.parquet': `SELECT 'A' AS "user.id", 1.505::DOUBLE AS fare, 1 AS seconds FROM range(30)`,
    });
    const found = await aggregate(files, trips);
    if (found.kind === 'aggregated') throw new Error('it is wrong');
    expect([found.problemCount, found.problems.length]).toEqual([31, 20]);
    expect(found.problems.slice(0, 2).map(placeOf)).toEqual([
      'a.parquet, row 2, column "seconds": it is empty; a ? after the type of this column, under columns of the dataset, would allow that',
      'b.parquet, row 1, column "fare" holds "1.505": it must be a number with at most 4 digits before the point and 2 digits after it, such as 3.5',
    ]);
  });

  it('for types, columns, another day, and times that the SELECT would see cut', async () => {
    const files = await copied({
      'a.parquet': `SELECT 'A' AS "user.id", 'x' AS fare`,
      'b.parquet': `SELECT 'A' AS "user.id", 1 AS fare, 1 AS seconds, '2026-11-22' AS dt`,
    });
    const dated = { ...trips, dayColumn: 'dt' };
    const told = await problems(files, dated);
    const places = ['a.parquet, column "fare": ', 'a.parquet, column "seconds": the file lacks '];
    const other = 'b.parquet, row 1, column "dt" holds "2026-11-22": ';
    expect(told).toEqual([...places, other].map((each) => expect.stringMatching(`^${each}`)));
    const times = await copied({
      'a.parquet': `SELECT unnest([TIMESTAMP_NS '2026-11-23 09:12:00.123456', TIMESTAMP_NS '2026-11-23 09:12:00.123456789']) AS t`,
    });
    const latest = { columns: { t: 'timestamp?' }, sql: 'select max(t) t from day' };
    expect(await problems(times, latest)).toEqual([
      'a.parquet, row 2, column "t" holds "2026-11-23 09:12:00.123456789": it has more than six digits of a second, and a dataset of sql holds times to the microsecond',
    ]);
  });

  it('for damage, in a column that holds no wrong cell, or before any', async () => {
    const noise = `SELECT 'A' AS "user.id", (hash(range) % 1000000)::INTEGER AS seconds FROM range(3000)`;
    const { 'a.parquet': whole = '' } = await copied({ 'a.parquet': noise }, ', COMPRESSION gzip');
    const bytes = Buffer.from(whole);
    const footerAt = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
    bytes.fill(0xff, footerAt >> 1, (footerAt >> 1) + 40);
    const columns = { 'user.id': 'text', fare: 'decimal(6,2)?', seconds: 'integer?' };
    const [said, ...more] = await problems({ 'a.parquet': bytes }, { ...trips, columns });
    expect(said).toMatch(
      /^a.parquet, column "seconds": the file is damaged, .+ DuckDB cannot read it \(.+\)\. Write it again$/,
    );
    expect([more, said?.includes('/tmp')]).toEqual([[], false]);
    expect(await problems({ 'a.parquet': bytes.subarray(0, footerAt) }, trips)).toEqual([
      'a.parquet: the file is cut: it begins as Parquet, and does not end so. Deliver it again',
    ]);
  });

  it('by each kind of file in its own words', async () => {
    const files = await copied({
      'a.parquet': `SELECT 'A' AS "user.id", 1 AS fare, NULL::INTEGER AS seconds`,
    });
    const told = await problems({ ...files, 'b.csv': `${header}\nA,2,x\n` }, trips);
    expect(told.map((each) => each.slice(0, 36)).sort()).toEqual([
      'a.parquet, row 1, column "seconds": ',
      'b.csv, line 2, column "seconds" hold',
    ]);
  });

  it('for a name that DuckDB would take for the other file, whose rows would count twice', async () => {
    const one = `SELECT 'A' AS "user.id", 1 AS fare, 1 AS seconds`;
    expect(await problems(await copied({ 'a1.parquet': one, 'a[1].parquet': one }), trips)).toEqual(
      [expect.stringMatching(/^a\[1\]\.parquet: its path has .* rename the file or its folder$/)],
    );
  });

  it('for what the SELECT fails on, where the files are sound', async () => {
    const files = await copied({
      'a.parquet': `SELECT 'A' AS "user.id", 1 AS fare, 300 AS seconds`,
    });
    const narrow = { ...trips, sql: 'select max(seconds::tinyint) n from day', by: [] };
    expect(await problems(files, narrow)).toEqual([
      expect.stringMatching(/^a.parquet: sql fails on its rows: .*300.* out of range/),
    ]);
  });
});

it('another number of rows than the footer says is not believed', async () => {
  const files = await copied({ 'a.parquet': `SELECT 'A' AS "user.id", 1 AS seconds` });
  const duckdb: Pick<DuckDb, 'rows'> = {
    rows: async (query, ...more) => {
      const found = await testDuckDb.rows(query, ...more);
      const isDay = query.setup?.some((each) => each.includes('VIEW day'));
      return isDay ? found.map(([about = null, ...cells]) => [about && '2 0', ...cells]) : found;
    },
  };
  await expect(aggregate(files, trips, { duckdb })).rejects.toThrow('the rows that its files have');
});
