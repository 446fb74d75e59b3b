/** A write whose time ran out may still reach Redis; it must do no harm then. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { RedisServer } from '../support/redis-server.js';
import { unavailable, within } from './asking.js';
import { expectBack, key, openStore, proxyTo, redis } from './redis-subject.js';

test('a write that arrives late, after its time ran out, does not move the key back', async () => {
  const server = await redis();
  const { proxy, url } = await proxyTo(server);
  const { store } = openStore(url);
  await store.compareAndSet(null, '3', within());
  proxy.hold();
  expect(await store.compareAndSet('3', '4', within())).toEqual(unavailable);
  await server.command('SET', key, '5');
  const scriptsRun = () => countOf(server, /cmdstat_eval(?:sha)?:calls=(\d+)/g);
  const before = await scriptsRun();
  proxy.release();
  // Without this, a write that was never sent would pass for one that was refused.
  await eventually(async () => expect(await scriptsRun()).toBeGreaterThan(before));
  expect(await server.command('GET', key)).toBe('5');
});

test('nor does one that a frozen server finds when it thaws, over a key of another type', async () => {
  const server = await redis();
  const { store } = openStore(server);
  await store.compareAndSet(null, '3', within());
  server.freeze();
  expect(await store.compareAndSet('3', '4', within())).toEqual(unavailable);
  const [, pushed] = [
    server.command('DEL', key),
    server.command('LPUSH', key, 'not ours'),
    server.thaw(),
  ];
  await pushed;
  await sleep(100);
  expect(await server.command('LRANGE', key, 0, -1)).toEqual(['not ours']);
});

test('a write whose caller has gone on is not sent once a connection is there', async () => {
  const server = await redis();
  await server.setPassword('secret');
  server.freeze();
  // The connection is made, but not usable before the password was accepted.
  const watched = openStore(server);
  expect(await watched.store.compareAndSet(null, '4', within())).toEqual(unavailable);
  server.thaw();
  await expectBack(watched, { status: 'absent' });
});

async function countOf(server: RedisServer, pattern: RegExp): Promise<number> {
  const stats = String(await server.command('INFO', 'commandstats'));
  return [...stats.matchAll(pattern)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}
