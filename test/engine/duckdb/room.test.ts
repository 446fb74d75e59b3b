/** The folder for temporary files: full, read-only, or removed under a query. No raw file is to blame for that. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { makeSpillFolder } from '../../../src/engine/duckdb/spill-folder.js';
import { writeCanonical } from '../../../src/engine/duckdb/sql/canonical-rows.js';
import { describeSql } from '../../../src/engine/duckdb/sql/describe-sql.js';
import { createSqlEngine } from '../../../src/engine/duckdb/sql/engine.js';
import { canonicalOnThread } from '../../../src/engine/threads/canonical-on-thread.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import type { Day } from '../../../src/model/day.js';
import { readSqlDefinition } from '../../../src/model/read-sql-definition.js';
import type { SqlDefinition } from '../../../src/model/sql-definition.js';
import { canMount, mountTmpfs } from '../../support/bind-mount.js';
import { testDuckDb } from '../../support/declared-sql.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { writeFiles } from '../job.js';
import { failureOf, folderOf, never, openDuckDb, query, thrownBy } from './support.js';

const mib = 2 ** 20;
const day = '2026-11-23' as Day;
const one = query("SELECT 'a'");
/** Of more than the memory that it may have. */
const sort = query(
  'SELECT max(n)::VARCHAR FROM (SELECT row_number() OVER (ORDER BY s) n FROM (SELECT sha256(i::VARCHAR) s FROM range(1000000) t(i)))',
);

async function tmpdir(): Promise<string> {
  const folder = join(await makeTempDir(), 'tmp');
  mkdirSync(folder);
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

function bytesIn(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.reduce((sum, entry) => {
    const found = entry.isFile() && statSync(join(entry.parentPath, entry.name), noError);
    return sum + (found ? found.blocks * 512 : 0);
  }, 0);
}
const noError = { throwIfNoEntry: false } as const;

const open = (settings = {}) => openDuckDb({ memoryBytes: 64 * mib, ...settings });

it('holds no more than a query may spill', { timeout: 60_000 }, async () => {
  const folder = await tmpdir();
  const duckdb = open({ spillBytes: 4 * mib });
  let most = 0;
  const watching = setInterval(() => {
    most = Math.max(most, bytesIn(folder));
  }, 2);
  const { kind, message } = await failureOf(duckdb.rows(sort, never()));
  clearInterval(watching);
  expect(kind).toBe('memory');
  expect(most).toBeLessThan(6 * mib);
  expect(message).toMatch(
    new RegExp(`^failed to offload data block .*; the folder for temporary files is ${folder}/`),
  );
  expect(message).not.toMatch(/PRAGMA|\n/);
});

it('gone with what it had: the query fails, and one that needs no room does not', {
  timeout: 60_000,
}, async () => {
  const folder = await tmpdir();
  const duckdb = open();
  await duckdb.rows(one, never());
  rmSync(folder, { recursive: true });
  const { kind, message } = await failureOf(duckdb.rows(sort, never()));
  expect([kind, message]).toEqual(['memory', expect.stringContaining(folder)]);
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
  mkdirSync(folder);
  expect(await duckdb.rows(sort, never())).toEqual([['1000000']]);
});

it.skipIf(!canMount)('full: says so, and where that is', { timeout: 60_000 }, async () => {
  const folder = await tmpdir();
  await mountTmpfs(folder, 'size=4m');
  const duckdb = open();
  const { kind, message } = await failureOf(duckdb.rows(sort, never()));
  expect([kind, message]).toEqual(['memory', expect.stringContaining(folder)]);
  expect(readdirSync(folderOf(duckdb.pids()[0] ?? 0))).toEqual([]);
});

it.skipIf(!canMount)('read-only: says so, and where that is', { timeout: 60_000 }, async () => {
  const folder = await tmpdir();
  await mountTmpfs(folder);
  const duckdb = open();
  await duckdb.rows(one, never());
  execFileSync('mount', ['-o', 'remount,ro', folder]);
  const { kind, message } = await failureOf(duckdb.rows(sort, never()));
  expect([kind, message]).toEqual(['memory', expect.stringMatching(`${folder}.*Read-only`)]);
  await duckdb.close();
  expect((await thrownBy(open().rows(one, never()))).message).toMatch(
    `none can be made in ${folder}: EROFS`,
  );
});

async function definitionOf(sql: string): Promise<SqlDefinition> {
  const read = readSqlDefinition({
    ...{ dayKind: 'date', columns: [['zone', 'text']], sql, by: [] },
  });
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  const described = await describeSql(testDuckDb, read.declaration, never());
  if (described.kind === 'mistakes') throw new Error(JSON.stringify(described.mistakes));
  return described.definition;
}

it('gone: a day of sql fails by no fault of its rows', { timeout: 60_000 }, async () => {
  const sql = `select max(r)::varchar as r
    from (select row_number() over (order by sha256(zone || i)) r from day, range(1500000) t(i))`;
  const definition = await definitionOf(sql);
  const files = await writeFiles({ 'a.csv': 'zone\na\n' });
  const rowsRoot = await makeTempDir();
  const folder = await tmpdir();
  const duckdb = open({ memoryBytes: 128 * mib });
  await duckdb.rows(one, never());
  rmSync(folder, { recursive: true });
  const engine = createSqlEngine({ duckdb, rowsRoot, writeCanonical });
  const job = { day, definition, files, complete: false, signal: never() };
  const { message } = await thrownBy(engine.aggregate(job));
  expect(message).toMatch(new RegExp(`${folder}.*DAYMARK_DUCKDB_MEMORY.*TMPDIR`));
});

it.skipIf(!canMount)('a folder for rows that is full is named', { timeout: 60_000 }, async () => {
  const rowsRoot = join(await makeTempDir(), 'rows');
  await mountTmpfs(rowsRoot, 'size=256k');
  const definition = await definitionOf('select count(*) n from day');
  const files = await writeFiles({ 'a.csv': `zone\n${'"a zone"\n'.repeat(100_000)}` });
  const pool = new ThreadPool({ size: 1 });
  onTestFinished(() => pool.close());
  for (const write of [writeCanonical, canonicalOnThread(pool)]) {
    const engine = createSqlEngine({ duckdb: testDuckDb, rowsRoot, writeCanonical: write });
    const job = { day, definition, files, complete: false, signal: never() };
    const { message } = await thrownBy(engine.aggregate(job));
    expect(message).toMatch(
      new RegExp(`^the rows of its files: the disk of ${rowsRoot}/.* is full .*: make room there$`),
    );
    expect(readdirSync(rowsRoot)).toEqual([]);
  }
});

it('rows that a killed service left beside its folder go with the next', async () => {
  // DuckDB's process starts, and looks at another folder.
  const definition = await definitionOf('select count(*) n from day');
  const folder = await tmpdir();
  // Of a process that has been gone since the system started.
  const left = join(folder, basename(makeSpillFolder()).replace(/[0-9]+-/, '4194304-'));
  mkdirSync(left);
  const rowsRoot = join(await makeTempDir(), 'of [ab]');
  mkdirSync(rowsRoot);
  const engine = createSqlEngine({ duckdb: testDuckDb, rowsRoot, writeCanonical });
  const files = await writeFiles({ 'a.csv': 'zone\n"a"\n' });
  await engine.aggregate({ day, definition, files, complete: false, signal: never() });
  expect(existsSync(left)).toBe(false);
});
