/** The reference on threads: the service's own thread is free while files are read, whatever is in them. */
import fs from 'node:fs';
import { unlink } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { ProblemLog } from '../../src/engine/problems.js';
import { createScanEngine } from '../../src/engine/scan/engine.js';
import { Tally } from '../../src/engine/tally.js';
import { readOnThread } from '../../src/engine/threads/read-on-thread.js';
import { ThreadPool, type ThreadPoolOptions } from '../../src/engine/threads/thread-pool.js';
import { makePlane, queued, request } from '../core/plane.js';
import { rowOf, seed } from '../support/counted.js';
import { jobOver, writeFiles } from './job.js';
import { createThreadedCsv } from './subjects.js';
import { h } from './words.js';

const mortal = new URL('./mortal-thread.js', import.meta.url);
const deaf = new URL('./deaf-thread.js', import.meta.url);

function openPool(options: ThreadPoolOptions = {}) {
  const pool = new ThreadPool({ size: 1, ...options });
  onTestFinished(() => pool.close());
  return pool;
}

const fewRows = () => writeFiles({ 'a.csv': `${h},x\n5,1\n` });
const fewOrders = { records: 1, rows: [rowOf({ hour: 5, category: 'x', items: 1 })] };

describe('the own thread of the service', () => {
  const contents = {
    'a.csv': `${h},x\n${'5,"1"\n'.repeat(200_000)}`,
    'b.csv.gz': `${h},x\n${'5,1,\n'.repeat(9_000)}`,
    'c.csv': `${h},x\n${'5,1,\n'.repeat(200_000)}`,
  };

  test('reads no byte of a raw file for csv', async () => {
    const files = await writeFiles(contents);
    const read = readsOfThisThread();
    const result = await createThreadedCsv(openPool()).aggregate(jobOver(files));
    expect(result).toMatchObject({ problemCount: 10_000, stoppedAt: { file: 'c.csv' } });
    expect(read).not.toHaveBeenCalled();
  });

  test('reads for scan as far as the first thing that is odd, and no further', async () => {
    const files = await writeFiles(contents);
    const read = readsOfThisThread();
    const pool = openPool();
    const engine = createScanEngine({ reference: readOnThread(pool), pool });
    const result = await engine.aggregate(jobOver(files));
    expect(result).toMatchObject({ problemCount: 10_000, stoppedAt: { file: 'c.csv' } });
    // Of each file one chunk, in which its header ends; of gzip data perhaps one ahead.
    expect(read.mock.calls.length).toBeGreaterThan(0);
    expect(read.mock.calls.length).toBeLessThanOrEqual(4);
  });

  test('starts no thread for a small day', async () => {
    const engine = createThreadedCsv(openPool());
    const files = await fewRows();
    const started = startedThreads();
    for (let day = 0; day < 20; day += 1) {
      expect(await engine.aggregate(jobOver(files))).toMatchObject(fewOrders);
    }
    expect(started).not.toHaveBeenCalled();
  });

  test('answers while a day is read, and calls the run off though its thread hears nothing', async () => {
    const csv = createThreadedCsv(openPool({ file: deaf }));
    const { plane, land, ended } = await makePlane(undefined, { engines: new Map([['csv', csv]]) });
    await land('0');
    const { run } = await plane.submit(request(), queued);
    await vi.waitFor(async () =>
      expect(await plane.run(run.id)).toMatchObject({ progress: { day: '0' } }),
    );
    expect((await plane.survey()).days).toMatchObject([{ day: '0', state: 'new' }]);
    expect(await plane.run(run.id)).toMatchObject({ status: 'running' });
    await plane.cancel(run.id);
    expect(await ended(run.id)).toMatchObject({ status: 'cancelled' });
  });
});

/** Raw files are read through handles, on whichever thread. */
function readsOfThisThread() {
  const read = vi.spyOn(fs, 'read');
  syncBuiltinESMExports();
  onTestFinished(() => {
    read.mockRestore();
    syncBuiltinESMExports();
  });
  return read;
}

/** Those that are started from now on; a start is told one turn late. */
function startedThreads() {
  const started = vi.fn();
  process.on('worker', started);
  onTestFinished(() => void process.off('worker', started));
  return started;
}

describe('a thread', () => {
  test.each([
    ['13', 'exit code 3'],
    ['14', 'a day to die'],
    ['15', 'Worker terminated due to reaching memory limit: JS heap out of memory'],
  ])('that dies of day %s fails that day, and no other', async (day, why) => {
    const engine = createThreadedCsv(openPool({ file: mortal }));
    const files = await fewRows();
    expect(await engine.aggregate(jobOver(files))).toMatchObject(fewOrders);
    const message = `a thread that reads raw files ended (${why}); run the day again`;
    await expect(engine.aggregate(jobOver(files, { day }))).rejects.toThrow(message);
    expect(await engine.aggregate(jobOver(files))).toMatchObject(fewOrders);
    expect(getHeapStatistics().used_heap_size).toBeLessThan(512 * 1_048_576);
  });

  test('that does not stop is given up: the abort is heard, and the next day has a new thread', async () => {
    const engine = createThreadedCsv(openPool({ file: deaf }));
    const files = await fewRows();
    const started = startedThreads();
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const reading = engine.aggregate(jobOver(files, { signal: abort.signal }));
    const waiting = engine.aggregate(jobOver(files)).catch((error: Error) => error.message);
    abort.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await vi.waitFor(() => expect(started).toHaveBeenCalledOnce());
    await engine.close();
    expect(await waiting).toMatch('a thread that reads raw files ended');
  });

  test('does not get what was called off while it waited', async () => {
    const files = await fewRows();
    const abort = new AbortController();
    const engine = createThreadedCsv(openPool({ file: deaf }));
    const reading = engine.aggregate(jobOver(files)).catch(() => null);
    const waiting = engine.aggregate(jobOver(files, { signal: abort.signal }));
    const reason = new Error('cancelled');
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await engine.close();
    expect(await reading).toBeNull();
  });

  test('says what it could not read as if it were none', async () => {
    const files = await fewRows();
    await unlink(files[0]?.path as string);
    const error = await createThreadedCsv(openPool())
      .aggregate(jobOver(files))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'RawReadError',
      file: 'a.csv',
      message: 'a.csv is gone: it was there when the day was listed.',
      cause: { message: expect.stringContaining('ENOENT') },
    });
  });
});

test('an abort is heard in the midst of much text in few stored bytes', async () => {
  const content = gzipSync(`${h},x\n${'5,1\n'.repeat(1_000_000)}`);
  const [file] = await writeFiles({ 'a.csv.gz': content });
  if (file === undefined) throw new Error('there is no file');
  expect(content.length).toBeLessThan(65_536);
  const abort = new AbortController();
  const reason = new Error('cancelled');
  const { signal } = abort;
  const tally = new Tally(seed);
  const job = jobOver([], { signal, onBytes: () => abort.abort(reason) });
  await expect(readCsvFile(file, job, tally, new ProblemLog())).rejects.toBe(reason);
  expect(tally.records).toBeLessThan(1_000_000);
});
