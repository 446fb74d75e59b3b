/**
 * Random raw files under random definitions, through a SELECT: one that says what keys and measures say, before the
 * reference; and ones that only SQL can say, before another DuckDB that was given the reference's cells.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { DayAggregate, EngineJob } from '../../../src/core/ports/engine.js';
import { createCsvEngine } from '../../../src/engine/csv/engine.js';
import { createPlainCheck } from '../../../src/engine/duckdb/plain/check-plain.js';
import { duckTypeOf } from '../../../src/engine/duckdb/plain/typed-read.js';
import { writeCanonical } from '../../../src/engine/duckdb/sql/canonical-rows.js';
import { describeSql } from '../../../src/engine/duckdb/sql/describe-sql.js';
import { createSqlEngine } from '../../../src/engine/duckdb/sql/engine.js';
import { seePlain } from '../../../src/engine/duckdb/sql/see-plain.js';
import { quotedName, quotedText } from '../../../src/engine/duckdb/sql-text.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import type { Cell } from '../../../src/model/column.js';
import type {
  ColumnsDefinition,
  KeyExpression,
  MeasureExpression,
} from '../../../src/model/columns-definition.js';
import { timestampOf } from '../../../src/model/instant.js';
import type { SqlDeclaration, SqlDefinition } from '../../../src/model/sql-definition.js';
import { testDuckDb } from '../../support/declared-sql.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { damage, damaged, landed, type RandomDataset, randomDataset } from '../random-datasets.js';
import { runs } from '../runs.js';

const csv = createCsvEngine();
const never = new AbortController().signal;

const pool = new ThreadPool({ size: 1 });
afterAll(() => pool.close());

/** One that has all files written by the reference, and one that reads plain files itself. */
async function openSql() {
  const means = { duckdb: testDuckDb, writeCanonical, rowsRoot: await makeTempDir() };
  const see = seePlain(createPlainCheck(pool));
  return [createSqlEngine(means), createSqlEngine({ ...means, see })] as const;
}

/** Of columns that SQL can tell apart. */
const datasets = randomDataset.filter(({ sound }) => {
  if (sound.kind !== 'columns') return false;
  const names = sound.definition.columns.map(({ name }) => name.toLowerCase());
  return new Set(names).size === names.length;
});

const definitionIn = ({ sound }: RandomDataset): ColumnsDefinition => {
  if (sound.kind !== 'columns') throw new Error('of columns only');
  // An average is not exact in SQL.
  const measures = sound.definition.measures.map((each) =>
    each.measure === 'avg' ? { ...each, measure: 'sum' as const, scale: null } : each,
  );
  return { ...sound.definition, measures };
};

function keySql({ column, part }: KeyExpression): string {
  const cell = quotedName(column);
  const parts = { hour: `hour(${cell})`, weekday: `isodow(${cell})`, date: `${cell}::date` };
  return part === null ? cell : parts[part];
}

function measureSql({ measure, column }: MeasureExpression): string {
  if (column === null) return 'count(*)';
  const cell = quotedName(column);
  return measure === 'distinct' ? `count(distinct ${cell})` : `${measure}(${cell})`;
}

async function asSql(definition: ColumnsDefinition, sql: string, by: readonly string[]) {
  const { dayKind, dayName, columns, dayColumn, csv: form } = definition;
  const raw = { dayKind, dayName, columns, dayColumn, csv: form };
  const declaration: SqlDeclaration = { kind: 'sql', ...raw, sql, by };
  const described = await describeSql(testDuckDb, declaration, never);
  if (described.kind === 'mistakes') throw new Error(`${sql}: ${JSON.stringify(described)}`);
  return described.definition;
}

/** What `by` and `measures` say. */
function sameAs(definition: ColumnsDefinition): Promise<SqlDefinition> {
  const { by, measures } = definition;
  const named = [
    ...by.map((key) => `${keySql(key)} AS ${quotedName(key.name)}`),
    ...measures.map((measure) => `${measureSql(measure)} AS ${quotedName(measure.name)}`),
  ];
  const group = by.length === 0 ? '' : `GROUP BY ${by.map((_, at) => at + 1).join()}`;
  const sql = `SELECT ${named.join(', ')} FROM day ${group} HAVING count(*) > 0`;
  return asSql(
    definition,
    sql,
    by.map(({ name }) => name),
  );
}

const beyond = /holds times to the microsecond|is too large/;

async function agree(job: EngineJob, definition: ColumnsDefinition): Promise<string> {
  const expected = await csv.aggregate({ ...job, definition });
  const [written, itself] = await openSql();
  const same = { ...job, definition: await sameAs(definition) };
  const found = await written.aggregate(same);
  expect(await itself.aggregate(same)).toEqual(found);
  const problems = [expected, found].flatMap((each) =>
    each.kind === 'rejected' ? each.problems.map(({ message }) => message) : [],
  );
  if (problems.some((message) => beyond.test(message))) {
    expect(found.kind).toBe('rejected');
    return 'beyond';
  }
  expect(found).toEqual(expected);
  return expected.kind;
}

