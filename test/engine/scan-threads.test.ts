import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../src/core/ports/engine.js';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { createScanEngine } from '../../src/engine/scan/engine.js';
import { ThreadPool, type ThreadPoolOptions } from '../../src/engine/threads/thread-pool.js';
import type { Day } from '../../src/model/day.js';
import type { EngineName } from '../../src/model/engine.js';
import { makePlane } from '../core/plane.js';
import { eventually } from '../support/eventually.js';
import { jobOver, writeFiles } from './job.js';
import { h } from './words.js';

function openEngine({ size = 2, ...options }: ThreadPoolOptions = {}) {
  const pool = new ThreadPool({ size, ...options });
  const tuning = { pooledFromBytes: 0, stretchBytes: 65_536, blockBytes: 4096 };
  const engine = createScanEngine({ reference: readCsvFile, tuning, pool });
  onTestFinished(() => engine.close());
  return engine;
}

const manyRows = () => writeFiles({ 'a.csv': `${h},x\n${'5,1\n'.repeat(500_000)}` });
const manyOrders = { records: 500_000, rows: [{ key: ['5', 'x'], values: ['500000'] }] };

describe('a thread that dies', () => {
  const thread = new URL('./mortal-thread.js', import.meta.url);

  test.each([
    ['13', undefined],
    ['14', 'a day to die'],
  ])('of day %s fails that day, and no other', async (day, cause) => {
    const engine = openEngine({ file: thread });
    const files = await manyRows();
    const well = () => engine.aggregate(jobOver(files));
    expect(await well()).toMatchObject(manyOrders);
    const dying = engine.aggregate(jobOver(files, { day }));
    const error: unknown = await dying.catch((reason: unknown) => reason);
    const message = `a thread that reads raw files ended (${cause ?? 'exit code 3'})`;
    expect(error).toMatchObject({ message: `${message}; run the day again` });
    expect((error as Error).cause).toEqual(cause === undefined ? cause : new Error(cause));
    expect(await Promise.all([well(), well(), well()])).toMatchObject([
      manyOrders,
      manyOrders,
      manyOrders,
    ]);
  });

  test('before it begins fails the day', async () => {
    const engine = openEngine({ file: new URL('./no-such-thread.js', import.meta.url) });
    const reading = engine.aggregate(jobOver(await manyRows()));
    await expect(reading).rejects.toThrow('a thread that reads raw files ended');
  });
});

describe('in a run', () => {
  const lines = `order_hour_of_day,milk\n${'8,1\n'.repeat(50_000)}`;

  test('threads that cannot start fail the day, which stays pending until an engine takes it', async () => {
    const scan = openEngine({ file: new URL('./no-such-thread.js', import.meta.url) });
    const engines = new Map<EngineName, Engine>([
      ['scan', scan],
      ['csv', createCsvEngine()],
    ]);
    const { land, finish, folder } = await makePlane(undefined, { engines });
    await land('0', lines);
    for (let round = 0; round < 2; round += 1) {
      const run = await finish({ engine: 'scan' });
      expect(run).toMatchObject({
        status: 'failed',
        error: { slug: 'engine-failed' },
        days: [{ day: '0', outcome: 'failed', error: { code: 'engine-failed' } }],
      });
      expect(run.days[0]?.error?.detail).toMatch(
        /^a thread that reads raw files ended \(Cannot find/,
      );
    }
    expect(await finish({ engine: 'csv' })).toMatchObject({
      status: 'succeeded',
      days: [{ day: '0', outcome: 'added', totals: { items_count: 50_000 } }],
    });
    expect(await readFile(folder.output, 'utf8')).toMatch(/\n0,8,milk,50000\n$/);
  });

  test('threads that die at their first day are made anew: the next run takes what is left', async () => {
    const scan = openEngine({ file: new URL('./mortal-thread.js', import.meta.url) });
    const { land, finish } = await makePlane(undefined, { engines: new Map([['scan', scan]]) });
    await land('12', lines);
    await land('13', lines);
    expect(await finish({ engine: 'scan' })).toMatchObject({
      status: 'failed',
      days: [
        { day: '12', outcome: 'added', totals: { items_count: 50_000 } },
        { day: '13', outcome: 'failed', error: { code: 'engine-failed' } },
      ],
    });
    await land('11', lines);
    const run = await finish({ engine: 'scan', select: 'days', days: ['11' as Day] });
    expect(run).toMatchObject({ status: 'succeeded', days: [{ day: '11', outcome: 'added' }] });
  });
});

describe('an engine that is closed', () => {
  test('fails the days that it still had, and takes no other', async () => {
    const engine = openEngine();
    const files = await manyRows();
    const reading = engine.aggregate(jobOver(files)).catch((error: unknown) => error);
    await engine.close();
    expect(await reading).toBeInstanceOf(Error);
    await expect(engine.aggregate(jobOver(files))).rejects.toThrow(
      'the threads that read raw files are closed',
    );
  });

  test('leaves no thread', async () => {
    const before = await threads();
    const engine = openEngine({ size: 5 });
    await engine.aggregate(jobOver(await manyRows()));
    expect(await threads()).toBeGreaterThan(before);
    await engine.close();
    await eventually(async () => expect(await threads()).toBeLessThanOrEqual(before));
  });
});

async function threads(): Promise<number> {
  return (await readdir('/proc/self/task')).length;
}

test('several days at once come out right', async () => {
  const engine = openEngine();
  const files = await manyRows();
  const all = await Promise.all(Array.from({ length: 8 }, () => engine.aggregate(jobOver(files))));
  for (const each of all) expect(each).toMatchObject(manyOrders);
});

test('an abort is heard in the midst of a file', async () => {
  const engine = openEngine();
  const abort = new AbortController();
  const reason = new Error('cancelled');
  const files = await manyRows();
  let bytes = 0;
  const onBytes = (count: number) => {
    bytes += count;
    if (bytes > 100_000) abort.abort(reason);
  };
  const job = jobOver(files, { signal: abort.signal, onBytes });
  await expect(engine.aggregate(job)).rejects.toBe(reason);
  expect(bytes).toBeLessThan(300_000);
  expect(await engine.aggregate(jobOver(files))).toMatchObject(manyOrders);
});

test('idle threads do not keep a process alive, busy ones do', async () => {
  const root = fileURLToPath(new URL('../../dist', import.meta.url));
  const files = await manyRows();
  const script = `
    const { createScanEngine } = await import('${root}/engine/scan/engine.js');
    const { seedDefinition } = await import('${root}/model/definition.js');
    const engine = createScanEngine({ reference: null });
    const { records } = await engine.aggregate({
      day: '3', definition: seedDefinition('index', []), files: ${JSON.stringify(files)},
      complete: false, signal: new AbortController().signal,
    });
    process.stdout.write(String(records));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { timeout: 20_000 },
  );
  expect(stdout).toBe('500000');
});
