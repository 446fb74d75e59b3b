/** Whatever ails Redis, every route answers soon, runs succeed, and the key is right soon after Redis is. */
import { describe, expect, it } from 'vitest';
import {
  expectKey,
  inTime,
  key,
  type Scene,
  startScene,
  startServer,
} from '../faults/redis-scene.js';
import type { RedisServer } from '../support/redis-server.js';

interface Fault {
  readonly name: string;
  readonly reading: 'unavailable' | 'wrong-type' | 'in-sync';
  strike(redis: RedisServer): Promise<void>;
  heal(redis: RedisServer): Promise<void>;
}

const faults: Fault[] = [
  {
    name: 'frozen',
    reading: 'unavailable',
    strike: async (redis) => redis.freeze(),
    heal: async (redis) => redis.thaw(),
  },
  {
    name: 'killed',
    reading: 'unavailable',
    strike: (redis) => redis.kill(),
    heal: (redis) => redis.restart(),
  },
  {
    name: 'read-only',
    reading: 'in-sync',
    strike: async (redis) => {
      await redis.config('replica-serve-stale-data', 'yes');
      await redis.command('REPLICAOF', '127.0.0.1', '1');
    },
    heal: async (redis) => void (await redis.command('REPLICAOF', 'NO', 'ONE')),
  },
  {
    name: 'out of memory',
    reading: 'in-sync',
    strike: (redis) => redis.config('maxmemory', '1'),
    heal: (redis) => redis.config('maxmemory', '0'),
  },
  {
    name: 'demanding a password',
    reading: 'unavailable',
    strike: async (redis) => {
      await redis.setPassword('secret');
      await redis.dropClients();
    },
    heal: (redis) => redis.setPassword(null),
  },
  {
    name: 'holding another type under the key',
    reading: 'wrong-type',
    strike: async (redis) => {
      await redis.command('DEL', key);
      await redis.command('LPUSH', key, 'not', 'ours');
    },
    heal: async (redis) => void (await redis.command('DEL', key)),
  },
];

describe.each(faults)('Redis $name', ({ strike, heal, reading }) => {
  async function startStruck(): Promise<{ redis: RedisServer; scene: Scene }> {
    const redis = await startServer();
    const scene = await startScene({ url: redis.url });
    await scene.nextDay();
    expect(await redis.command('GET', key)).toBe('0');
    await strike(redis);
    return { redis, scene };
  }

  it('fails no route and no run, and is put right when it is over', async () => {
    const { redis, scene } = await startStruck();
    const look = await inTime(() => scene.service.get('/v1/checkpoint'));
    expect(look.body).toMatchObject({ day: '0', reading });
    const run = await scene.nextDay();
    expect(run).toMatchObject({ status: 200, body: { status: 'succeeded', commit: 2 } });
    expect(run.body.warnings).toEqual([expect.stringContaining('checkpoint')]);
    await scene.callEveryRoute();

    await heal(redis);
    // No request is needed for it.
    await expectKey(redis, '2');
    await scene.expectRight(redis);
    expect((await scene.service.get('/v1/checkpoint')).body).toMatchObject({
      reading: 'in-sync',
      stored: '2',
    });
  });

  it('holds up a crowd of requests no longer than one', async () => {
    const { scene } = await startStruck();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => inTime(() => scene.service.get('/v1/checkpoint'))),
    );
    expect(answers.every(({ status, body }) => status === 200 && body.day === '0')).toBe(true);
  });
});

it('a service starts without Redis, and finds it when it comes', async () => {
  const redis = await startServer();
  await redis.kill();
  const scene = await startScene({ url: redis.url });
  expect((await scene.nextDay()).body).toMatchObject({
    status: 'succeeded',
    reading: 'unavailable',
  });
  await redis.restart();
  await scene.expectRight(redis);
});
