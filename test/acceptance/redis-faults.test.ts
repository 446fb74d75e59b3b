/** Whatever ails Redis, every route answers soon, runs succeed, and the key is right soon after Redis is. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import {
  type Answer,
  outputHeader,
  startTestService,
  type TestService,
} from '../support/service.js';

const key = 'incremental:last_processed_day';

/** The promise: no request takes longer, whatever Redis does. */
const boundMs = 1_000;

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
  let redis: RedisServer;
  let service: TestService;

  beforeEach(async () => {
    redis = await startRedis();
    service = await startTestService({ env: { DAYMARK_REDIS_URL: redis.url } });
    await service.land('0', [[8, { milk: 2 }]]);
    await service.run();
    expect(await redis.command('GET', key)).toBe('0');
  });
  // The service stops with its test; Redis must, even where the service could not start.
  afterEach(() => redis.stop());

  async function bounded(answering: Promise<Answer>): Promise<Answer> {
    const startedAt = performance.now();
    const answer = await answering;
    expect(performance.now() - startedAt).toBeLessThan(boundMs);
    return answer;
  }

  it('fails no route and no run, and is put right when it is over', async () => {
    await strike(redis);
    for (const path of [
      '/v1/checkpoint',
      '/v1/days',
      '/v1/days/0',
      '/v1/days/0/receipt',
      '/v1/plan',
      '/v1/output',
      '/v1/runs',
      '/health/live',
      '/health/ready',
      '/metrics',
    ]) {
      expect([path, (await bounded(service.get(path))).status]).toEqual([path, 200]);
    }
    expect((await bounded(service.get('/v1/checkpoint'))).body).toMatchObject({
      day: '0',
      reading,
    });

    await service.land('1', [[9, { milk: 3 }]]);
    const run = await bounded(service.run());
    expect(run).toMatchObject({ status: 200, body: { status: 'succeeded', commit: 2 } });
    expect(run.body.warnings).toEqual([expect.stringContaining('checkpoint')]);
    const rewound = await bounded(service.call('PUT', '/v1/checkpoint', { day: '0' }));
    expect(rewound).toMatchObject({ status: 200, body: { day: '0', marked: ['1'] } });
    expect((await bounded(service.run())).body).toMatchObject({
      days: [{ day: '1', state: 'rewound' }],
    });
    expect(await service.output()).toBe(`${outputHeader}0,8,milk,2\n1,9,milk,3\n`);

    await heal(redis);
    // No request is needed for it.
    await eventually(async () => expect(await redis.command('GET', key)).toBe('1'), 10_000);
    expect((await service.get('/v1/checkpoint')).body).toMatchObject({
      reading: 'in-sync',
      stored: '1',
    });
  });

  it('holds up a crowd of requests no longer than one', async () => {
    await strike(redis);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => bounded(service.get('/v1/checkpoint'))),
    );
    expect(answers.every(({ status, body }) => status === 200 && body.day === '0')).toBe(true);
  });
});

it('a service starts without Redis, and finds it when it comes', async () => {
  const redis = await startRedis();
  await redis.kill();
  const service = await startTestService({ env: { DAYMARK_REDIS_URL: redis.url } });
  try {
    await service.land('4', [[8, { milk: 2 }]]);
    expect((await service.run()).body).toMatchObject({
      status: 'succeeded',
      reading: 'unavailable',
    });
    await redis.restart();
    await eventually(async () => expect(await redis.command('GET', key)).toBe('4'), 10_000);
  } finally {
    await service.stop();
    await redis.stop();
  }
});
