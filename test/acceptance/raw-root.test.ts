/** What a raw root that lost its days means: a disk that is not mounted, or files that someone removed. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canMount, mountTmpfs } from '../support/bind-mount.js';
import { startTestService, type TestService } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';

const names = ['0', '1', '2'];

async function landAll(service: TestService): Promise<void> {
  for (const day of names) await service.land(day, [[8, { milk: 1 }]]);
  expect((await service.run()).body.status).toBe('succeeded');
}

const codesOf = async (service: TestService, path: string): Promise<string[]> =>
  (await service.get(path)).body.notices.map(({ code }: { code: string }) => code);

describe.skipIf(!canMount)('a raw root that is not mounted', () => {
  it('is refused everywhere, and no row is touched', async () => {
    const root = await makeTempDir();
    await mountTmpfs(join(root, 'raw'));
    const service = await startTestService({ root });
    await landAll(service);
    const before = await service.output();

    // As an unmounted root looks: another device, and nothing in it.
    await mountTmpfs(join(root, 'raw'));
    for (const path of ['/v1/days', '/v1/plan', '/v1/checkpoint', '/v1/output']) {
      const { status, body } = await service.get(path);
      expect([path, status, body.type]).toEqual([path, 503, '/problems/raw-unavailable']);
      expect(body.detail).toMatch(/another device.*DAYMARK_ALLOW_EMPTY_RAW=true/);
    }
    const health = await service.get('/health/ready');
    expect([health.status, health.body.errors[0].at]).toEqual([503, 'raw-root']);
    expect((await service.run()).status).toBe(503);
    expect(await service.output()).toBe(before);
  });

  it('can be meant', async () => {
    const root = await makeTempDir();
    await mountTmpfs(join(root, 'raw'));
    const service = await startTestService({ root, env: { DAYMARK_ALLOW_EMPTY_RAW: 'true' } });
    await landAll(service);
    await mountTmpfs(join(root, 'raw'));
    expect(await codesOf(service, '/v1/days')).toEqual([]);
    expect((await service.run()).body).toMatchObject({ status: 'succeeded', warnings: [] });
  });
});

describe('a raw root whose days are gone', () => {
  it('is told in days, plan, checkpoint and runs, until a commit', async () => {
    const service = await startTestService();
    await landAll(service);
    for (const day of names) await rm(join(service.rawDir, day), { recursive: true });
    for (const path of ['/v1/days', '/v1/plan', '/v1/checkpoint']) {
      expect(await codesOf(service, path)).toEqual(['raw-emptied']);
    }
    expect((await service.get('/health/ready')).body.status).toBe('ready');
    const { body } = await service.run();
    expect(body.status).toBe('succeeded');
    expect(body.warnings.join()).toMatch(/has lost the raw files of 3 processed days/);

    await service.land('3', [[8, { milk: 1 }]]);
    await service.run();
    expect(await codesOf(service, '/v1/days')).toEqual([]);
  });

  it('is one whose folders are empty, too', async () => {
    const service = await startTestService();
    await landAll(service);
    for (const day of names) await rm(join(service.rawDir, day, 'orders.csv'), { force: true });
    const { body } = await service.get('/v1/days');
    const withFiles = body.days.filter(
      ({ raw }: { raw: { files: unknown[] } }) => raw.files.length,
    );
    expect(withFiles).toEqual([]);
    expect(await codesOf(service, '/v1/days')).toEqual(['raw-emptied']);
  });
});
