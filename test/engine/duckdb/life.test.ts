/** The processes: when they start and end, how many there are, and that none outlives its use. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { canMount, mountTmpfs } from '../../support/bind-mount.js';
import { eventually } from '../../support/eventually.js';
import {
  endless,
  folderOf,
  groupOf,
  isGone,
  never,
  openDuckDb,
  query,
  rssBytesOf,
  thrownBy,
} from './support.js';

const one = query("SELECT 'a'");

it('starts no process before the first query, and uses it for the next', async () => {
  const duckdb = openDuckDb();
  expect(duckdb.pids()).toEqual([]);
  await duckdb.rows(one, never());
  const [first] = duckdb.pids();
  await duckdb.columns(one, never());
  expect(duckdb.pids()).toEqual([first]);
});

it('ends a process that is idle, and starts another for the next query', async () => {
  const duckdb = openDuckDb({ idleMs: 50 });
  await duckdb.rows(one, never());
  const [pid = 0] = duckdb.pids();
  await eventually(() => expect([duckdb.pids(), isGone(pid)]).toEqual([[], true]));
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
});

it('replaces a process that has grown, between two queries', async () => {
  const duckdb = openDuckDb({ mostRssBytes: 1 });
  await duckdb.rows(one, never());
  expect(duckdb.pids()).toEqual([]);
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
});

it('does not grow from query to query', async () => {
  const duckdb = openDuckDb();
  const rows = query('SELECT (i * 7919)::VARCHAR, repeat(i::VARCHAR, 9) FROM range(20000) t(i)');
  const run = async (times: number) => {
    for (let n = 0; n < times; n++) await duckdb.rows(rows, never());
    return rssBytesOf(duckdb.pids()[0] ?? 0);
  };
  const early = await run(10);
  const late = await run(40);
  expect(late - early).toBeLessThan(100 * 2 ** 20);
});

it.each([
  ['as it starts', 0],
  ['as it loads DuckDB', 40],
  ['as a query runs', 1_200],
])('fails the query of a process that is killed %s, and no later one', async (_, afterMs) => {
  const duckdb = openDuckDb();
  const failing = thrownBy(duckdb.rows(query(endless), never()));
  await eventually(() => expect(duckdb.pids()).toHaveLength(1));
  await sleep(afterMs);
  process.kill(duckdb.pids()[0] ?? 0, 'SIGKILL');
  const { name, message } = await failing;
  expect(`${name}: ${message}`).toMatch(
    /^Error: (?:DuckDB's process ended by SIGKILL|DuckDB could not be loaded)$/,
  );
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
});

it('fails a query whose process is killed between two rows', async () => {
  const duckdb = openDuckDb({ mostResultBytes: 2 ** 30 });
  await duckdb.rows(one, never());
  const failing = thrownBy(
    duckdb.rows(query("SELECT repeat('x', 1000) FROM range(10000000)"), never()),
  );
  // Slower machines send the first rows later; there are rows for some seconds.
  await sleep(1_000);
  process.kill(duckdb.pids()[0] ?? 0, 'SIGKILL');
  expect((await failing).message).toBe("DuckDB's process ended by SIGKILL");
});

it('replaces a process that was killed between two queries', async () => {
  const duckdb = openDuckDb();
  await duckdb.rows(one, never());
  process.kill(duckdb.pids()[0] ?? 0, 'SIGKILL');
  await eventually(() => expect(duckdb.pids()).toEqual([]));
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
});

it('ends a process that was stopped', async () => {
  const duckdb = openDuckDb({ silentMs: 2_500 });
  await duckdb.rows(one, never());
  const [pid = 0] = duckdb.pids();
  process.kill(pid, 'SIGSTOP');
  expect((await thrownBy(duckdb.rows(one, never()))).message).toMatch(/hangs/);
  await eventually(() => expect(isGone(pid)).toBe(true));
});

it('lets a long query live that tells nothing but that it runs', async () => {
  const duckdb = openDuckDb({ silentMs: 1_500 });
  const slow = query('SELECT sleep_ms(4000)::VARCHAR');
  expect(await duckdb.rows(slow, never())).toEqual([[null]]);
});

it('survives the signals that a terminal or a supervisor sends to all', async () => {
  const duckdb = openDuckDb();
  await duckdb.rows(one, never());
  const [pid = 0] = duckdb.pids();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
  expect(duckdb.pids()).toEqual([pid]);
  expect(groupOf(pid)).not.toBe(groupOf(process.pid));
});

it('fails the queries that run or wait as it is closed, and leaves nothing behind', async () => {
  const duckdb = openDuckDb();
  const failing = [
    thrownBy(duckdb.rows(query(endless), never())),
    thrownBy(duckdb.rows(one, never())),
  ];
  await sleep(500);
  const [pid = 0] = duckdb.pids();
  const folder = folderOf(pid);
  expect(existsSync(folder)).toBe(true);
  await duckdb.close();
  const closed = 'DuckDB was closed';
  expect((await Promise.all(failing)).map(({ message }) => message)).toEqual([closed, closed]);
  expect([isGone(pid), existsSync(folder)]).toEqual([true, false]);
  expect((await thrownBy(duckdb.rows(one, never()))).message).toBe(closed);
});

it('serves those who wait in their order, and forgets who gave up', async () => {
  const duckdb = openDuckDb();
  const order: string[] = [];
  const stop = new AbortController();
  const ask = (name: string, signal = never()) =>
    duckdb.rows(query(`SELECT '${name}'`), signal).then(
      () => order.push(name),
      () => order.push(`no ${name}`),
    );
  const all = [ask('a'), ask('b', stop.signal), ask('c'), ask('d')];
  stop.abort(new Error('enough'));
  await Promise.all(all);
  expect(order).toEqual(['no b', 'a', 'c', 'd']);
});

it('does not let a query that runs on hold up another, nor its end fail it', async () => {
  const duckdb = openDuckDb({ atOnce: 2 });
  const failing = thrownBy(duckdb.rows(query(endless), never()));
  await eventually(() => expect(duckdb.pids()).toHaveLength(1));
  const [first = 0] = duckdb.pids();
  expect(await duckdb.rows(one, never())).toEqual([['a']]);
  const beside = duckdb.rows(query('SELECT sleep_ms(1500)::VARCHAR'), never());
  process.kill(first, 'SIGKILL');
  await failing;
  expect(await beside).toEqual([[null]]);
});

// ---------------------------------------------------------------- with the service

const built = pathToFileURL('dist/engine/duckdb/child-process.js').href;

/** A process that does `work` with DuckDB, told the ids of DuckDB's processes. */
function otherService(work: string) {
  const script = `
    import { createDuckDb } from '${built}';
    const duckdb = createDuckDb({ memoryBytes: 536870912, threads: 2, atOnce: 1 });
    const ask = (select) => duckdb.rows({ files: [], select }, new AbortController().signal);
    await ask("SELECT 'a'");
    process.stdout.write(duckdb.pids()[0] + '\\n');
    ${work}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const told = once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => Number(text));
  return { child, told, ended: once(child, 'exit') };
}

it('ends as the service dies, also while a query runs', async () => {
  const { child, told } = otherService(`await ask(${JSON.stringify(endless)});`);
  const pid = await told;
  await sleep(500);
  const folder = folderOf(pid);
  expect(existsSync(folder)).toBe(true);
  child.kill('SIGKILL');
  await eventually(() => expect([isGone(pid), existsSync(folder)]).toEqual([true, false]));
});

it.skipIf(!canMount)('ends as the service dies, though its temporary files stay', async () => {
  const { child, told } = otherService(`await ask(${JSON.stringify(endless)});`);
  const pid = await told;
  await sleep(500);
  // As files do that a query makes while others are removed.
  await mountTmpfs(join(folderOf(pid), 'stays'));
  child.kill('SIGKILL');
  await eventually(() => expect(isGone(pid)).toBe(true));
});

it('does not keep a process alive that has no query', async () => {
  const { told, ended } = otherService('');
  const pid = await told;
  expect(await ended).toEqual([0, null]);
  await eventually(() => expect(isGone(pid)).toBe(true));
});

it('removes what a service left that was killed together with its process', async () => {
  const { child, told } = otherService(
    'await new Promise((resolve) => setTimeout(resolve, 60000));',
  );
  const pid = await told;
  const folder = folderOf(pid);
  process.kill(pid, 'SIGSTOP');
  child.kill('SIGKILL');
  process.kill(pid, 'SIGKILL');
  await eventually(() => expect(isGone(child.pid ?? 0) && isGone(pid)).toBe(true));
  // Others in the folder for temporary files are not ours to remove.
  const foreign = join(tmpdir(), `daymark-duckdb-test-${process.pid}`);
  mkdirSync(foreign, { recursive: true });
  expect(existsSync(folder)).toBe(true);
  await openDuckDb().rows(one, never());
  expect([existsSync(folder), existsSync(foreign)]).toEqual([false, true]);
});
