/** No query without a bound: each can be cancelled, and has so much memory, so much room on disk and so large a result. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { sharesOf } from '../../../src/engine/duckdb/shares.js';
import { eventually } from '../../support/eventually.js';
import { makeTempDir } from '../../support/temp-dir.js';
import {
  endless,
  failureOf,
  folderOf,
  never,
  openDuckDb,
  query,
  rssBytesOf,
  thrownBy,
} from './support.js';

const mib = 2 ** 20;
const one = query("SELECT 'a'");

it.each([
  ['a count of too much', endless],
  [
    'a recursion without end',
    'WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) SELECT count(*)::VARCHAR FROM t',
  ],
  [
    'a join that explodes',
    'SELECT count(*)::VARCHAR FROM range(10000000) a(i), range(10000000) b(j) WHERE hash(i + j) % 7 = 3',
  ],
  ['a wait', 'SELECT sleep_ms(600000)::VARCHAR'],
  ['rows without end', "SELECT 'a' FROM range(1000000000000) t(i) WHERE hash(i) % 1000 = 3"],
])('cancels %s', async (_, select) => {
  const duckdb = openDuckDb({ cancelMs: 1_500 });
  await duckdb.rows(one, never());
  const stop = new AbortController();
  const failing = thrownBy(duckdb.rows(query(select), stop.signal));
  await sleep(700);
  const reason = new Error('enough');
  stop.abort(reason);
  expect(await failing).toBe(reason);
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
});

it('interrupts a query instead of killing its process', async () => {
  const duckdb = openDuckDb({ cancelMs: 20_000 });
  await duckdb.rows(one, never());
  const before = duckdb.pids();
  await thrownBy(duckdb.rows(query(endless), AbortSignal.timeout(700)));
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
  expect(duckdb.pids()).toEqual(before);
});

it('does not start a query that was cancelled before', async () => {
  const duckdb = openDuckDb();
  const reason = new Error('enough');
  expect(await thrownBy(duckdb.rows(one, AbortSignal.abort(reason)))).toBe(reason);
  expect(duckdb.pids()).toEqual([]);
});

it.each([
  ['a list', 'SELECT len(list(i))::VARCHAR FROM range(100000000) t(i)'],
  [
    'a recursion that keeps its rows',
    "WITH RECURSIVE t(i, s) AS (SELECT 1, repeat('x', 100000) UNION SELECT i + 1, repeat('x', 100000) || i FROM t) SELECT count(*)::VARCHAR FROM t",
  ],
])(
  'gives a query no more memory than it may have, nor more room to spill: %s',
  async (_, select) => {
    const duckdb = openDuckDb({ memoryBytes: 128 * mib, spillBytes: 16 * mib });
    await duckdb.rows(one, never());
    const [pid = 0] = duckdb.pids();
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, rssBytesOf(pid));
    }, 10);
    onTestFinished(() => clearInterval(timer));
    const { kind, message } = await failureOf(duckdb.rows(query(select), never()));
    expect(kind).toBe('memory');
    expect(message).not.toContain('Possible solutions');
    expect(most).toBeLessThan(512 * mib);
    expect(readdirSync(folderOf(pid))).toEqual([]);
    expect(await duckdb.rows(one, never())).toEqual([['a']]);
  },
);

it('spills what does not fit into memory', async () => {
  const duckdb = openDuckDb({ memoryBytes: 128 * mib, spillBytes: 2_048 * mib });
  const sort =
    'SELECT last(s)[1:7] FROM (SELECT repeat(i::VARCHAR, 8) s FROM range(3000000) t(i) ORDER BY hash(i))';
  const rows = duckdb.rows(query(sort), never());
  await eventually(() => {
    expect(readdirSync(folderOf(duckdb.pids()[0] ?? 0))).not.toEqual([]);
  }, 20_000);
  expect(await rows).toHaveLength(1);
  expect(readdirSync(folderOf(duckdb.pids()[0] ?? 0))).toEqual([]);
});

it('keeps the memory of the service apart from that of DuckDB', async () => {
  const duckdb = openDuckDb();
  await duckdb.rows(one, never());
  const before = process.memoryUsage().rss;
  const groups =
    'SELECT count(*)::VARCHAR FROM (SELECT hash(i) FROM range(5000000) t(i) GROUP BY ALL)';
  for (let n = 0; n < 3; n++)
    expect(await duckdb.rows(query(groups), never())).toEqual([['5000000']]);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * mib);
});

it('refuses a result that is too large for the service', async () => {
  const duckdb = openDuckDb({ mostResultBytes: 4 * mib });
  const rows = query("SELECT repeat('x', 1000) FROM range(100000)");
  const { kind, message } = await failureOf(duckdb.rows(rows, never()));
  expect([kind, message]).toEqual(['memory', 'the result is larger than 4 MiB']);
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
});

it('tells how far it has come in a file', async () => {
  const folder = await makeTempDir();
  const path = join(folder, 'a.csv');
  writeFileSync(path, `x\n${'1234567\n'.repeat(3_000_000)}`);
  const shares: number[] = [];
  const select = `SELECT sum(length(regexp_replace(x, '[0-9]+7', 'y', 'g')))::VARCHAR FROM read_csv('${path}', all_varchar = true, parallel = false)`;
  const rows = await openDuckDb().rows(query(select, path), never(), (share) => shares.push(share));
  expect(rows).toEqual([['3000000']]);
  expect(shares).toEqual([...shares].sort((one, other) => one - other));
});

it.each([
  [undefined, 1, 1],
  [4_096 * mib, 3, 3],
  [4_096 * mib, 100, 4],
  [1_024 * mib, 4, 2],
  [128 * mib, 4, 1],
])('%d bytes and %d datasets make %d queries at once', (bytes, datasets, atOnce) => {
  const shares = sharesOf({ duckdbMemory: bytes ?? null, duckdbThreads: 3 }, datasets);
  expect([shares.atOnce, shares.threads]).toEqual([atOnce, 3]);
  expect(shares.memoryBytes).toBe(bytes ?? shares.memoryBytes);
});
