/** Redis answers reads but refuses writes: reads go on, and the core is made to try again. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { because, timed, value, within } from './asking.js';
import {
  allow,
  asUser,
  atOnceMs,
  key,
  openStore,
  redis,
  storeHolding3,
  transactions,
  type Watched,
} from './redis-subject.js';

/** Reads work, the next write is refused at once with that reason, and nothing is changed. */
async function expectReadsOnly({ store, errors }: Watched, pattern: RegExp): Promise<void> {
  const { result, tookMs } = await timed(() => store.compareAndSet('3', '4', within()));
  expect(result).toEqual(because(pattern));
  expect(tookMs).toBeLessThan(atOnceMs);
  expect(await store.read(within())).toEqual(value('3'));
  expect(await store.compareAndSet('3', '4', within())).toEqual(because(pattern));
  expect(errors).toEqual([expect.stringMatching(pattern)]);
}

async function expectWrittenAfterRetry({ store, restored }: Watched): Promise<void> {
  const before = restored();
  await eventually(() => expect(restored()).toBeGreaterThan(before));
  expect(await store.compareAndSet('3', '4', within())).toEqual({ status: 'stored' });
}

test('a read-only replica is read; writes are tried again', async () => {
  const server = await redis();
  const watched = await storeHolding3(server);
  await server.command('REPLICAOF', '127.0.0.1', 1);
  await expectReadsOnly(watched, /READONLY/);
  await server.command('REPLICAOF', 'NO', 'ONE');
  await expectWrittenAfterRetry(watched);
});

test('a full Redis is read; writes are tried again', async () => {
  const server = await redis();
  const watched = await storeHolding3(server);
  await server.config('maxmemory-policy', 'noeviction');
  await server.config('maxmemory', 1);
  await expectReadsOnly(watched, /OOM/);
  await server.config('maxmemory', 0);
  await expectWrittenAfterRetry(watched);
});

test('a full Redis still lets the key be removed', async () => {
  const server = await redis();
  const { store } = await storeHolding3(server);
  await server.config('maxmemory', 1);
  expect(await store.compareAndSet('3', null, within())).toEqual({ status: 'stored' });
});

test('a Redis that cannot save is read; writes are tried again', async () => {
  const server = await redis();
  const watched = await storeHolding3(server);
  await server.config('save', '1 1000000');
  // A folder that is not empty stands where the data would be saved.
  await mkdir(join(server.dir, 'dump.rdb', 'occupied'), { recursive: true });
  await server.command('BGSAVE');
  await eventually(async () => {
    expect(await server.command('INFO', 'persistence')).toContain('rdb_last_bgsave_status:err');
  });
  await expectReadsOnly(watched, /MISCONF/);
  await server.config('stop-writes-on-bgsave-error', 'no');
  await expectWrittenAfterRetry(watched);
});

test('a cluster that is down and answers reads is read; writes are tried again', async () => {
  const server = await redis({
    args: ['--cluster-enabled', 'yes', '--cluster-allow-reads-when-down', 'yes'],
  });
  const inState = (state: string) =>
    eventually(async () =>
      expect(await server.command('CLUSTER', 'INFO')).toContain(`cluster_state:${state}`),
    );
  await server.command('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  await inState('ok');
  await server.command('SET', key, '3');
  // What a script is answered differs by version.
  await allow(server, transactions);
  const watched = openStore(asUser(server));
  const slot = Number(await server.command('CLUSTER', 'KEYSLOT', key));
  await server.command('CLUSTER', 'DELSLOTS', (slot + 1) % 16_384);
  await inState('fail');
  await expectReadsOnly(watched, /CLUSTERDOWN/);
  expect(watched.store.refusal()).toMatch(/CLUSTERDOWN/);
  await server.command('CLUSTER', 'ADDSLOTS', (slot + 1) % 16_384);
  await inState('ok');
  await expectWrittenAfterRetry(watched);
});

test('a user who may read but not write: reads work', async () => {
  const server = await redis();
  await server.command('SET', key, '3');
  await server.command('ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '+get', '+type');
  const watched = openStore(`redis://reader:secret@127.0.0.1:${server.port}`);
  await expectReadsOnly(watched, /NOPERM/);
});

test('listeners are called until a write is answered, and not after', async () => {
  const server = await redis();
  const { store, restored } = await storeHolding3(server);
  await server.config('maxmemory', 1);
  await store.compareAndSet('3', '4', within());
  await eventually(() => expect(restored()).toBe(2));
  await server.config('maxmemory', 0);
  expect(await store.compareAndSet('2', '4', within())).toEqual({ status: 'conflict' });
  await sleep(1_300);
  expect(restored()).toBe(2);
});

test('writes are no longer tried when the store holds what was to be written', async () => {
  const server = await redis();
  const { store, restored } = await storeHolding3(server);
  await server.config('maxmemory', 1);
  await store.compareAndSet('3', '4', within());
  await server.config('maxmemory', 0);
  await server.command('SET', key, '4');
  expect(await store.read(within())).toEqual(value('4'));
  const before = restored();
  await sleep(1_300);
  expect(restored()).toBe(before);
});
