/** A query reaches nothing but its files, and changes nothing. */
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTempDir } from '../../support/temp-dir.js';
import { failureOf, folderOf, never, openDuckDb, query } from './support.js';

/** A folder with the file of a query, and one that it may not see. */
async function twoFiles() {
  const folder = await makeTempDir();
  const allowed = join(folder, 'allowed.csv');
  const other = join(folder, 'other.csv');
  writeFileSync(allowed, 'x,y\n1,2\n');
  writeFileSync(other, 'x,y\n3,4\n');
  return { folder, allowed, other };
}

const refusals: readonly [what: string, select: (other: string, folder: string) => string][] = [
  ['read a text', () => "SELECT content FROM read_text('/etc/passwd')"],
  ['read bytes', () => "SELECT content::VARCHAR FROM read_blob('/proc/self/environ')"],
  ['read CSV', (other) => `SELECT x::VARCHAR FROM read_csv('${other}')`],
  [
    'read CSV among others',
    (other, folder) => `SELECT x::VARCHAR FROM read_csv(['${folder}/allowed.csv', '${other}'])`,
  ],
  ['read by its name', (other) => `SELECT x::VARCHAR FROM '${other}'`],
  ['read by a pattern', (_, folder) => `SELECT x::VARCHAR FROM read_csv('${folder}/*.csv')`],
  ['read by a relative path', () => "SELECT x::VARCHAR FROM read_csv('../daymark-test/other.csv')"],
  [
    'read beside',
    (other, folder) =>
      `SELECT x::VARCHAR FROM read_csv('${folder}/allowed.csv/../${basename(other)}')`,
  ],
  ['read over the process', () => "SELECT content FROM read_text('/proc/self/root/etc/passwd')"],
  ['read its own pipe', () => "SELECT content FROM read_text('/dev/fd/3')"],
  ['read JSON', (other) => `SELECT json::VARCHAR FROM read_json_objects('${other}')`],
  ['read Parquet', (other) => `SELECT x::VARCHAR FROM parquet_scan('${other}')`],
  ['read what Parquet says', (other) => `SELECT name::VARCHAR FROM parquet_schema('${other}')`],
  ['sniff', (other) => `SELECT Delimiter FROM sniff_csv('${other}')`],
  ['list a folder', (_, folder) => `SELECT file FROM glob('${folder}/*')`],
  ['list the root', () => "SELECT file FROM glob('/*')"],
  ['reach the network', () => "SELECT * FROM 'https://example.com/a.csv'"],
  ['reach an object store', () => "SELECT * FROM read_parquet('s3://bucket/a.parquet')"],
  ['read a database', (other) => `SELECT * FROM read_duckdb('${other}')`],
  ['run a text', () => "SELECT * FROM query('SELECT 1::VARCHAR')"],
  ['name a table by a text', () => "SELECT * FROM query_table('pg_class')"],
  ['run a parsed text', () => "SELECT * FROM json_execute_serialized_sql('{}')"],
  [
    'write a log',
    (_, folder) =>
      `SELECT * FROM enable_logging(storage := 'file', storage_path := '${folder}/log')`,
  ],
  [
    'write a profile',
    (_, folder) =>
      `SELECT * FROM enable_profiling(format := 'json', save_location := '${folder}/p.json')`,
  ],
  ['complete file names', () => "SELECT * FROM sql_auto_complete('SELECT * FROM ''/')"],
  ['see secrets', () => 'SELECT name FROM duckdb_secrets()'],
  ['read memory', () => 'SELECT * FROM arrow_scan(1, 2, 3)'],
  ['write a checkpoint', () => 'SELECT * FROM system.main.Force_Checkpoint()'],
  ['hide it in a subquery', () => 'SELECT (SELECT count(*) FROM duckdb_settings())::VARCHAR'],
  ['hide it in a CTE', () => 'WITH a AS (SELECT * FROM duckdb_settings()) SELECT name FROM a'],
  ['hide it beside', () => "SELECT '1' FROM range(1), LATERAL (SELECT * FROM duckdb_settings())"],
];