test('what keys and measures can say comes to the same, cells, facts and errors', {
  timeout: 1_200_000,
}, async () => {
  const seen: Record<string, number> = { rejected: 0, aggregated: 0, beyond: 0 };
  const count = (kind: string) => {
    seen[kind] = (seen[kind] ?? 0) + 1;
  };
  await fc.assert(
    fc.asyncProperty(datasets, damage, async (dataset, where) => {
      const definition = definitionIn(dataset);
      const jobs = (await landed(dataset)).map(({ job }) => job);
      for (const job of jobs) count(await agree(job, definition));
      const [first] = jobs;
      count(await agree(await damaged(first as EngineJob, where), definition));
    }),
    runs(15, 300),
  );
  expect(Math.min(seen['rejected'] ?? 0, seen['aggregated'] ?? 0)).toBeGreaterThan(5);
});

/** Over a key and a value. */
const selects: readonly ((k: string, v: string) => string)[] = [
  (k, v) =>
    `select ${k} k, count(*) filter (where ${v} is null) n, count(distinct ${v}) d from day group by ${k}`,
  (k) =>
    `with t as (select ${k} k, count(*) n from day group by 1) select k, n, sum(n) over () a, rank() over (order by n, k) r from t`,
  (k) =>
    `select a.${k} k, count(*) n from day a join day b on a.${k} is not distinct from b.${k} group by 1`,
  (k, v) => `select ${k} k, string_agg(${v}::varchar, '|' order by ${v}) s from day group by 1`,
  (k, v) =>
    `from (select ${k} k, ${v}, row_number() over (partition by ${k} order by ${v} desc) n from day) select k, max(n) m, min(n) o group by all`,
  (k, v) => `select distinct ${k} k, (select max(${v}) from day) m from day`,
  (k, v) =>
    `select ${k} k, count(*) n from day where ${v} is not null group by all having count(*) > 1`,
];

async function judge(
  definition: ColumnsDefinition,
  rows: DayAggregate['rows'],
  sql: string,
  width: number,
) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const declared = definition.columns.map(
    ({ name, type }) => `${quotedName(name)} ${duckTypeOf(type)}`,
  );
  await connection.run(`CREATE TABLE day (${declared.join(', ')})`);
  const literal = (cell: Cell) =>
    cell === null ? 'NULL' : quotedText(cell.replace(/(?<=:[\d.]+)Z$/, ''));
  for (const { key, values } of rows) {
    const row = `(${key.map(literal).join()})`;
    const copies = Array.from({ length: Number(values[0]) }, () => row);
    await connection.run(`INSERT INTO day VALUES ${copies.join()}`);
  }
  const cells = Array.from({ length: width }, (_, at) => `c${at}`);
  const select = `SELECT ${cells.map((cell) => `${cell}::varchar`).join()} FROM (${sql}) AS r(${cells.join()})`;
  const found = (await connection.runAndReadAll(select)).getRows();
  connection.disconnectSync();
  instance.closeSync();
  return found as (string | null)[][];
}

test('what only SQL can say comes to what another DuckDB makes of the same cells', {
  timeout: 1_200_000,
}, async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(datasets, fc.nat(), fc.nat(), fc.nat(), async (dataset, which, key, value) => {
      const definition = definitionIn(dataset);
      const { columns } = definition;
      const nameAt = (at: number) => quotedName(columns[at % columns.length]?.name ?? '');
      const make = selects[which % selects.length] as (k: string, v: string) => string;
      const sql = make(nameAt(key), nameAt(value));
      const described = await asSql(definition, sql, ['k']);
      const [first] = await landed(dataset);
      const job = first?.job as EngineJob;
      const by = columns.map(({ name }) => ({ name, column: name, part: null }));
      const measures = [{ name: '\u0001', measure: 'count', column: null, scale: null }] as const;
      const all = await csv.aggregate({ ...job, definition: { ...definition, by, measures } });
      const [, itself] = await openSql();
      const found = await itself.aggregate({ ...job, definition: described });
      if (all.kind === 'rejected' || found.kind === 'rejected') {
        const problems = found.kind === 'rejected' ? found.problems : [];
        expect(problems.every(({ message }) => beyond.test(message))).toBe(true);
        return;
      }
      const judged = await judge(definition, all.rows, sql, described.result.length);
      const canonical = judged.map((row) =>
        row.map((text, at) => {
          const kind = described.result[at]?.type.kind;
          if (text === '' || text === null) return null;
          if (kind === 'timestamp') return timestampOf(text);
          return kind === 'decimal' ? text.replace(/^(-?)\./, '$10.') : text;
        }),
      );
      const told = found.rows.map(({ key: [k], values }) => [k, ...values]);
      const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
      expect(sorted(told)).toEqual(sorted(canonical));
      seen += told.length;
    }),
    runs(15, 300),
  );
  expect(seen).toBeGreaterThan(25);
});
