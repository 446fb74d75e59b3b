/** The line to Redis is slow, cut, mute, or all of that in turn: answers stay right and in time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { inTime, startScene, startServer } from './redis-scene.js';
import { soak } from './soak.js';

async function startOverProxy() {
  const redis = await startServer();
  const proxy = await startTcpProxy(redis.port);
  onTestFinished(() => proxy.close());
  const scene = await startScene({ url: `redis://127.0.0.1:${proxy.port}` });
  await scene.nextDay();
  return { redis, proxy, scene };
}

const heal = (proxy: TcpProxy) => {
  proxy.delayReplies(0);
  proxy.cutReplies(null);
  proxy.release();
};

const faults: readonly (readonly [string, (proxy: TcpProxy) => void])[] = [
  ['replies just in time', (proxy) => proxy.delayReplies(150)],
  ['replies too late', (proxy) => proxy.delayReplies(400)],
  ['loses the connection after a byte', (proxy) => proxy.cutReplies(1)],
  ['loses it within a value', (proxy) => proxy.cutReplies(5)],
  ['hears nothing', (proxy) => proxy.hold()],
  ['is on a line that went dead', (proxy) => proxy.strand()],
];

it.each(faults)('Redis %s', async (_, strike) => {
  const { redis, proxy, scene } = await startOverProxy();
  strike(proxy);
  await scene.callEveryRoute();
  heal(proxy);
  await scene.expectRight(redis);
});

it('Redis has each of these faults for a moment, again and again', {
  timeout: 120_000,
}, async () => {
  const { redis, proxy, scene } = await startOverProxy();
  const endsAt = performance.now() + (soak ? 60_000 : 2_500);
  const strikeOnAndOn = async () => {
    for (let turn = 0; performance.now() < endsAt; turn += 1) {
      const [, strike] = faults[turn % faults.length] ?? [];
      strike?.(proxy);
      await sleep(70 + (turn % 5) * 40);
      heal(proxy);
      await sleep((turn % 3) * 60);
    }
  };
  const askOnAndOn = async () => {
    while (performance.now() < endsAt) {
      expect((await inTime(() => scene.service.get('/v1/days'))).status).toBe(200);
    }
  };
  const runOnAndOn = async () => {
    while (performance.now() < endsAt) {
      expect((await scene.nextDay()).status).toBe(200);
      await sleep(50);
    }
  };
  await Promise.all([strikeOnAndOn(), askOnAndOn(), askOnAndOn(), runOnAndOn()]);
  await scene.expectRight(redis);
});