it.each(refusals)('refuses to %s', async (_, select) => {
  const { folder, allowed, other } = await twoFiles();
  const before = readdirSync(folder);
  const duckdb = openDuckDb();
  const refused = await failureOf(duckdb.rows(query(select(other, folder), allowed), never()));
  expect([refused.kind, refused.message]).toEqual(['refused', expect.any(String)]);
  // To understand it is as dangerous as to run it.
  const described = await failureOf(duckdb.columns(query(select(other, folder), allowed), never()));
  expect(described.kind).toBe('refused');
  expect(readdirSync(folder)).toEqual(before);
});

const statements: readonly [what: string, text: (folder: string) => string][] = [
  ['COPY', (folder) => `COPY (SELECT 1) TO '${folder}/copy.csv'`],
  ['COPY over its file', (folder) => `COPY (SELECT 1) TO '${folder}/allowed.csv'`],
  ['EXPORT', (folder) => `EXPORT DATABASE '${folder}/export'`],
  ['IMPORT', (folder) => `IMPORT DATABASE '${folder}'`],
  ['ATTACH', (folder) => `ATTACH '${folder}/a.db'`],
  ['ATTACH in memory', () => "ATTACH ':memory:' AS other"],
  ['INSTALL', () => 'INSTALL httpfs'],
  ['LOAD', (folder) => `LOAD '${folder}/a.duckdb_extension'`],
  ['SET', () => 'SET threads = 1'],
  ['SET the lock', () => 'SET lock_configuration = false'],
  ['RESET', () => 'RESET memory_limit'],
  ['PRAGMA', () => 'PRAGMA version'],
  ['PRAGMA with a value', () => 'PRAGMA threads = 1'],
  ['CREATE', () => 'CREATE TABLE t AS SELECT 1'],
  ['CREATE SECRET', () => "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')"],
  ['CREATE FUNCTION', () => 'CREATE FUNCTION f() AS 1'],
  ['DROP', () => 'DROP VIEW IF EXISTS v'],
  ['INSERT', () => 'INSERT INTO t VALUES (1)'],
  ['DELETE', () => 'DELETE FROM t'],
  ['CALL', () => 'CALL pragma_version()'],
  ['EXPLAIN', () => 'EXPLAIN SELECT 1'],
  ['DESCRIBE', () => 'DESCRIBE SELECT 1'],
  ['SHOW', () => 'SHOW TABLES'],
  ['SUMMARIZE', () => 'SUMMARIZE SELECT 1'],
  ['DESCRIBE inside', () => 'SELECT column_name FROM (DESCRIBE SELECT 1)'],
  ['BEGIN', () => 'BEGIN'],
  ['PREPARE', () => 'PREPARE p AS SELECT 1'],
  ['USE', () => 'USE main'],
  ['several', () => "SELECT 'a'; SELECT 'b'"],
  ['a second that is another', () => "SELECT 'a'; DROP VIEW v"],
  ['PIVOT, which makes a type', () => "PIVOT (SELECT 'a' k, 1 v) ON k USING sum(v)"],
  ['none', () => ''],
  ['blanks', () => '  \n'],
  ['a comment', () => '-- SELECT 1'],
  ['a semicolon', () => ';'],
];

it.each(statements)('takes nothing but one SELECT: %s', async (_, text) => {
  const { folder, allowed } = await twoFiles();
  const before = readdirSync(folder);
  const duckdb = openDuckDb();
  const failure = await failureOf(duckdb.rows(query(text(folder), allowed), never()));
  expect([failure.kind, failure.message]).toEqual([
    'query',
    expect.stringMatching(/^one SELECT is needed, and |^there is no statement$/),
  ]);
  expect(readdirSync(folder)).toEqual(before);
  expect(readFileSync(allowed, 'utf8')).toBe('x,y\n1,2\n');
});

