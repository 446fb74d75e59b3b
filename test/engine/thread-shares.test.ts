/** Threads are shared by the datasets: each in its turn, and one whose disks hang takes none from the others. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ThreadPool, type Threads } from '../../src/engine/threads/thread-pool.js';

const file = new URL('./held-thread.js', import.meta.url);

function openPool(size: number) {
  const pool = new ThreadPool({ size, file });
  const gate = new Int32Array(new SharedArrayBuffer(4 * 64));
  const done: string[] = [];
  let places = 0;
  onTestFinished(() => pool.close());

  /** Of a queue; the function that it gives lets the task end. */
  const begin = (threads: Threads, name: string) => {
    const place = places++;
    const { signal } = new AbortController();
    const task = { gate, place, name } as never;
    const ended = threads.run('read', task, { signal }).then(() => done.push(name));
    ended.catch(() => undefined);
    return async () => {
      Atomics.store(gate, place, 1);
      Atomics.notify(gate, place);
      await ended;
    };
  };
  return { pool, done, begin };
}

test('a queue that is long leaves each second turn to another one', async () => {
  const { pool, done, begin } = openPool(1);
  const [a, b] = [pool.share(), pool.share()];
  const held = begin(a, 'a0');
  const rest = [...['a1', 'a2', 'a3'].map((name) => begin(a, name))];
  rest.push(...['b1', 'b2'].map((name) => begin(b, name)));
  await Promise.all([held(), ...rest.map((letGo) => letGo())]);
  expect(done).toEqual(['a0', 'b1', 'a1', 'b2', 'a2', 'a3']);
});

test('tasks that hang with their disks leave as many threads to the others as there were', async () => {
  const { pool, done, begin } = openPool(1);
  let isHanging = false;
  const hung = pool.share(() => isHanging);
  const well = pool.share();
  const [first, second] = [begin(hung, 'hung'), begin(hung, 'hung too')];
  const waiting = [begin(well, 'well'), begin(well, 'well again')].map((letGo) => letGo());
  await sleep(50);
  expect(done).toEqual([]);
  // They wait for the one thread, until it is looked again.
  isHanging = true;
  await Promise.all(waiting);
  expect(done).toEqual(['well', 'well again']);

  isHanging = false;
  await Promise.all([first(), second()]);
  expect(done.slice(2).sort()).toEqual(['hung', 'hung too']);
  await begin(well, 'after')();
}, 20_000);
