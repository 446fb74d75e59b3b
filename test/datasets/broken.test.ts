/** One dataset is broken: the other answers and runs as ever, and what is broken is told and comes back by itself. */
import { rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import { judgedMs } from '../support/judged-time.js';
import { startRedis } from '../support/redis-server.js';
import { type Several, type SeveralService, startSeveral } from '../support/several.js';

const milk = [[8, { milk: 1 }]] as const;

const landBoth = async ({ land }: Several) => {
  await land('orders', '0', milk);
  await land('visits', '0', milk);
};

const startBoth = (prepare: (places: Several) => Promise<unknown> = async () => {}) =>
  startSeveral({
    datasets: { orders: {}, visits: {} },
    prepare: async (places) => {
      await landBoth(places);
      await prepare(places);
    },
  });

let day = 1;

/** `orders`, by itself and in all that is told of both. */
async function expectOrdersToWork(service: SeveralService): Promise<void> {
  const { http } = service;
  await service.land('orders', String(day), milk);
  const run = await service.run('orders');
  expect(run.status, run.text).toBe(200);
  expect(run.body.days).toMatchObject([{ outcome: 'added' }]);
  expect(await service.read('orders')).toContain(`\n${day},8,milk,1\n`);
  day += 1;
  await http.get('/v1/days').expect(200);
  await http.get('/v1/checkpoint').expect(200);
  const { body: ready } = await http.get('/health/ready').expect(200);
  expect(ready.status).toBe('degraded');
  const { text } = await http.get('/metrics').expect(200);
  expect(text).toContain('daymark_pending_days{dataset="orders"} 0');
}

const visitsIn = async ({ http }: SeveralService) => {
  const { body } = await http.get('/v1/datasets').expect(200);
  expect(body.datasets[0]).toMatchObject({ name: 'orders', problem: null, pending: 0 });
  return body.datasets[1];
};

const failedChecks = async ({ http }: SeveralService) => {
  const { body } = await http.get('/health/ready').expect(200);
  return body.checks.filter(({ status }: { status: string }) => status !== 'ok');
};

describe('one of two datasets', () => {
  it('whose output cannot be read', async () => {
    const service = await startBoth(({ outputOf }) => writeFile(outputOf('visits'), 'a,b\n1,2\n'));
    await service.http.post('/v1/runs?wait=30').send({}).expect(200);
    await expectOrdersToWork(service);
    expect((await service.run('visits')).body.type).toBe('/problems/output-unreadable');
    expect(await visitsIn(service)).toMatchObject({
      problem: { type: '/problems/output-unreadable', detail: expect.stringContaining('visits') },
      counts: null,
    });
    expect(await failedChecks(service)).toMatchObject([
      { name: 'output', dataset: 'visits', status: 'failed' },
    ]);
    await unlink(service.outputOf('visits'));
    expect((await service.run('visits')).status).toBe(200);
  });

  it('whose raw root is missing, also at the start', async () => {
    const service = await startBoth(({ rawDirOf }) => rm(rawDirOf('visits'), { recursive: true }));
    await service.http.post('/v1/runs?wait=30').send({}).expect(200);
    await expectOrdersToWork(service);
    expect(await visitsIn(service)).toMatchObject({
      problem: { type: '/problems/raw-unavailable' },
    });
    await service.land('visits', '0', milk);
    expect((await service.run('visits')).status).toBe(200);
    const away = join(service.root, 'away');
    await rename(service.rawDirOf('visits'), away);
    expect((await service.run('visits')).body.type).toBe('/problems/raw-unavailable');
    await expectOrdersToWork(service);
  });

  it('whose checkpoint key is of another type', async () => {
    const redis = await startRedis();
    try {
      const key = 'daymark:visits:last_processed_day';
      await redis.command('LPUSH', key, 'not ours');
      const service = await startSeveral({
        datasets: { orders: {}, visits: {} },
        settings: { REDIS_URL: redis.url },
        prepare: landBoth,
      });
      await service.http.post('/v1/runs?wait=30').send({}).expect(200);
      await expectOrdersToWork(service);
      expect((await service.run('visits')).status).toBe(200);
      expect(await visitsIn(service)).toMatchObject({
        problem: null,
        checkpoint: { day: '0', reading: 'wrong-type' },
      });
      expect(await failedChecks(service)).toMatchObject([
        { name: 'checkpoint-store', dataset: 'visits', status: 'degraded' },
      ]);
      expect(await redis.command('TYPE', key)).toBe('list');
      const { body } = await service.http.get('/v1/checkpoint');
      expect(body.reading).toBe('in-sync');
    } finally {
      await redis.stop();
    }
  });

  it('whose place is unfit, until it is put right', async () => {
    const service = await startBoth(({ outputOf }) => symlink('elsewhere.csv', outputOf('visits')));
    await service.http.post('/v1/runs?wait=30').send({}).expect(200);
    await expectOrdersToWork(service);
    const problem = {
      type: '/problems/dataset-unavailable',
      detail: expect.stringMatching(/^The dataset visits is not open: .* is a symbolic link/),
    };
    const { body } = await service.http.get('/v1/datasets/visits/days').expect(503);
    expect(body).toMatchObject(problem);
    expect(await visitsIn(service)).toMatchObject({ problem });
    expect(await failedChecks(service)).toMatchObject([{ name: 'dataset', dataset: 'visits' }]);
    const { text } = await service.http.get('/metrics').expect(200);
    expect(text).toContain('daymark_check_ok{check="dataset",dataset="visits"} 0');
    const told = service.logLines.filter(({ msg }) => /cannot be opened/.test(String(msg)));
    expect(told).toMatchObject([{ dataset: 'visits' }]);

    await unlink(service.outputOf('visits'));
    await eventually(async () => {
      expect((await service.run('visits')).status).toBe(200);
    }, 15_000);
    expect(service.logLines.some(({ msg }) => msg === 'the dataset is open now')).toBe(true);
  }, 40_000);
});

it('one that does not answer in time holds up no list', async () => {
  const service = await startBoth();
  await service.http.post('/v1/runs?wait=30').send({}).expect(200);
  // Of the first dataset: that it hangs is not known, since no file operation waits.
  const hung = vi.spyOn(service.service.controlPlane, 'survey');
  let goOn = () => {};
  const held = new Promise<never>((_, reject) => {
    goOn = () => reject(new Error('let go'));
  });
  held.catch(() => undefined);
  hung.mockReturnValue(held);
  const startedAt = performance.now();
  const { body } = await service.http.get('/v1/datasets').timeout(10_000).expect(200);
  expect(judgedMs(performance.now() - startedAt)).toBeLessThan(4_000);
  expect(body.datasets).toMatchObject([
    { name: 'orders', problem: { type: '/problems/dataset-unavailable' } },
    { name: 'visits', problem: null },
  ]);
  hung.mockRestore();
  goOn();
});

it('a service of which no dataset works is not ready', async () => {
  const service = await startBoth();
  for (const name of ['orders', 'visits']) await rm(service.rawDirOf(name), { recursive: true });
  const { body } = await service.http.get('/health/ready').expect(503);
  expect(body.detail).toBe('Not ready: orders: raw-root, visits: raw-root.');
});
