import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { unavailable, value, within } from './asking.js';
import { key, openStore } from './redis-subject.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
beforeEach(async () => {
  await server.command('FLUSHALL');
});
afterAll(() => server.stop());

describe('the checkpoint in Redis', () => {
  test('is a bare value that other jobs can read and write', async () => {
    const { store } = openStore(server);
    await store.compareAndSet(null, '3', within());
    expect(await server.command('GET', key)).toBe('3');
    await server.command('SET', key, '4');
    expect(await store.read(within())).toEqual(value('4'));
  });

  test('does not expire, also where the value before it did', async () => {
    const { store } = openStore(server);
    await server.command('SET', key, '3', 'EX', 100);
    await store.compareAndSet('3', '4', within());
    expect(await server.command('TTL', key)).toBe(-1);
  });

  test.each([
    ['list', ['LPUSH', key, '3']],
    ['hash', ['HSET', key, 'day', '3']],
    ['stream', ['XADD', key, '*', 'day', '3']],
  ])('never touches a key that holds a %s', async (type, command) => {
    const { store } = openStore(server);
    await server.command(...command);
    const before = await server.command('DUMP', key);
    expect(await store.read(within())).toEqual({ status: 'wrong-type', type });
    for (const [expected, next] of [
      [null, '4'],
      ['3', '4'],
      ['3', null],
      [null, null],
    ] as const) {
      const result = await store.compareAndSet(expected, next, within());
      expect(result).toEqual({ status: 'wrong-type', type });
    }
    expect(await server.command('DUMP', key)).toEqual(before);
  });

  test('a key of another type is no failure of Redis', async () => {
    const { store, errors, restored } = openStore(server);
    await server.command('LPUSH', key, '3');
    await store.read(within());
    await server.command('DEL', key);
    expect(await store.read(within())).toEqual({ status: 'absent' });
    expect(errors).toEqual([]);
    expect(restored()).toBe(0);
  });

  test('reads a value that was cleared behind its back as absent', async () => {
    const { store } = openStore(server);
    await store.compareAndSet(null, '3', within());
    await server.command('FLUSHALL');
    expect(await store.read(within())).toEqual({ status: 'absent' });
    expect(await store.compareAndSet('3', '4', within())).toEqual({ status: 'conflict' });
    expect(await store.compareAndSet(null, '4', within())).toEqual({ status: 'stored' });
  });

  test('can replace a value that is no UTF-8', async () => {
    const { store } = openStore(server);
    await server.command('EVAL', "redis.call('SET', KEYS[1], '3\\255\\254')", 1, key);
    const read = await store.read(within());
    expect(read).toEqual(value('3��'));
    const text = read.status === 'value' ? read.text : '';
    expect(await store.compareAndSet(text, '4', within())).toEqual({ status: 'stored' });
    expect(await server.command('GET', key)).toBe('4');
  });

  test('goes on after the server forgot its scripts', async () => {
    const { store } = openStore(server);
    await store.compareAndSet(null, '1', within());
    await store.compareAndSet('1', '2', within());
    await server.command('SCRIPT', 'FLUSH');
    expect(await store.compareAndSet('2', '3', within())).toEqual({ status: 'stored' });
    expect(await server.command('GET', key)).toBe('3');
  });

  test('uses the database that the URL names, and no other', async () => {
    const { store } = openStore(`${server.url}/5`);
    await store.compareAndSet(null, '3', within());
    expect(await server.command('GET', key)).toBe(null);
    expect(await server.command('INFO', 'keyspace')).toContain('db5:keys=1');
  });

  test('never falls back to another database where the server lacks the one in the URL', async () => {
    await server.command('SET', key, 'not ours');
    const { store } = openStore(`${server.url}/9999`);
    expect(await store.read(within())).toEqual(unavailable);
    expect(await store.compareAndSet('not ours', '3', within())).toEqual(unavailable);
    expect(await server.command('GET', key)).toBe('not ours');
  });
});
