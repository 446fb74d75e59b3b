/** Redis can be read and not written: said in its own words, once, for as long as it is so. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { expectKey, key, startScene, startServer } from '../faults/redis-scene.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { judgedMs } from '../support/judged-time.js';
import { withoutDataset } from '../support/metrics.js';
import { startTestService, type TestService } from '../support/service.js';
import { startServiceProcess } from '../support/service-process.js';

async function storeCheck(service: TestService) {
  const { body } = await service.get('/health/ready');
  const { checks } = body as { checks: { name: string; status: string; detail: string }[] };
  return checks.find(({ name }) => name === 'checkpoint-store');
}

it('health, metrics and every answer say so until a write is taken', async () => {
  const redis = await startServer();
  const { service, nextDay, expectRight } = await startScene({ url: redis.url });
  await nextDay();
  await redis.config('maxmemory', '1');
  const { body: run } = await nextDay();
  expect(run).toMatchObject({ status: 'succeeded' });
  expect(run.warnings.join()).toMatch(/the checkpoint was not moved: .*OOM.*maxmemory/);

  // Looks that find nothing to say come in between.
  for (let look = 0; look < 5; look += 1) {
    const check = { name: 'checkpoint-store', status: 'degraded' };
    expect(await storeCheck(service)).toMatchObject({
      ...check,
      detail: expect.stringMatching(/can be read, but not written: Redis answered: OOM/),
    });
    const { body } = await service.get('/v1/checkpoint');
    expect(body).toMatchObject({
      reading: 'behind',
      repaired: false,
      notices: [{ code: 'checkpoint-refused', message: expect.stringContaining('OOM') }],
    });
    await sleep(300);
  }
  const metrics = withoutDataset((await service.get('/metrics')).body);
  expect(metrics).toContain('daymark_check_ok{check="checkpoint-store"} 0');
  expect(metrics).toContain('daymark_notices{code="checkpoint-refused"} 1');

  await redis.config('maxmemory', '0');
  await expectRight(redis);
  await eventually(async () => expect(await storeCheck(service)).toMatchObject({ status: 'ok' }));
  expect((await service.get('/v1/checkpoint')).body.notices).toEqual([]);
});

it('a rewind to the day that the key holds leaves nothing to be told', async () => {
  const redis = await startServer();
  const { service, nextDay } = await startScene({ url: redis.url });
  await nextDay();
  await redis.config('maxmemory', '1');
  await nextDay();
  expect(await storeCheck(service)).toMatchObject({ status: 'degraded' });
  await service.call('PUT', '/v1/checkpoint', { day: '0' });
  const { body } = await service.get('/v1/checkpoint');
  expect(body).toMatchObject({ day: '0', reading: 'in-sync', notices: [] });
  expect(await storeCheck(service)).toMatchObject({ status: 'ok' });
});

it('the log has one line of it, and one when it is over', async () => {
  const redis = await startServer();
  const { service } = await startScene({ url: redis.url });
  await service.land('0', [[8, { milk: 1 }]]);
  await redis.config('maxmemory', '1');
  const other = startServiceProcess({
    DAYMARK_RAW_DIR: service.rawDir,
    DAYMARK_OUTPUT_FILE: service.folder.output,
    DAYMARK_REDIS_URL: redis.url,
  });
  const run = await fetch(`${await other.url()}/v1/runs?wait=60`, { method: 'POST' });
  expect(run.status).toBe(200);
  await sleep(3_500);
  await redis.config('maxmemory', '0');
  await expectKey(redis, '0');
  await eventually(() => expect(other.output()).toContain('no longer so: The checkpoint store'));
  const { log } = await other.end('SIGTERM');
  const lines = log.map(({ level, msg }) => `${level} ${msg}`);
  expect(lines.filter((line) => /checkpoint store/.test(line))).toEqual([
    expect.stringMatching(/^40 The checkpoint store can be read, but refuses writes: .*OOM/),
    expect.stringMatching(/^30 no longer so: The checkpoint store/),
  ]);
});

it('a huge value is told with its size, by a short answer, and is put right', async () => {
  const redis = await startServer();
  const { service, nextDay } = await startScene({ url: redis.url });
  await nextDay();
  await redis.command('SETRANGE', key, 64 * 1024 * 1024, 'x');
  const { body } = await service.get('/v1/checkpoint');
  expect(body).toMatchObject({
    reading: 'invalid',
    storedBytes: 64 * 1024 * 1024 + 1,
    repaired: true,
  });
  expect(body.stored).toHaveLength(256);
  await expectKey(redis, '0');
  expect((await service.get('/v1/checkpoint')).body).not.toHaveProperty('storedBytes');
});

it('Sentinels that no one reaches cost one budget, as a Redis does that is gone', async () => {
  const port = await freePort();
  const { service } = await startScene({
    url: 'redis://anywhere',
    env: {
      DAYMARK_REDIS_SENTINELS: `127.0.0.1:${port}`,
      DAYMARK_REDIS_SENTINEL_NAME: 'checkpoints',
    },
  });
  const startedAt = performance.now();
  const { body } = await service.get('/v1/checkpoint');
  expect(body).toMatchObject({ reading: 'unavailable' });
  expect(judgedMs(performance.now() - startedAt)).toBeLessThan(1_000);
  expect(await storeCheck(service)).toMatchObject({
    detail: expect.stringMatching(/All sentinels are unreachable\. Last error/),
  });
});

it('where there is no Redis, its timeout bounds nothing: a file that takes longer is no failure', async () => {
  const service = await startTestService({ env: { DAYMARK_REDIS_TIMEOUT_MS: '1' } });
  for (let day = 0; day < 8; day += 1) {
    await service.land(`${day}`, [[8, { milk: 1 }]]);
    const looks = Array.from({ length: 4 }, () => service.get('/v1/checkpoint'));
    const [{ body }] = await Promise.all([service.run(), ...looks]);
    expect(body).toMatchObject({ status: 'succeeded', warnings: [] });
    expect((await service.get('/v1/checkpoint')).body).toMatchObject({ reading: 'embedded' });
  }
});
