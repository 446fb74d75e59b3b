/** What DuckDB says against a query: of what kind it is, and where in the text. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTempDir } from '../../support/temp-dir.js';
import { failureOf, never, openDuckDb, query } from './support.js';

/** `^` marks the place. */
it.each([
  ['^selec 1', 'syntax error at or near "selec"'],
  ['SELECT a + ^FROM t', 'syntax error at or near "FROM"'],
  [
    "SELECT 'ünï€😀', ^nope",
    'Referenced column "nope" was not found because the FROM clause is missing',
  ],
  ['SELECT 1\nFROM ^nope', 'Table with name nope does not exist!'],
  ["SELECT '😀', ^nope(1)", 'Scalar Function with name nope does not exist!'],
  ["SELECT * FROM range(1), ^query('SELECT 1')", 'the function query cannot be used here'],
  ["SELECT 'a^\0b'", 'the text has a NUL character'],
])('tells the place of a mistake: %j', async (marked, message) => {
  const text = marked.replace('^', '');
  for (const kind of ['rows', 'columns'] as const) {
    const failure = await failureOf(openDuckDb()[kind](query(text), never()));
    expect(failure.message.startsWith(message)).toBe(true);
    expect(failure.at).toBe(marked.indexOf('^'));
  }
});

it.each([
  ["SELECT 'a'::INTEGER::VARCHAR", 'data', "Could not convert string 'a' to INT32"],
  ['SELECT (9223372036854775807 + i)::VARCHAR FROM range(9) t(i)', 'data', 'Overflow in addition'],
  ["SELECT error('oops')::VARCHAR", 'data', 'oops'],
  ['SELECT 1', 'query', 'column 1 is INTEGER, not VARCHAR'],
  ['SELECT ?', 'query', 'parameters such as ? or $1 have no values'],
  ["SELECT 'a\ud800'", 'query', 'the text is not well-formed Unicode'],
  ["SELECT regexp_extract('é', '\\C', 0)", 'data', 'the result has a text that is not UTF-8'],
  [
    "SELECT repeat(regexp_extract('é', '\\C', 0), 20)",
    'data',
    'the result has a text that is not UTF-8',
  ],
])('tells of what kind a failure is: %j', async (text, kind, message) => {
  const failure = await failureOf(openDuckDb().rows(query(text), never()));
  expect([failure.kind, failure.message.slice(0, message.length)]).toEqual([kind, message]);
});

it('fails with a file that is not what the query says', async () => {
  const folder = await makeTempDir();
  const path = join(folder, 'a.parquet');
  writeFileSync(path, 'PAR1, but no more');
  const failure = await failureOf(
    openDuckDb().rows(query(`SELECT x::VARCHAR FROM '${path}'`, path), never()),
  );
  expect(failure.kind).toBe('data');
});

it('fails with a file that is not there', async () => {
  const path = join(await makeTempDir(), 'a.csv');
  const failure = await failureOf(
    openDuckDb().rows(query(`SELECT x::VARCHAR FROM read_csv('${path}')`, path), never()),
  );
  expect([failure.kind, failure.message]).toEqual(['data', expect.stringContaining(path)]);
});

it.each([
  ['a NUL', "SELECT 'a' || chr(0) || 'b'", 'a\0b'],
  ['a replacement character', "SELECT '\ufffd'", '\ufffd'],
  ['a long one', "SELECT repeat('\ufffdé', 30)", '\ufffdé'.repeat(30)],
  ['a line separator', "SELECT '\u2028\r\n'", '\u2028\r\n'],
  ['nothing', "SELECT ''", ''],
  ['a surrogate pair', "SELECT '😀'", '😀'],
  ['a byte order mark', "SELECT '\ufeff'", '\ufeff'],
  ['a long text that begins with one', "SELECT repeat('\ufeffé', 30)", '\ufeffé'.repeat(30)],
])('gives texts back as they are: %s', async (_, text, value) => {
  expect(await openDuckDb().rows(query(text), never())).toEqual([[value]]);
});

it('gives back many rows in their order', async () => {
  const select =
    'SELECT i::VARCHAR, CASE WHEN i % 3 = 0 THEN NULL ELSE (i * 7919)::VARCHAR END FROM range(100000) t(i) ORDER BY i DESC';
  const rows = await openDuckDb().rows(query(select), never());
  const expected = Array.from({ length: 100_000 }, (_, at) => 99_999 - at).map((i) => [
    String(i),
    i % 3 === 0 ? null : String(i * 7_919),
  ]);
  expect(rows).toEqual(expected);
});

it('describes the columns of any types without running the query', async () => {
  const select = 'SELECT 1 AS a, 1.50::DECIMAL(18,2) b, [1] AS "a", error(\'not run\') c, NULL';
  expect(await openDuckDb().columns(query(select), never())).toEqual([
    { name: 'a', type: 'INTEGER' },
    { name: 'b', type: 'DECIMAL(18,2)' },
    { name: 'a', type: 'INTEGER[]' },
    { name: 'c', type: expect.any(String) },
    { name: 'NULL', type: expect.any(String) },
  ]);
});

it('tells times in UTC, whatever the machine says', async () => {
  const select = "SELECT ('2026-07-01 12:00:00+02'::TIMESTAMPTZ)::VARCHAR";
  expect(await openDuckDb().rows(query(select), never())).toEqual([['2026-07-01 10:00:00+00']]);
});
