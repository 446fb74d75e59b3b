/** A real cluster of three nodes, of which one holds the key. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askingAt } from '../../src/checkpoint/redis-redirect.js';
import { eventually } from '../support/eventually.js';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.js';
import type { RedisServer } from '../support/redis-server.js';
import { because, timed, unavailable, value, within } from './asking.js';
import {
  allow,
  atOnceMs,
  key,
  openStore,
  redis,
  scripts,
  slackMs,
  timeoutMs,
  transactions,
} from './redis-subject.js';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
}, 40_000);
afterAll(() => cluster?.stop());

const addressOf = ({ port }: RedisServer) => ({ host: '127.0.0.1', port });

describe.each([
  ['by scripts', [...scripts, '+asking']],
  ['by transactions', [...transactions, '+asking']],
])('a cluster, written %s', (_, rights) => {
  beforeEach(async () => {
    for (const node of cluster.nodes) await allow(node, rights);
    await (await cluster.ownerOf(key)).command('DEL', key);
  });

  const open = (nodes: readonly RedisServer[] = cluster.nodes) =>
    openStore('redis://clerk:secret@anywhere', { cluster: nodes.map(addressOf) });
  const others = async () => {
    const owner = await cluster.ownerOf(key);
    return cluster.nodes.filter((node) => node !== owner);
  };

  test('the node that holds the key is found from any other, within the first budget', async () => {
    for (const node of cluster.nodes) {
      const { store, errors } = open([node]);
      expect(await store.read(within(timeoutMs))).toEqual({ status: 'absent' });
      expect(await store.compareAndSet(null, '3', within(timeoutMs))).toEqual({ status: 'stored' });
      expect(await store.compareAndSet('3', null, within(timeoutMs))).toEqual({ status: 'stored' });
      expect(errors).toEqual([]);
    }
  });

  test('while the slot is moved, and after it, nothing is lost and no one waits', async () => {
    const { store, errors } = open();
    await store.compareAndSet(null, '3', within());
    const [to] = await others();
    if (to === undefined) throw new Error('there is no other node');
    const move = await cluster.moveSlotOf(key, to);
    expect(await store.read(within(timeoutMs))).toEqual(value('3'));
    expect(await store.compareAndSet('2', '9', within(timeoutMs))).toEqual({ status: 'conflict' });
    expect(await store.compareAndSet('3', '4', within(timeoutMs))).toEqual({ status: 'stored' });
    expect(await store.read(within(timeoutMs))).toEqual(value('4'));
    await move.finish();
    expect(await store.read(within(timeoutMs))).toEqual(value('4'));
    expect(await store.compareAndSet('4', '5', within(timeoutMs))).toEqual({ status: 'stored' });
    expect(await to.command('GET', key)).toBe('5');
    expect(errors).toEqual([]);
  });
});

test('nodes that are gone are passed over', async () => {
  const gone = [1, 2].map((port) => ({ host: '127.0.0.1', port }));
  const { store } = openStore('redis://anywhere', {
    cluster: [...gone, ...cluster.nodes.map(addressOf)],
  });
  await eventually(async () =>
    expect(await store.read(within())).toMatchObject({
      status: expect.stringMatching(/absent|value/),
    }),
  );
});

test('one node alone, named as if it were no cluster, is told for what it is, at once', async () => {
  const owner = await cluster.ownerOf(key);
  const other = cluster.nodes.find((node) => node !== owner);
  const { store } = openStore(other?.url ?? '');
  const hint = because(/MOVED \d+ .*DAYMARK_REDIS_CLUSTER/);
  expect(await store.read(within())).toEqual(hint);
  const { result, tookMs } = await timed(() => store.read(within()));
  expect(result).toEqual(hint);
  expect(tookMs).toBeLessThan(atOnceMs);
});

test('the node of the key is lost: unavailable within the budget, and back with the node', async () => {
  const { store } = openStore('redis://anywhere', { cluster: cluster.nodes.map(addressOf) });
  await eventually(async () => expect(await store.read(within())).not.toEqual(unavailable));
  const owner = await cluster.ownerOf(key);
  await owner.kill();
  const { result, tookMs } = await timed(() => store.read(within()));
  expect(result).toEqual(unavailable);
  expect(tookMs).toBeLessThan(timeoutMs + slackMs);
  await owner.restart();
  await eventually(async () => expect(await store.read(within())).not.toEqual(unavailable), 15_000);
});

test('a node that takes a slot over is sent nothing once the caller has gone on', async () => {
  const server = await redis();
  const sent: unknown[] = [];
  const asked = askingAt(addressOf(server), {}, { expired: true }, async (node) => {
    sent.push(await node.set(key, '4'));
  });
  await expect(asked).rejects.toThrow('too late');
  expect(sent).toEqual([]);
});
