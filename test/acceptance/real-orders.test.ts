/** The real days give the real aggregate, byte for byte, however they come and whatever is lost on the way. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { copyRealOrders, hasRealOrders, realOrdersExpected } from '../support/real-orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startTestService, type TestService } from '../support/service.js';

const key = 'incremental:last_processed_day';

const orders = [
  ['0', '1', '2'],
  ['0', '2', '1'],
  ['1', '0', '2'],
  ['1', '2', '0'],
  ['2', '0', '1'],
  ['2', '1', '0'],
];

interface Checkpoint {
  set(value: string): Promise<void>;
  clear(): Promise<void>;
  get(): Promise<string | null>;
}

describe.skipIf(!hasRealOrders).each(['redis', 'embedded'] as const)('real orders, %s', (kind) => {
  let redis: RedisServer;
  let expected: string;

  beforeAll(async () => {
    expected = await readFile(realOrdersExpected, 'utf8');
    redis = await startRedis();
  });
  beforeEach(() => redis.command('FLUSHALL'));
  afterAll(() => redis.stop());

  const start = () =>
    startTestService(kind === 'redis' ? { env: { DAYMARK_REDIS_URL: redis.url } } : {});

  /** The store, from outside. */
  function checkpointOf(service: TestService): Checkpoint {
    const { checkpoint } = stateFolderOf(service.folder.output);
    if (kind === 'redis') {
      return {
        set: async (value) => void (await redis.command('SET', key, value)),
        clear: async () => void (await redis.command('DEL', key)),
        get: async () => (await redis.command('GET', key)) as string | null,
      };
    }
    return {
      set: async (value) => {
        await writeFile(checkpoint, `${value}\n`);
      },
      clear: () => rm(checkpoint, { force: true }),
      get: async () => (await readFile(checkpoint, 'utf8')).trim(),
    };
  }

  it('all at once', async () => {
    const service = await start();
    await copyRealOrders(service.rawDir);
    const { status, body } = await service.run();
    expect(status).toBe(200);
    expect(
      body.days.map((day: { records: number; totals: Record<string, number> }) => [
        day.records,
        day.totals['items_count'],
      ]),
    ).toEqual([
      [1015, 12295],
      [724, 7526],
      [651, 6743],
    ]);
    expect(await service.output()).toBe(expected);
    expect(await checkpointOf(service).get()).toBe('2');
  });

  it.each(orders)('one at a time: %s, %s, %s', async (...days) => {
    const service = await start();
    for (const day of days) {
      await copyRealOrders(service.rawDir, [day]);
      const { status, body } = await service.run();
      expect(status).toBe(200);
      expect(body.days).toMatchObject([{ day, outcome: 'added' }]);
    }
    expect(await service.output()).toBe(expected);
    expect(await checkpointOf(service).get()).toBe('2');
  });

  const losses: [string, (service: TestService, checkpoint: Checkpoint) => Promise<void>][] = [
    ['the key is deleted', (_, checkpoint) => checkpoint.clear()],
    ['the key is too low', (_, checkpoint) => checkpoint.set('0')],
    ['the key is too high', (_, checkpoint) => checkpoint.set('17')],
    ['the key is no day', (_, checkpoint) => checkpoint.set('last tuesday')],
    ['the ledger is deleted', ({ folder }) => rm(folder.commits, { recursive: true })],
    ['all state is deleted', ({ folder }) => rm(folder.root, { recursive: true })],
    [
      'key and ledger are deleted',
      async ({ folder }, checkpoint) => {
        await checkpoint.clear();
        await rm(folder.root, { recursive: true });
      },
    ],
  ];

  it.each(losses)('after %s, between two days', async (_name, lose) => {
    const service = await start();
    await copyRealOrders(service.rawDir, ['0', '1']);
    await service.run();
    await lose(service, checkpointOf(service));
    await copyRealOrders(service.rawDir, ['2']);
    expect((await service.run()).status).toBe(200);
    expect(await service.output()).toBe(expected);
    expect(await checkpointOf(service).get()).toBe('2');

    await lose(service, checkpointOf(service));
    for (const select of ['pending', 'new', 'all']) {
      expect((await service.run({ select })).status).toBe(200);
      expect(await service.output()).toBe(expected);
    }
    expect(await checkpointOf(service).get()).toBe('2');
  });

  it.each(losses)('after %s, with a new process', async (_name, lose) => {
    const first = await start();
    await copyRealOrders(first.rawDir, ['0', '1']);
    await first.run();
    await first.stop();
    await lose(first, checkpointOf(first));
    await copyRealOrders(first.rawDir, ['2']);
    const env: Record<string, string> = kind === 'redis' ? { DAYMARK_REDIS_URL: redis.url } : {};
    const second = await startTestService({ root: first.root, env });
    expect((await second.run()).status).toBe(200);
    expect(await second.output()).toBe(expected);
    expect(await checkpointOf(second).get()).toBe('2');
  });

  it('when the store is flushed between plan and run', async () => {
    const service = await start();
    await copyRealOrders(service.rawDir, ['0', '2']);
    await service.run();
    await copyRealOrders(service.rawDir, ['1']);
    const { body } = await service.get('/v1/plan');
    expect(body.days).toMatchObject([{ day: '1', state: 'late' }]);
    if (kind === 'redis') await redis.command('FLUSHALL');
    else await checkpointOf(service).clear();
    await service.run();
    expect(await service.output()).toBe(expected);
    expect(await checkpointOf(service).get()).toBe('2');
  });

  it('after a legacy job appended everything again', async () => {
    const service = await start();
    await copyRealOrders(service.rawDir);
    const [header, ...rows] = expected.trimEnd().split('\n');
    const tripled = [header, ...rows, ...rows, ...rows, ''].join('\n');
    await mkdir(service.folder.outputFolder, { recursive: true });
    await writeFile(service.folder.output, tripled);
    const { body } = await service.get('/v1/days');
    expect(body.days.map(({ state }: { state: string }) => state)).toEqual(
      Array(3).fill('damaged'),
    );
    expect((await service.run()).status).toBe(200);
    expect(await service.output()).toBe(expected);
  });
});
