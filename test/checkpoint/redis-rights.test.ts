/** Users who may do only some of what Redis can do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { because, value, within } from './asking.js';
import {
  allow,
  asUser,
  bounded,
  key,
  openStore,
  redis,
  scripts,
  transactions,
} from './redis-subject.js';

const without = (rights: readonly string[], right: string) =>
  rights.filter((each) => each !== right);

test.each([
  ['scripts', scripts],
  ['transactions', transactions],
  ['scripts, half bounded', [...scripts, '+getrange']],
  ['transactions, half bounded', [...transactions, '+strlen']],
  ['scripts, bounded', [...scripts, ...bounded]],
  ['transactions, bounded', [...transactions, ...bounded]],
])('the rights that the documentation lists are enough: %s', async (_, rights) => {
  const server = await redis();
  await allow(server, rights);
  const { store, errors } = openStore(asUser(server));
  expect(await store.read(within())).toEqual({ status: 'absent' });
  expect(await store.compareAndSet(null, '3', within())).toEqual({ status: 'stored' });
  expect(await store.read(within())).toEqual(value('3'));
  expect(await store.compareAndSet('2', '4', within())).toEqual({ status: 'conflict' });
  expect(await store.compareAndSet('3', null, within())).toEqual({ status: 'stored' });
  await server.command('LPUSH', key, '3');
  expect(await store.read(within())).toEqual({ status: 'wrong-type', type: 'list' });
  expect(await store.compareAndSet(null, '4', within())).toEqual({
    status: 'wrong-type',
    type: 'list',
  });
  expect(errors).toEqual([]);
  expect(store.refusal()).toBeNull();
});

test.each([
  ...['+set', '+type', '+eval'].map((right) => [right, scripts] as const),
  ...['+set', '+type', '+watch', '+multi', '+exec'].map((right) => [right, transactions] as const),
])('without %s it is read, and the refusal names the command', async (right, rights) => {
  const server = await redis();
  await server.command('SET', key, '3');
  await allow(server, without(rights, right));
  const { store, errors } = openStore(asUser(server));
  expect(await store.compareAndSet('3', '4', within())).toEqual(because(/NOPERM/));
  expect(await store.read(within())).toEqual(value('3'));
  // Asked again and again, it says the same.
  const first = store.refusal();
  await store.compareAndSet('3', '4', within());
  expect(store.refusal()).toBe(first);
  expect(first).toContain(
    `'${right === '+eval' ? 'watch' : rights === scripts ? 'watch' : right.slice(1)}'`,
  );
  expect(errors).toHaveLength(1);
});

test('a server on which scripts are switched off is written by transactions', async () => {
  const server = await redis({
    args: ['--rename-command', 'EVAL', '', '--rename-command', 'EVALSHA', ''],
  });
  const { store } = openStore(server);
  expect(await store.compareAndSet(null, '3', within())).toEqual({ status: 'stored' });
  expect(await store.compareAndSet('3', '4', within())).toEqual({ status: 'stored' });
  expect(await server.command('GET', key)).toBe('4');
});

test('a transaction changes nothing where someone writes between look and write', async () => {
  const server = await redis();
  await allow(server, transactions);
  const { store } = openStore(asUser(server));
  let held: string | null = null;
  let stored = 0;
  // Writers of scripts and of transactions, and one who asks no one.
  const other = openStore(server).store;
  for (let round = 0; round < 40; round += 1) {
    const results = await Promise.all([
      store.compareAndSet(held, `a${round}`, within()),
      store.compareAndSet(held, `b${round}`, within()),
      other.compareAndSet(held, `c${round}`, within()),
      other.compareAndSet(held, `d${round}`, within()),
    ]);
    const winners = results.filter(({ status }) => status === 'stored');
    expect(winners.length).toBeLessThanOrEqual(1);
    stored += winners.length;
    held = (await server.command('GET', key)) as string | null;
  }
  expect(stored).toBeGreaterThan(0);
});

test('a user without a password logs in as that user', async () => {
  const server = await redis();
  await server.command('ACL', 'SETUSER', 'clerk', 'on', 'nopass', `~${key}`, '-@all', ...scripts);
  const { store } = openStore(`redis://clerk@127.0.0.1:${server.port}`);
  expect(await store.compareAndSet(null, '3', within())).toEqual({ status: 'stored' });
  expect(await server.command('CLIENT', 'LIST')).toMatch(/user=clerk/);
});

test('without the right to MULTI nothing is written outside a transaction', async () => {
  const server = await redis();
  await allow(server, without(transactions, '+multi'));
  const { store } = openStore(asUser(server));
  expect(await store.compareAndSet(null, '3', within())).toEqual(because(/NOPERM.*'multi'/));
  expect(await server.command('GET', key)).toBe(null);
});

test.each([
  ['scripts', scripts],
  ['transactions', transactions],
])('rights that are granted on the connection there is count at once: %s', async (_, rights) => {
  const server = await redis();
  await server.command('SET', key, '3');
  await allow(server, ['+get']);
  const { store } = openStore(asUser(server));
  expect(await store.compareAndSet('3', '4', within())).toEqual(because(/NOPERM/));
  expect(await store.compareAndSet('3', '4', within())).toEqual(because(/NOPERM/));
  await server.command('ACL', 'SETUSER', 'clerk', ...rights);
  expect(await store.compareAndSet('3', '4', within())).toEqual({ status: 'stored' });
  expect(store.refusal()).toBeNull();
});

test('a user to whom the key was forbidden for a while reads no more of it than others do', async () => {
  const server = await redis();
  await allow(server, [...scripts, ...bounded]);
  await server.command('ACL', 'SETUSER', 'clerk', 'resetkeys');
  const { store } = openStore(asUser(server));
  expect(await store.read(within())).toEqual(because(/NOPERM/));
  await server.command('ACL', 'SETUSER', 'clerk', `~${key}`);
  await eventually(async () => expect(await store.read(within())).toEqual({ status: 'absent' }));
  await server.command('SETRANGE', key, 1_000_000, 'x');
  await server.command('CONFIG', 'RESETSTAT');
  expect(await store.read(within())).toMatchObject({ cutFromBytes: 1_000_001 });
  expect(await server.command('INFO', 'commandstats')).not.toContain('cmdstat_get:');
});

test('a Redis that lets no second connection in takes no transactions, and that is told once', async () => {
  const server = await redis();
  await server.command('SET', key, '3');
  await allow(server, transactions);
  const { store, errors } = openStore(asUser(server));
  expect(await store.read(within())).toEqual(value('3'));
  await server.config('maxclients', 1);
  let refusals = 0;
  while (refusals < 8) {
    const refused = await store.compareAndSet('3', '4', within());
    // What Redis says before it closes is lost where we write at that moment; the kernel answers then.
    if (JSON.stringify(refused).includes('ECONNRESET')) {
      await sleep(100);
      continue;
    }
    expect(refused).toEqual(because(/max number of clients/));
    expect(await store.read(within())).toEqual(value('3'));
    expect(store.refusal()).toMatch(/max number of clients/);
    refusals += 1;
    await sleep(100);
  }
  // The first refusal is told, in whichever of the two ways it was heard.
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.filter((error) => !error.includes('ECONNRESET')).length).toBeLessThanOrEqual(1);
  await server.config('maxclients', 100);
  await eventually(async () =>
    expect(await store.compareAndSet('3', '4', within())).toEqual({ status: 'stored' }),
  );
  expect(store.refusal()).toBeNull();
});
