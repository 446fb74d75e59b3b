/** The reference of `columns` on a thread: the same days, and the service's own thread is free. */
import { unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { aggregateColumns } from '../../../src/engine/csv/columns/aggregate-columns.js';
import { columnsOnThread } from '../../../src/engine/threads/columns-on-thread.js';
import { packRows, unpackRows } from '../../../src/engine/threads/packed-rows.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import { writeFiles } from '../job.js';
import { columnsJob, definitionOf, linesOf } from './job.js';

const definition = definitionOf({
  columns: { k: 'text?', x: 'integer?' },
  by: ['k'],
  measures: { n: 'count()', x: 'sum(x)' },
});

function onThread() {
  const pool = new ThreadPool({ size: 1 });
  onTestFinished(() => pool.close());
  return columnsOnThread(pool);
}

test('a thread says the same of a sound day, and of one that is not', async () => {
  const sound = await writeFiles({ 'a.csv': 'k,x,y\na,1,\n,,\n', 'b.csv.gz': 'x,k\n5,a\n' });
  const wrong = await writeFiles({ 'a.csv': `k,x\n${'a,x\n'.repeat(30)}` });
  const aggregate = onThread();
  for (const files of [sound, wrong]) {
    const expected = await aggregateColumns(columnsJob(files, definition));
    expect(await aggregate(columnsJob(files, definition))).toEqual(expected);
  }
});

test('rows of a million are taken in piece by piece, while others are answered', async () => {
  const keys = Array.from({ length: 300_000 }, (_, index) => `some key ${index},${index}\n`);
  const files = await writeFiles({ 'a.csv': `k,x\n${keys.join('')}` });
  let [longestMs, last] = [0, performance.now()];
  const beat = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  }, 5);
  onTestFinished(() => clearInterval(beat));
  const day = await onThread()(columnsJob(files, definition));
  await sleep(10);
  expect(linesOf(day)).toHaveLength(300_000);
  // On its own thread the parsing alone takes most of two seconds.
  expect(longestMs).toBeLessThan(700);
});

test('the bytes of its files are reported, and it stops when it is called off', async () => {
  const files = await writeFiles({ 'a.csv': `k,x\n${'a,1\n'.repeat(500_000)}` });
  const aggregate = onThread();
  let consumed = 0;
  const onBytes = (count: number) => {
    consumed += count;
  };
  await aggregate(columnsJob(files, definition, { onBytes }));
  expect(consumed).toBe(files[0]?.sizeBytes);
  const abort = new AbortController();
  const reason = new Error('cancelled');
  const stopped = aggregate(
    columnsJob(files, definition, { signal: abort.signal, onBytes: () => abort.abort(reason) }),
  );
  await expect(stopped).rejects.toBe(reason);
});

test('a file that is gone is unreadable', async () => {
  const files = await writeFiles({ 'a.csv': 'k,x\n' });
  await unlink(files[0]?.path as string);
  await expect(onThread()(columnsJob(files, definition))).rejects.toMatchObject({
    name: 'RawReadError',
    file: 'a.csv',
    message: 'a.csv is gone: it was there when the day was listed.',
  });
});

test('rows go through as they are, empty cells, long ones and none', async () => {
  const long = 'x'.repeat(600_000);
  const rows = [
    { key: [null, 'a'], values: [null] },
    { key: ['b', null], values: ['1'] },
    { key: [long, '😀\n'], values: ['2'] },
    { key: ['c', long], values: [null] },
    { key: [null, null], values: [null] },
  ];
  const packed = packRows(rows);
  expect(packed).toHaveLength(2);
  expect(await unpackRows(packed, 2, 1)).toEqual(rows);
  expect(packRows([])).toEqual([]);
  expect(await unpackRows(packRows([{ key: [], values: [null] }]), 0, 1)).toEqual([
    { key: [], values: [null] },
  ]);
});
