/** A service that keeps its checkpoint in a real Redis, and what must hold whatever ails that Redis. */
import { expect, onTestFinished } from 'vitest';
import type { Disk } from '../../src/disk/disk.js';
import { eventually } from '../support/eventually.js';
import { type RedisServer, type RedisServerOptions, startRedis } from '../support/redis-server.js';
import {
  type Answer,
  outputHeader,
  startTestService,
  type TestService,
} from '../support/service.js';

export const key = 'incremental:last_processed_day';

/** The promise: no request takes longer, whatever Redis does. */
const boundMs = 1_000;

export interface Scene {
  readonly service: TestService;
  /** Lands the next day and runs; the answer, in time. */
  nextDay(): Promise<Answer>;
  /** Calls every route once, and looks at what it says. */
  callEveryRoute(): Promise<void>;
  /** Nothing is lost or doubled, and the key follows without a request. */
  expectRight(redis: RedisServer): Promise<void>;
}

/** A server that ends with the test. */
export async function startServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.stop());
  return server;
}

export interface SceneOptions {
  readonly url: string;
  readonly disk?: Disk;
  readonly env?: Record<string, string>;
}

/** Without any day; where the service started before, `root` has those that it knew. */
export async function startScene({ url, disk, env }: SceneOptions): Promise<Scene> {
  const service = await startTestService({
    env: { DAYMARK_REDIS_URL: url, ...env },
    ...(disk === undefined ? {} : { disk }),
  });
  let days = 0;

  const nextDay = async () => {
    await service.land(`${days}`, [[8, { milk: days + 1 }]]);
    days += 1;
    return inTime(() => service.run());
  };
  const expected = () => {
    const rows = Array.from({ length: days }, (_, day) => `${day},8,milk,${day + 1}\n`);
    return outputHeader + rows.join('');
  };

  return {
    service,
    nextDay,
    callEveryRoute: () => callEveryRoute(service, () => days - 1, nextDay),
    expectRight: async (redis) => {
      expect(await service.output()).toBe(expected());
      await expectKey(redis, `${days - 1}`);
      const { body } = await inTime(() => service.get('/v1/checkpoint'));
      expect(body).toMatchObject({ day: `${days - 1}`, output: { days } });
    },
  };
}

export async function expectKey(redis: RedisServer, day: string): Promise<void> {
  await eventually(async () => expect(await redis.command('GET', key)).toBe(day), 10_000);
}

export async function inTime(ask: () => Promise<Answer>): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await ask();
  expect(performance.now() - startedAt).toBeLessThan(boundMs);
  return answer;
}

const reading = [
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
  '/openapi.json',
];

async function callEveryRoute(
  { get, call }: TestService,
  highest: () => number,
  nextDay: Scene['nextDay'],
): Promise<void> {
  for (const path of reading)
    expect([path, (await inTime(() => get(path))).status]).toEqual([path, 200]);
  const strict = await inTime(() => get('/v1/checkpoint?require=in-sync'));
  expect([200, 409]).toContain(strict.status);

  const run = await nextDay();
  expect(run).toMatchObject({
    status: 200,
    body: { status: 'succeeded', days: [{ outcome: 'added' }] },
  });
  const { id } = run.body;
  const day = `${highest()}`;
  const keyed = () => call('PUT', `/v1/runs/with-${id}?wait=30`, {});
  for (const ask of [() => get(`/v1/runs/${id}`), () => get(`/v1/runs/${id}/result`), keyed]) {
    expect((await inTime(ask)).status).toBe(200);
  }
  expect((await inTime(() => call('POST', `/v1/runs/${id}/cancel`))).status).toBe(409);
  expect((await inTime(() => get('/v1/checkpoint'))).body.day).toBe(day);

  const rewound = await inTime(() => call('PUT', '/v1/checkpoint', { day: `${highest() - 1}` }));
  expect(rewound).toMatchObject({ status: 200, body: { marked: [day] } });
  const all = await inTime(() => call('DELETE', '/v1/checkpoint'));
  expect(all).toMatchObject({ status: 200, body: { day: null } });
  const redone = await inTime(() => call('POST', '/v1/runs?wait=30', {}));
  expect(redone.body.days.at(-1)).toMatchObject({ day, state: 'rewound', outcome: 'unchanged' });
}
