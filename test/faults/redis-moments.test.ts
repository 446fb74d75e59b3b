/** What can befall the key, or the server, at a bad moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createGatedDisk } from '../http/gated-disk.js';
import { eventually } from '../support/eventually.js';
import type { RedisServer } from '../support/redis-server.js';
import { expectKey, inTime, key, startScene, startServer } from './redis-scene.js';

const duringRun: readonly (readonly [string, (redis: RedisServer) => Promise<unknown>])[] = [
  ['is flushed', (redis) => redis.command('FLUSHALL')],
  ['holds a day that is not processed', (redis) => redis.command('SET', key, '99')],
  ['holds an older day', (redis) => redis.command('SET', key, '0')],
  ['holds no day', (redis) => redis.command('SET', key, 'soon')],
  ['dies and comes back empty', (redis) => redis.restart()],
  ['forgets its scripts', (redis) => redis.command('SCRIPT', 'FLUSH')],
];

it.each(duringRun)('a run while Redis %s', async (_, strike) => {
  const redis = await startServer();
  const gate = createGatedDisk();
  const scene = await startScene({ url: redis.url, disk: gate.disk });
  await scene.nextDay();
  gate.close();
  const running = scene.service.land('1', [[8, { milk: 2 }]]).then(() => scene.service.run());
  await eventually(async () => {
    const { body } = await scene.service.get('/v1/runs?status=running');
    expect(body.runs).toHaveLength(1);
  });
  await strike(redis);
  gate.open();
  expect(await running).toMatchObject({ status: 200, body: { status: 'succeeded', commit: 2 } });
  // The run's own last step, or at the latest the next look.
  await scene.service.get('/v1/checkpoint');
  await expectKey(redis, '1');
  expect((await scene.service.output()).split('\n')).toHaveLength(4);
});

it('a key that expires comes back, and no longer expires', async () => {
  const redis = await startServer();
  const env = { DAYMARK_RECONCILE_INTERVAL_MS: '200' };
  const scene = await startScene({ url: redis.url, env });
  await scene.nextDay();
  await redis.command('PEXPIRE', key, 150);
  await eventually(async () => {
    expect([await redis.command('GET', key), await redis.command('PTTL', key)]).toEqual(['0', -1]);
  });
  await redis.command('EXPIRE', key, 100);
  await scene.nextDay();
  expect(await redis.command('PTTL', key)).toBe(-1);
  await scene.expectRight(redis);
});

it.each(['ALL', 'WRITE'])('a server that pauses its clients (%s)', async (which) => {
  const redis = await startServer();
  const scene = await startScene({ url: redis.url });
  await scene.nextDay();
  await redis.command('CLIENT', 'PAUSE', 1_000, which);
  await scene.callEveryRoute();
  await scene.expectRight(redis);
});

/** Seconds of loading, during which it answers every few keys. */
const slowly = '--key-load-delay 1000 --loading-process-events-interval-bytes 1024';

it('a server that still loads when the service starts', async () => {
  const redis = await startServer({
    args: [...slowly.split(' '), '--enable-debug-command', 'yes'],
  });
  await redis.command('SET', key, '5');
  await redis.command('DEBUG', 'POPULATE', 2_000);
  await redis.restart({ keepData: true, until: 'listening' });
  const scene = await startScene({ url: redis.url });
  const look = await inTime(() => scene.service.get('/v1/checkpoint'));
  expect(look.body).toMatchObject({ day: null, reading: 'unavailable' });
  await scene.nextDay();
  await scene.callEveryRoute();
  await scene.expectRight(redis);
});

it('a server that is replaced by an empty one many times, under requests', async () => {
  const redis = await startServer();
  const scene = await startScene({ url: redis.url });
  await scene.nextDay();
  for (let round = 0; round < 3; round += 1) {
    await redis.restart();
    await sleep(round * 30);
    await scene.callEveryRoute();
  }
  await scene.expectRight(redis);
});
