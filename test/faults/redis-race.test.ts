/** Someone else changes the key between our look at it and our write: it is never overwritten unseen. */
import { expect, it } from 'vitest';
import type { RedisServer } from '../support/redis-server.js';
import { startRelay } from './redis-relay.js';
import { inTime, key, startScene, startServer } from './redis-scene.js';

/** Two days are processed and the key lies behind; right before the repair, `rival` does something. */
async function raceWith(rival: (redis: RedisServer) => Promise<unknown>) {
  const redis = await startServer();
  const relay = await startRelay(redis.port);
  const scene = await startScene({ url: relay.url });
  await scene.nextDay();
  await scene.nextDay();
  await redis.command('SET', key, '0');
  let races = 0;
  relay.before(async (command) => {
    if (!/EVAL/i.test(command) || races > 0) return;
    races += 1;
    await rival(redis);
  });
  const look = await inTime(() => scene.service.get('/v1/checkpoint'));
  expect(races).toBe(1);
  return { redis, scene, look };
}

it.each([
  ['a higher day', '7', 'ahead'],
  ['what is no day', 'later', 'invalid'],
  ['nothing', null, 'missing'],
])('%s is left for the next look to see', async (_, value, reading) => {
  const { redis, scene, look } = await raceWith((redis) =>
    value === null ? redis.command('DEL', key) : redis.command('SET', key, value),
  );
  expect(look.body).toMatchObject({ day: '1', reading: 'behind', stored: '0', repaired: false });
  expect(await redis.command('GET', key)).toBe(value);
  const next = await inTime(() => scene.service.get('/v1/checkpoint'));
  expect(next.body).toMatchObject({ day: '1', reading, stored: value, repaired: true });
  await scene.expectRight(redis);
});

it('the right day, by another process, is right', async () => {
  const { redis, scene } = await raceWith((redis) => redis.command('SET', key, '1'));
  expect((await inTime(() => scene.service.get('/v1/checkpoint'))).body.reading).toBe('in-sync');
  await scene.expectRight(redis);
});

it('another type stays, whatever is asked, until it is gone', async () => {
  const { redis, scene, look } = await raceWith(async (redis) => {
    await redis.command('DEL', key);
    await redis.command('RPUSH', key, 'not', 'ours');
  });
  expect(look.body.repaired).toBe(false);
  await scene.callEveryRoute();
  expect(await redis.command('LRANGE', key, 0, -1)).toEqual(['not', 'ours']);
  await redis.command('DEL', key);
  await scene.expectRight(redis);
});

it('a rival who moves the key at every turn fails no run, and is put right when it ends', async () => {
  const redis = await startServer();
  const relay = await startRelay(redis.port);
  const scene = await startScene({ url: relay.url });
  let value = 100;
  relay.before(async (command) => {
    if (!/EVAL/i.test(command)) return;
    value += 1;
    await redis.command('SET', key, value);
  });
  await scene.nextDay();
  await scene.callEveryRoute();
  expect(value).toBeGreaterThan(105);
  expect(await redis.command('GET', key)).toBe(`${value}`);
  relay.before(async () => {});
  await scene.service.get('/v1/checkpoint');
  await scene.expectRight(redis);
});
