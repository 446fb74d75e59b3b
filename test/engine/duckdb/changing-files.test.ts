/**
 * Raw files that change between the look at them and DuckDB's reading. Whatever comes of it is not committed, since the
 * files are no longer what they were when the run began with the day. It may fail this day, and never the run.
 */
import { rm, truncate, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import type { Engine, EngineJob } from '../../../src/core/ports/engine.js';
import { createDuckDbEngine } from '../../../src/engine/duckdb/engine.js';
import { createLookAtFile, createLookAtParquet } from '../../../src/engine/duckdb/look-at-file.js';
import { createPlainCheck } from '../../../src/engine/duckdb/plain/check-plain.js';
import { writeCanonical } from '../../../src/engine/duckdb/sql/canonical-rows.js';
import { describeSql } from '../../../src/engine/duckdb/sql/describe-sql.js';
import { createSqlEngine } from '../../../src/engine/duckdb/sql/engine.js';
import { seePlain } from '../../../src/engine/duckdb/sql/see-plain.js';
import { columnsOnThread } from '../../../src/engine/threads/columns-on-thread.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import type { Day } from '../../../src/model/day.js';
import type { Definition } from '../../../src/model/definition.js';
import { ProblemError } from '../../../src/model/problems.js';
import { readSqlDefinition } from '../../../src/model/read-sql-definition.js';
import { soak } from '../../faults/soak.js';
import { testDuckDb } from '../../support/declared-sql.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { definitionOf } from '../columns/job.js';
import { type Contents, writeFiles } from '../job.js';
import { written } from './parquet/day.js';

const columns = {
  ...{ zone: 'text?', n: 'integer?', fare: 'decimal(6,2)?', sold: 'timestamp?', since: 'date?' },
};
const header = 'zone,n,fare,sold,since';
const plain = `${header}\na,1,2.50,2026-11-23T10:00:00Z,2026-11-23\nb,2,0.00,2026-11-23T11:00:00Z,2026-11-24\n`;
const quoted = plain.replaceAll(/^([ab]),/gm, '"$1",').replaceAll(/,([12]),/g, ',$1.0,');

function parquetOf(zones: readonly (string | null)[], extra: readonly string[] = []): Uint8Array {
  const cells = (data: readonly unknown[]) => [...data];
  const ns = zones.map((_, at) => at);
  return written({
    columns: [
      ...extra.map((name) => ({ name, data: cells(zones), type: 'STRING' as const })),
      { name: 'zone', data: cells(zones), type: 'STRING' },
      { name: 'n', data: cells(ns), type: 'INT32' },
      { name: 'fare', data: cells(ns.map((n) => n + 0.25)), type: 'DOUBLE' },
      { name: 'sold', data: cells(ns.map((n) => new Date(n * 1_000))), type: 'TIMESTAMP' },
    ],
  });
}

const byAll = ['zone', 'sold', 'since'];
const columnsDefinition = definitionOf({
  columns,
  by: byAll,
  measures: { rows: 'count()', n: 'sum(n)', most: 'max(n)', mean: 'avg(n, 1)', fare: 'sum(fare)' },
});

async function sqlDefinition(): Promise<Definition> {
  const sql =
    'select zone, sold, since, count(*) c, sum(n) n, max(n) most, sum(fare) fare from day group by all';
  const source = { dayKind: 'date', columns: Object.entries(columns), sql, by: byAll } as const;
  const read = readSqlDefinition(source);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  const described = await describeSql(testDuckDb, read.declaration, new AbortController().signal);
  if (described.kind === 'mistakes') throw new Error(JSON.stringify(described.mistakes));
  return described.definition;
}

/** Does `change` before the first query, and before each. */
async function enginesThat(change: () => Promise<unknown>, often: boolean) {
  const pool = new ThreadPool({ size: 1 });
  onTestFinished(() => pool.close());
  let isDue = true;
  const rows: typeof testDuckDb.rows = async (...asked) => {
    if (isDue) await change();
    isDue &&= often;
    return testDuckDb.rows(...asked);
  };
  const duckdb = { rows };
  const lookAtParquet = createLookAtParquet(pool);
  const [plainCheck, rowsRoot] = [createPlainCheck(pool), await makeTempDir()];
  return {
    columns: createDuckDbEngine({
      ...{ duckdb, lookAtParquet },
      look: createLookAtFile(pool, plainCheck),
      localColumns: columnsOnThread(pool),
    }),
    sql: createSqlEngine({
      ...{ duckdb, lookAtParquet, writeCanonical, rowsRoot },
      see: seePlain(plainCheck),
    }),
  };
}

/** What becomes of the file `a`. */
const changes: Readonly<Record<string, (path: string, kind: Kind) => Promise<unknown>>> = {
  gone: (path) => rm(path),
  empty: (path) => truncate(path),
  'cut in half': (path, { files }) => truncate(path, Math.floor(sizeOf(files) / 2)),
  'more rows': (path, { more }) => writeFile(path, more),
  'other cells': (path, { other }) => writeFile(path, other),
  ...Object.fromEntries(
    [
      'x,1,2.50,infinity,-infinity\ny,1,1.0,epoch,today\n',
      'x,1e3,2.50,294246-01-01,300000-01-01\nx,0x10,,1-1-1,5000-1-1 (BC)\n',
      'x\0y,1,2.50,,\nx\u{feff}y,1,2.50,,\n',
      `${'x'.repeat(2 ** 21)},1,2.50,,\n,,,,\n`,
      ',9223372036854775807,2.50,,\n,9223372036854775807,9999.99,,\n',
      'x,1,2.50,,,,\nx\n',
      '"x\n',
    ].map((rows) => [
      `rows such as ${JSON.stringify(rows.slice(0, 30))}`,
      (path: string) => writeFile(path, textLike(path, `${header}\n${rows}`)),
    ]),
  ),
  'bytes that are no text': (path) =>
    writeFile(path, Buffer.from(`${header}\n\xff\xfe,1,1,,\n\xc3,1,1,,\n`, 'latin1')),
  'a header in another order': (path) =>
    writeFile(path, textLike(path, plain.replace(header, 'sold,since,zone,n,fare'))),
};

function textLike(path: string, text: string): Uint8Array {
  return path.endsWith('.gz') ? gzipSync(text) : Buffer.from(text);
}

function sizeOf(files: Contents): number {
  return Buffer.from(files[Object.keys(files)[0] ?? ''] ?? '').length;
}

interface Kind {
  /** The first one changes. */
  readonly files: Contents;
  readonly more: Uint8Array | string;
  readonly other: Uint8Array | string;
}

const lines = plain
  .split('\n')
  .slice(1, 3)
  .map((row) => row.split(','))
  .map(
    ([zone, n, fare, sold, since]) =>
      `{"zone":"${zone}","n":${n},"fare":${fare},"sold":"${sold}","since":"${since}"}\n`,
  )
  .join('');
const more = (text: string) => text + text.split('\n').slice(1).join('\n');
const table = parquetOf(['x', 'y']);

const kinds: Readonly<Record<string, Kind>> = {
  'plain CSV': { files: { 'a.csv': plain }, more: more(plain), other: quoted },
  'CSV that is not plain': { files: { 'a.csv': quoted }, more: more(quoted), other: plain },
  'plain CSV beside one that is not': {
    files: { 'a.csv': plain, 'b.csv': quoted },
    ...{ more: more(plain), other: quoted },
  },
  'plain CSV beside JSON Lines': {
    files: { 'a.csv': plain, 'b.jsonl': lines },
    ...{ more: more(plain), other: quoted },
  },
  'gzip data': {
    files: { 'a.csv.gz': plain },
    more: gzipSync(more(plain)),
    other: gzipSync(quoted),
  },
  'JSON Lines': { files: { 'a.jsonl': lines }, more: lines + lines, other: 'x' },
  Parquet: {
    files: { 'a.parquet': table },
    more: parquetOf(['x', 'y', 'z']),
    other: parquetOf([null, 'y'], ['more']),
  },
  'Parquet beside CSV that is not plain': {
    files: { 'a.parquet': table, 'b.csv': quoted },
    more: parquetOf(['x', 'y', 'z']),
    other: parquetOf([null, 'y'], ['more']),
  },
};

/** A query or more each, of an instance of its own. */
const tried = Object.entries(changes).filter(([what]) => soak || /^(?:empty|more)|1e3/.test(what));

const cases = Object.keys(kinds).flatMap((kind) =>
  (soak ? [false, true] : [true]).map(
    (often) => [kind, often ? 'each query' : 'the first query'] as const,
  ),
);

it.each(cases)('%s that changes before %s', { timeout: 120_000 }, async (name, when) => {
  const kind = kinds[name] as Kind;
  const asSql = await sqlDefinition();
  const told: string[] = [];
  for (const [what, change] of tried) {
    for (const of of ['columns', 'sql'] as const) {
      const files = await writeFiles(kind.files);
      const path = files[0]?.path ?? '';
      const engines = await enginesThat(
        () => change(path, kind).catch(() => undefined),
        when === 'each query',
      );
      const definition = of === 'columns' ? columnsDefinition : asSql;
      const { signal } = new AbortController();
      const day = '2026-11-23' as Day;
      const job: EngineJob = { day, definition, files, complete: false, signal };
      const failsRun = await aggregate(engines[of], job);
      if (failsRun !== null) told.push(`${of}, ${what}: ${failsRun}`);
    }
  }
  expect(told).toEqual([]);
});

/** What fails more than the day. */
async function aggregate(engine: Engine, job: EngineJob): Promise<string | null> {
  try {
    const found = await engine.aggregate(job);
    return found.kind === 'aggregated' || found.problems.length > 0 ? null : 'no problem';
  } catch (error) {
    return error instanceof ProblemError ? error.message : null;
  }
}