it.each([
  ['a semicolon at the end', "SELECT 'a';"],
  ['a comment at the end', "SELECT 'a' -- ;"],
  ['WITH', "WITH t AS (SELECT 'a') FROM t"],
  ['FROM first', "FROM (SELECT 'a')"],
  ['VALUES', "VALUES ('a')"],
  ['UNION', "SELECT 'a' UNION SELECT 'a'"],
  ['functions that make rows', "SELECT 'a' FROM range(1), unnest([1]), generate_series(1, 1)"],
])('takes one SELECT however it is written: %s', async (_, text) => {
  expect(await openDuckDb().rows(query(text), never())).toEqual([['a']]);
});

it('knows no function for the environment', async () => {
  const { kind, message } = await failureOf(
    openDuckDb().rows(query("SELECT getenv('HOME')"), never()),
  );
  expect([kind, message]).toEqual(['query', expect.stringContaining('getenv does not exist')]);
});

it('gives the process nothing of the environment', async () => {
  process.env['DAYMARK_OPERATE_TOKEN'] = 'hidden';
  const duckdb = openDuckDb();
  await duckdb.rows(query("SELECT 'a'"), never());
  delete process.env['DAYMARK_OPERATE_TOKEN'];
  const [pid = 0] = duckdb.pids();
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('TZ=UTC\0');
});

it('remembers nothing of the query before', async () => {
  const { allowed } = await twoFiles();
  const duckdb = openDuckDb();
  const setup = [`CREATE VIEW v AS SELECT x::VARCHAR FROM read_csv('${allowed}')`];
  expect(await duckdb.rows({ files: [allowed], setup, select: 'FROM v' }, never())).toEqual([
    ['1'],
  ]);
  expect((await failureOf(duckdb.rows(query('FROM v'), never()))).kind).toBe('query');
  const again = query(`SELECT x::VARCHAR FROM read_csv('${allowed}')`);
  expect((await failureOf(duckdb.rows(again, never()))).kind).toBe('refused');
});

it.each([
  'a[1].csv',
  'a?.csv',
  "it's.csv",
  'a"b.csv',
  'a\\b.csv',
  'a\nb.csv',
  'a%20b#c.csv',
  '{a,b}.csv',
  ' é😀 .csv',
  '~.csv',
])('reads %j and not its neighbours', async (name) => {
  const { folder, other } = await twoFiles();
  const path = join(folder, name);
  writeFileSync(path, 'x\n5\n');
  const select = `SELECT x::VARCHAR FROM read_csv('${path.replaceAll("'", "''")}')`;
  const duckdb = openDuckDb();
  expect(await duckdb.rows(query(select, path), never())).toEqual([['5']]);
  const beside = query(`SELECT x::VARCHAR FROM read_csv('${other}')`, path);
  expect((await failureOf(duckdb.rows(beside, never()))).kind).toBe('refused');
});

it('does not read the neighbours that a name is a pattern of', async () => {
  const { folder } = await twoFiles();
  const path = join(folder, 'a*.csv');
  writeFileSync(path, 'x\n5\n');
  const select = query(`SELECT x::VARCHAR FROM read_csv('${path}')`, path);
  expect((await failureOf(openDuckDb().rows(select, never()))).kind).toBe('refused');
});

it('reads a link to an allowed file, and no link that leads elsewhere', async () => {
  const { folder, allowed, other } = await twoFiles();
  const [same, elsewhere] = [join(folder, 'same.csv'), join(folder, 'elsewhere.csv')];
  symlinkSync(allowed, same);
  symlinkSync(other, elsewhere);
  const duckdb = openDuckDb();
  const over = (link: string) => query(`SELECT x::VARCHAR FROM read_csv('${link}')`, allowed);
  expect(await duckdb.rows(over(same), never())).toEqual([['1']]);
  expect((await failureOf(duckdb.rows(over(elsewhere), never()))).kind).toBe('refused');
});

it('spills to a folder that only its user sees', async () => {
  const duckdb = openDuckDb();
  await duckdb.rows(query("SELECT 'a'"), never());
  const folder = folderOf(duckdb.pids()[0] ?? 0);
  expect(readdirSync(folder)).toEqual([]);
  await duckdb.close();
  expect(existsSync(folder)).toBe(false);
});
