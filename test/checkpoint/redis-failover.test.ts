/** Another server stands behind the same name, and no one cuts the connections there are. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { replyFailure } from '../../src/checkpoint/redis-failure.js';
import { eventually } from '../support/eventually.js';
import type { RedisServer } from '../support/redis-server.js';
import { because, timed, value, within } from './asking.js';
import { allow, atOnceMs, key, openStore, proxyTo, redis, transactions } from './redis-subject.js';

async function pair(): Promise<{ primary: RedisServer; replica: RedisServer }> {
  const args = ['--repl-diskless-sync-delay', '0'];
  const [primary, replica] = [await redis({ args }), await redis({ args })];
  await replica.command('REPLICAOF', '127.0.0.1', primary.port);
  await eventually(async () =>
    expect(await replica.command('INFO', 'replication')).toContain('master_link_status:up'),
  );
  return { primary, replica };
}

async function failOver(primary: RedisServer, replica: RedisServer): Promise<void> {
  await replica.command('REPLICAOF', 'NO', 'ONE');
  await primary.command('REPLICAOF', '127.0.0.1', replica.port);
}

test.each([
  ['by scripts', ''],
  ['by transactions', 'clerk:secret@'],
])('the old primary is left for the new one: %s', async (_, user) => {
  const { primary, replica } = await pair();
  for (const server of [primary, replica]) await allow(server, transactions);
  const { proxy, url } = await proxyTo(primary);
  const watched = openStore(url.replace('redis://', `redis://${user}`));
  const { store } = watched;
  expect(await store.compareAndSet(null, '3', within())).toEqual({ status: 'stored' });
  await eventually(async () => expect(await replica.command('GET', key)).toBe('3'));

  proxy.leadTo(replica.port);
  await failOver(primary, replica);
  const { result, tookMs } = await timed(() => store.compareAndSet('3', '4', within()));
  expect(result).toEqual(because(/READONLY/));
  expect(tookMs).toBeLessThan(atOnceMs);
  expect(store.refusal()).toMatch(/READONLY/);
  await eventually(async () => {
    expect(await store.compareAndSet('3', '4', within())).toEqual({ status: 'stored' });
  }, 2_000);
  expect(store.refusal()).toBeNull();
  expect(await replica.command('GET', key)).toBe('4');
  expect(watched.restored()).toBeGreaterThan(0);
});

test('a replica that stays one is not connected to over and over, and is read meanwhile', async () => {
  const { primary, replica } = await pair();
  await primary.command('SET', key, '3');
  await eventually(async () => expect(await replica.command('GET', key)).toBe('3'));
  const { proxy, url } = await proxyTo(replica);
  const { store } = openStore(url);
  const until = performance.now() + 4_000;
  while (performance.now() < until) {
    expect(await store.compareAndSet('3', '4', within())).toEqual(because(/READONLY/));
    expect(await store.read(within())).toEqual(value('3'));
    await sleep(50);
  }
  // At the start, at once, and after one and two seconds more.
  expect(proxy.made).toBeGreaterThanOrEqual(3);
  expect(proxy.made).toBeLessThanOrEqual(5);
});

test('a connection that is left ends only when all that was asked on it was answered', async () => {
  const { primary, replica } = await pair();
  const { proxy, url } = await proxyTo(primary);
  const watched = openStore(url);
  await watched.store.compareAndSet(null, '3', within());
  await eventually(async () => expect(await replica.command('GET', key)).toBe('3'));
  proxy.leadTo(replica.port);
  await failOver(primary, replica);
  proxy.delayReplies(100);
  const writing = watched.store.compareAndSet('3', '4', within());
  // Their answers are on their way when the refusal is there.
  await sleep(50);
  const [write, ...reads] = await Promise.all([
    writing,
    ...Array.from({ length: 5 }, () => watched.store.read(within())),
  ]);
  expect(write).toEqual(because(/READONLY/));
  for (const read of reads) expect(read).toEqual(value('3'));
  expect(watched.errors).toEqual([expect.stringMatching(/READONLY/)]);
});

test('a server that no longer loads for us is left: another one is there by now', async () => {
  const slowly = '--key-load-delay 2000 --loading-process-events-interval-bytes 1024';
  const old = await redis({ args: [...slowly.split(' '), '--enable-debug-command', 'yes'] });
  await old.command('DEBUG', 'POPULATE', 5_000);
  const fresh = await redis();
  await fresh.command('SET', key, '5');
  const { proxy, url } = await proxyTo(old);
  const { store } = openStore(url);
  await old.restart({ keepData: true, until: 'listening' });
  await eventually(async () => expect(await store.read(within())).toEqual(because(/LOADING/)));
  proxy.leadTo(fresh.port);
  await eventually(async () => expect(await store.read(within())).toEqual(value('5')), 4_000);
});

test('a replica that lost its primary, and serves nothing old, is left, too', async () => {
  const replica = await redis({ args: ['--replica-serve-stale-data', 'no'] });
  const fresh = await redis();
  await replica.command('REPLICAOF', '127.0.0.1', 1);
  const { proxy, url } = await proxyTo(replica);
  const { store } = openStore(url);
  expect(await store.read(within())).toEqual(because(/MASTERDOWN/));
  proxy.leadTo(fresh.port);
  await eventually(async () => expect(await store.read(within())).toEqual({ status: 'absent' }));
});

test.each([
  [
    "ERR Error running script (call to f_6b1bf486c81ceb7edf3c093f4c48582e38c0e791): @user_script:9: @user_script: 9: -READONLY You can't write against a read only replica.",
    'READONLY',
  ],
  ['ERR Error running script (call to f_6b1b): @user_script:3: -OOM command not allowed', 'OOM'],
  [
    "READONLY You can't write against a read only replica. script: 6b1b, on @user_script:9.",
    'READONLY',
  ],
  ["ERR unknown command 'EVALSHA', with args beginning with: 'a-SET'", 'ERR'],
  ['MOVED 3999 127.0.0.1:6381', 'MOVED'],
])('of %j the code is %s, also as older servers wrap it', (message, code) => {
  expect(replyFailure(new Error(message)).code).toBe(code);
});
