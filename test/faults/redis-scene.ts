/** A service that keeps its checkpoint in a real Redis, and what must hold whatever ails that Redis. */
import { afterAll, expect, onTestFinished } from 'vitest';
import type { Disk } from '../../src/disk/disk.js';
import { eventually } from '../support/eventually.js';
import { judgedMs } from '../support/judged-time.js';
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

let asked = 0;
afterAll(() => {
  process.stdout.write(`soak: requestsWhileRedisAiled=${asked}\n`);
});

export async function inTime(ask: () => Promise<Answer>): Promise<Answer> {
  const startedAt = performance.now();
  const stalls = watchStalls();
  const answer = await ask().finally(stalls.stop);
  asked += 1;
  expect(judgedMs(performance.now() - startedAt - stalls.totalMs())).toBeLessThan(boundMs);
  return answer;
}

/** The time that the machine gave to others: a clock of this process that goes late. No answer waits for that. */
function watchStalls() {
  const tickMs = 20;
  let total = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    total += Math.max(0, now - last - 2 * tickMs);
    last = now;
  }, tickMs);
  return { totalMs: () => total, stop: () => clearInterval(timer) };
}

/** The routes that read, by their names in the OpenAPI document. */
const reading: Readonly<Record<string, string>> = {
  getCheckpoint: '/v1/checkpoint',
  listDays: '/v1/days',
  getDay: '/v1/days/0',
  getReceipt: '/v1/days/0/receipt',
  getPlan: '/v1/plan',
  getOutput: '/v1/output',
  sumOutput: '/v1/output/totals?by=category',
  listRuns: '/v1/runs',
  getLiveness: '/health/live',
  getReadiness: '/health/ready',
  getMetrics: '/metrics',
  listDatasets: '/v1/datasets',
  getDataset: '/v1/datasets/orders',
  getProblemKinds: '/problems',
  getProblemKind: '/problems/run-failed',
};

async function callEveryRoute(
  { get, call }: TestService,
  highest: () => number,
  nextDay: Scene['nextDay'],
): Promise<void> {
  const called = new Set<string>();
  const ask = async (operation: string, asking: () => Promise<Answer>) => {
    called.add(operation);
    const answer = await inTime(asking);
    return { operation, status: answer.status, body: answer.body };
  };
  for (const [operation, path] of Object.entries(reading)) {
    expect(await ask(operation, () => get(path))).toMatchObject({ operation, status: 200 });
  }
  const strict = await ask('getCheckpoint', () => get('/v1/checkpoint?require=in-sync'));
  expect([200, 409]).toContain(strict.status);

  const run = await ask('startRun', nextDay);
  expect(run).toMatchObject({
    status: 200,
    body: { status: 'succeeded', days: [{ outcome: 'added' }] },
  });
  const { id } = run.body;
  const day = `${highest()}`;
  const again: Readonly<Record<string, () => Promise<Answer>>> = {
    getRun: () => get(`/v1/runs/${id}`),
    getRunResult: () => get(`/v1/runs/${id}/result`),
    getRunEvents: () => get(`/v1/runs/${id}/events`),
    startRunWithKey: () => call('PUT', `/v1/runs/with-${id}?wait=30`, {}),
  };
  for (const [operation, asking] of Object.entries(again)) {
    expect(await ask(operation, asking)).toMatchObject({ operation, status: 200 });
  }
  const verified = await ask('verifyOutput', () => get('/v1/verify?wait=30'));
  expect(verified).toMatchObject({ status: 200, body: { ok: true } });
  const verdicts = await ask('getVerification', () => get(`/v1/verify/${verified.body.runId}`));
  expect(verdicts).toMatchObject({ status: 200, body: { ok: true } });
  const late = await ask('cancelRun', () => call('POST', `/v1/runs/${id}/cancel`));
  expect(late.status).toBe(409);
  expect((await inTime(() => get('/v1/checkpoint'))).body.day).toBe(day);

  const rewound = await ask('rewindCheckpoint', () =>
    call('PUT', '/v1/checkpoint', { day: `${highest() - 1}` }),
  );
  expect(rewound).toMatchObject({ status: 200, body: { marked: [day] } });
  const all = await ask('rewindEverything', () => call('DELETE', '/v1/checkpoint'));
  expect(all).toMatchObject({ status: 200, body: { day: null } });
  const redone = await inTime(() => call('POST', '/v1/runs?wait=30', {}));
  expect(redone.body.days.at(-1)).toMatchObject({ day, state: 'rewound', outcome: 'unchanged' });
  expect([...called].sort()).toEqual(await operationsOf(get));
}

/** A route that is new in the document must be called here, too. */
async function operationsOf(get: TestService['get']): Promise<string[]> {
  const { body } = await inTime(() => get('/openapi.json'));
  const methods = Object.values(body.paths as Record<string, Record<string, Named>>);
  return (
    methods
      .flatMap((each) => Object.values(each).map(({ operationId }) => operationId))
      // The same routes under the name of a dataset have the same handlers.
      .filter((operationId) => !operationId.endsWith('OfDataset'))
      .sort()
  );
}

interface Named {
  readonly operationId: string;
}
