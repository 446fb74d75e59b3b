/** Redis comes back with less than it had: an old dump, an old log, or a replica that missed the last write. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { RedisServer } from '../support/redis-server.js';
import { startTestService } from '../support/service.js';
import { startRelay } from './redis-relay.js';
import { expectKey, inTime, key, type Scene, startScene, startServer } from './redis-scene.js';

interface Persistence {
  readonly name: string;
  readonly args: readonly string[];
  /** Keeps what would be on the disk now; the result brings it back to a server that is down. */
  keep(redis: RedisServer): Promise<() => Promise<void>>;
}

const kinds: Persistence[] = [
  {
    name: 'dump',
    args: [],
    keep: async (redis) => {
      await redis.command('SAVE');
      return async () => {};
    },
  },
  {
    name: 'append-only log',
    args: ['--appendonly', 'yes'],
    keep: async ({ dir }) => {
      const [log, kept] = [join(dir, 'appendonlydir'), join(dir, 'kept')];
      await cp(log, kept, { recursive: true });
      return async () => {
        await rm(log, { recursive: true });
        await cp(kept, log, { recursive: true });
      };
    },
  },
];

/** Two days; Redis is down, and its data is from after the first. */
async function startStale({ args, keep }: Persistence) {
  const redis = await startServer({ args });
  const scene = await startScene({ url: redis.url });
  await scene.nextDay();
  await expectKey(redis, '0');
  const bringBack = await keep(redis);
  await scene.nextDay();
  await expectKey(redis, '1');
  await redis.kill();
  await bringBack();
  return { redis, scene };
}

it.each(kinds)('an old $name under a service that goes on', async (kind) => {
  const { redis, scene } = await startStale(kind);
  await scene.nextDay();
  await redis.restart({ keepData: true });
  await scene.expectRight(redis);
  await scene.callEveryRoute();
  await scene.expectRight(redis);
});

it.each(kinds)('an old $name under a service that starts anew', async (kind) => {
  const { redis, scene } = await startStale(kind);
  const { root } = scene.service;
  await scene.service.stop();
  await redis.restart({ keepData: true });
  expect(await redis.command('GET', key)).toBe('0');

  const again = await startTestService({ root, env: { DAYMARK_REDIS_URL: redis.url } });
  const look = await inTime(() => again.get('/v1/checkpoint'));
  expect(look.body).toMatchObject({ day: '1', reading: 'behind', stored: '0', repaired: true });
  expect((await inTime(() => again.run())).body).toMatchObject({ status: 'succeeded', days: [] });
  expect(await redis.command('GET', key)).toBe('1');
  expect(await again.output()).toBe(await scene.service.output());
});

/** A replica that follows, and then does not. */
async function startPair() {
  // A replica's first copy would wait five seconds for others that may want one.
  const args = ['--repl-diskless-sync-delay', '0'];
  const [first, second] = [await startServer({ args }), await startServer({ args })];
  const relay = await startRelay(first.port);
  const scene = await startScene({ url: relay.url });
  await second.command('REPLICAOF', '127.0.0.1', first.port);
  await scene.nextDay();
  await expectKey(second, '0');
  return { first, second, relay, scene };
}

it('a failover that loses the last write', async () => {
  const { first, second, relay, scene } = await startPair();
  await second.command('REPLICAOF', 'NO', 'ONE');
  await scene.nextDay();
  expect([await first.command('GET', key), await second.command('GET', key)]).toEqual(['1', '0']);
  await first.kill();
  await scene.callEveryRoute();
  relay.pointTo(second.port);
  await scene.expectRight(second);
  await scene.callEveryRoute();
  await scene.expectRight(second);
});

it('a failover of a moment, while nobody asks', async () => {
  const { first, second, relay, scene } = await startPair();
  await second.command('REPLICAOF', 'NO', 'ONE');
  await scene.nextDay();
  await expectKey(first, '1');
  relay.pointTo(second.port);
  await expectKey(second, '1');
});

it('a failover that is seen before the replica may be written, and back again', async () => {
  const { first, second, relay, scene } = await startPair();
  relay.pointTo(second.port);
  await scene.callEveryRoute();
  await expectReadOnly(scene);
  await second.command('REPLICAOF', 'NO', 'ONE');
  await scene.expectRight(second);

  // The old server never heard of the last days, and one on which nothing is known follows it.
  relay.pointTo(first.port);
  await scene.expectRight(first);
  await first.command('FLUSHALL');
  relay.pointTo(second.port);
  await scene.callEveryRoute();
  await scene.expectRight(second);
});

async function expectReadOnly(scene: Scene): Promise<void> {
  await eventually(async () => {
    const { body } = await inTime(() => scene.service.get('/v1/checkpoint'));
    expect(body).toMatchObject({ reading: 'behind', repaired: false });
  });
}
