/** What a person should know though nothing failed: said wherever one looks, and gone when it is. */
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../faults/checks.js';
import { quickDisk, unpublishing } from '../faults/faulty-disks.js';
import { startServer } from '../faults/redis-scene.js';
import { folderIn } from '../faults/service-run.js';
import { outputHeader, startTestService, type TestService } from '../support/service.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

interface Told {
  readonly code: string;
  readonly message: string;
}

/** By the routes that tell notices; each must tell the same. */
async function noticesOf(service: TestService): Promise<string[]> {
  const codes: string[][] = [];
  for (const path of ['/v1/days', '/v1/plan', '/v1/checkpoint']) {
    const { body } = await service.get(path);
    codes.push(body.notices.map(({ code }: Told) => code).sort());
  }
  for (const each of codes) expect(each).toEqual(codes[0]);
  return codes[0] ?? [];
}

async function degradedChecks(service: TestService): Promise<string[]> {
  const { status, body } = await service.get('/health/ready');
  expect(status).toBe(200);
  const degraded = body.checks.filter((check: { status: string }) => check.status === 'degraded');
  expect(body.status).toBe(degraded.length === 0 ? 'ready' : 'degraded');
  return degraded.map(({ name }: { name: string }) => name).sort();
}

const warningsOf = async (service: TestService): Promise<string> => {
  const { body } = await service.run();
  expect(body.status).toBe('succeeded');
  return body.warnings.join('\n');
};

/** Ignored columns beside those that never are categories. */
const ignoring = (column: string) => ({
  DAYMARK_IGNORED_COLUMNS: `order_id,order_hour_of_day,${column}`,
});

describe('two services that share a checkpoint key', () => {
  const keyed = (url: string) => ({ env: { DAYMARK_REDIS_URL: url } });

  it('with an output each are both told so, within a few looks', async () => {
    const { url } = await startServer();
    const services = [await startTestService(keyed(url)), await startTestService(keyed(url))];
    for (const [index, service] of services.entries()) {
      await service.land(`${index + 3}`, [[8, { milk: 1 }]]);
      await service.run();
    }
    for (let look = 0; look < 4; look += 1) {
      for (const service of services) await service.get('/v1/checkpoint');
    }
    for (const service of services) {
      expect(await noticesOf(service)).toEqual(['checkpoint-contested']);
      expect(await degradedChecks(service)).toEqual(['checkpoint-contested']);
      expect(await warningsOf(service)).toContain('DAYMARK_CHECKPOINT_KEY');
    }
  });

  it('with one output are not, through commits, rewinds, cleared keys and kills', async () => {
    const redis = await startServer();
    const one = await startTestService(keyed(redis.url));
    const env = { DAYMARK_RAW_DIR: one.rawDir, DAYMARK_OUTPUT_FILE: one.folder.output };
    const start = () => startServiceProcess({ ...env, DAYMARK_REDIS_URL: redis.url });
    let other = start();
    const ask = async (method: string, path: string) =>
      fetch(`${await other.url()}${path}`, { method })
        // biome-ignore lint/suspicious/noExplicitAny: what an outside client sees has no type.
        .then((answer) => answer.json() as Promise<any>);
    for (let day = 0; day < 12; day += 1) {
      await one.land(`${day}`, [[8, { milk: day + 1 }]]);
      const asked = [one.run(), ask('POST', '/v1/runs?wait=60'), one.get('/v1/checkpoint')];
      await Promise.all([...asked, ask('GET', '/v1/checkpoint'), one.get('/v1/days')]);
      if (day % 4 === 1) await one.call('PUT', '/v1/checkpoint', { day: '0' });
      if (day % 4 === 2) await ask('DELETE', '/v1/checkpoint');
      if (day % 4 === 3) await redis.command('DEL', 'incremental:last_processed_day');
      if (day === 6) {
        void ask('POST', '/v1/runs?wait=60').catch(() => {});
        await other.end('SIGKILL');
        other = start();
      }
      const told = [...(await noticesOf(one)), ...(await ask('GET', '/v1/checkpoint')).notices];
      // A publication that the killed one left open is finished, and that is told.
      expect(told.filter((each) => (each.code ?? each) !== 'recovered')).toEqual([]);
    }
    expect(await ask('GET', '/health/ready')).toMatchObject({ status: 'ready' });
  });
});

describe('settings that differ from those of the last commit', () => {
  it('are told by both of two services that keep one output', async () => {
    const one = await startTestService();
    await one.land('0', [[8, { milk: 1, tea: 2 }]]);
    await one.run();
    const other = await startTestService({ root: one.root, env: ignoring('tea') });
    expect(await noticesOf(other)).toEqual(['other-settings']);
    expect(await warningsOf(other)).toMatch(/DAYMARK_IGNORED_COLUMNS (also had|lacked) /);
    for (const service of [one, other, one]) {
      expect(await warningsOf(service)).toMatch(/DAYMARK_IGNORED_COLUMNS (also had|lacked) /);
      expect(await noticesOf(service)).toEqual(
        service === one ? ['other-settings'] : expect.any(Array),
      );
    }
    for (const service of [one, other]) {
      await service.get('/v1/days');
      expect(await degradedChecks(service)).toEqual(['other-settings']);
    }
  });

  it('are told of the raw root, too, with both values', async () => {
    const one = await startTestService();
    await one.land('0', [[8, { milk: 1 }]]);
    await one.run();
    const rawDir = join(await makeTempDir(), 'raw');
    await cp(one.rawDir, rawDir, { recursive: true });
    const other = await startTestService({ root: one.root, env: { DAYMARK_RAW_DIR: rawDir } });
    const { body } = await other.get('/v1/days');
    expect(body.notices).toEqual([
      {
        code: 'other-settings',
        message: expect.stringContaining(
          `DAYMARK_RAW_DIR was ${one.rawDir}, and is ${rawDir} here`,
        ),
      },
    ]);
    await other.run();
    expect(await noticesOf(one)).toContain('other-settings');
  });

  it('that were changed on purpose are taken over by the next run, which is told once', async () => {
    const one = await startTestService();
    await one.land('0', [[8, { milk: 1, tea: 2 }]]);
    await one.run();
    await one.stop();
    const again = await startTestService({ root: one.root, env: ignoring('tea') });
    expect((await again.get('/v1/days')).body.days[0]).toMatchObject({ state: 'outdated' });
    expect(await warningsOf(again)).toContain('the next run records the new ones');
    expect(await again.output()).toBe(`${outputHeader}0,8,milk,1\n`);
    expect([await noticesOf(again), await degradedChecks(again)]).toEqual([[], []]);
    expect(await warningsOf(again)).toBe('');
  });

  it('that change nothing of any day are taken over by a run without a day', async () => {
    const one = await startTestService();
    await one.land('0', [[8, { milk: 1 }]]);
    await one.run();
    await one.stop();
    const again = await startTestService({ root: one.root, env: { DAYMARK_ADOPT: 'trust' } });
    const { body } = await again.run();
    expect(body).toMatchObject({ status: 'succeeded', days: [], commit: 2 });
    expect(body.warnings.join()).toContain('DAYMARK_ADOPT was compare, and is trust here');
    expect((await again.run()).body).toMatchObject({ commit: null, warnings: [] });
  });
});

describe('a head record that cannot be read', () => {
  it('is told everywhere until the next commit, which compares every day with its raw files', async () => {
    const root = await makeTempDir();
    const before = await startTestService({ root });
    for (const day of ['0', '1']) await before.land(day, [[8, { milk: 1 }]]);
    await before.run();
    await before.stop();
    const { commits } = folderIn(root);
    for (const name of await readdir(commits)) await writeFile(join(commits, name), '');
    // A correction that no fingerprint tells of any more.
    await before.land('0', [[8, { milk: 7 }]]);

    const logged = startServiceProcess({
      DAYMARK_RAW_DIR: before.rawDir,
      DAYMARK_OUTPUT_FILE: before.folder.output,
    });
    const url = await logged.url();
    // Before anyone asks, and once however many do.
    expect(logged.output()).toContain('cannot be read');
    for (let look = 0; look < 3; look += 1) await fetch(`${url}/v1/checkpoint`);
    const { log } = await logged.end('SIGTERM');
    expect(log.filter(({ msg }) => String(msg).includes('cannot be read'))).toHaveLength(1);

    const service = await startTestService({ root });
    expect(await noticesOf(service)).toEqual(['ledger-unreadable']);
    expect(await degradedChecks(service)).toEqual(['ledger-unreadable']);
    const { body } = await service.get('/v1/days');
    expect(body.days.map(({ state }: { state: string }) => state)).toEqual([
      'unverified',
      'unverified',
    ]);
    expect(await warningsOf(service)).toContain('commit record 1 cannot be read');
    expect(await service.output()).toBe(`${outputHeader}0,8,milk,7\n1,8,milk,1\n`);
    expect([await noticesOf(service), await degradedChecks(service)]).toEqual([[], []]);
    expect(await warningsOf(service)).toBe('');
  });
});

describe('what happened between two runs', () => {
  it('is in the warnings of the next run, once: a publication that a start finished', async () => {
    const root = await makeTempDir();
    const disk = unpublishing(quickDisk, folderIn(root).output);
    const before = await startTestService({ root, disk });
    await before.land('0', [[8, { milk: 1 }]]);
    expect((await before.run()).status).toBe(503);
    await before.stop();

    const service = await startTestService({ root });
    expect(await noticesOf(service)).toEqual(['recovered']);
    expect((await service.run({ dryRun: true })).body.warnings.join()).toContain(
      'published version 1',
    );
    expect(await warningsOf(service)).toContain('published version 1');
    expect(await warningsOf(service)).toBe('');
    expect(await noticesOf(service)).toEqual([]);
  });

  it('is in the warnings of the next run, once: a copy that a rewind kept', async () => {
    const service = await startTestService();
    for (const day of ['0', '1']) await service.land(day, [[8, { milk: 1 }]]);
    await service.run();
    await writeFile(service.folder.output, `${outputHeader}1,8,milk,9\n0,8,milk,9\n`);
    const { status } = await service.call('PUT', '/v1/checkpoint', { day: '0' });
    must(status === 200, `the rewind: ${status}`);
    expect(await readdir(service.folder.backup)).toHaveLength(1);
    expect(await warningsOf(service)).toContain(`kept as ${service.folder.backup}`);
    expect(await warningsOf(service)).not.toContain('kept as');
  });
});

describe('days without raw data', () => {
  it('that someone else wrote are told until they are on record, and stay', async () => {
    const service = await startTestService();
    await service.land('0', [[8, { milk: 1 }]]);
    const foreign = ['3', '4'].map((day) => `${day},8,beans,5\n`).join('');
    await writeFile(service.folder.output, `${outputHeader}${foreign}`);
    expect(await noticesOf(service)).toEqual(['foreign-days']);
    expect(await degradedChecks(service)).toEqual([]);
    expect(await warningsOf(service)).toContain('No record says who wrote the rows of days 3, 4');
    expect(await service.output()).toBe(`${outputHeader}0,8,milk,1\n${foreign}`);
    expect(await noticesOf(service)).toEqual([]);
    const { body } = await service.get('/v1/days/3');
    expect(body).toMatchObject({
      state: 'archived',
      reason: expect.stringContaining('no record says who made its rows'),
    });
    // Its raw data comes back: now it is compared.
    await service.land('3', [[8, { beans: 4 }]]);
    expect((await service.get('/v1/days/3')).body).toMatchObject({ state: 'unverified' });
    await service.run();
    expect(await service.output()).toBe(`${outputHeader}0,8,milk,1\n3,8,beans,4\n4,8,beans,5\n`);
  });

  it('that were made under another definition are told as long as they are there', async () => {
    const before = await startTestService();
    for (const day of ['0', '1']) await before.land(day, [[8, { milk: 1, tea: 2 }]]);
    await before.run();
    await before.stop();
    await before.removeRaw('0');
    const service = await startTestService({ root: before.root, env: ignoring('tea') });
    expect(await noticesOf(service)).toEqual(['other-settings', 'outdated-archived']);
    await service.run();
    expect(await service.output()).toBe(`${outputHeader}0,8,milk,1\n0,8,tea,2\n1,8,milk,1\n`);
    expect(await warningsOf(service)).toContain(
      'day 0 in the output: made under another definition',
    );
    expect(await noticesOf(service)).toEqual(['outdated-archived']);
  });
});

describe('a category column that no raw file had before', () => {
  it('is told once, by the run that first meets it, and never by the first run of all', async () => {
    const service = await startTestService();
    await service.land('0', [[8, { milk: 1 }]]);
    expect(await warningsOf(service)).toBe('');
    await service.land('1', [[8, { milk: 1, tea: 2 }]]);
    await service.land('2', [[8, { tea: 2 }]]);
    const told = await warningsOf(service);
    expect(told.split('\n')).toEqual([expect.stringMatching(/^day 1: .*"tea"/)]);
    await service.land('3', [[8, { tea: 3 }]]);
    expect(await warningsOf(service)).toBe('');
    await service.stop();
    const again = await startTestService({ root: service.root });
    await again.land('4', [[8, { eggs: 1, milk: 1, tea: 1 }]]);
    expect(await warningsOf(again)).toMatch(/^day 4: .*"eggs"[^\n]*$/);
  });
});
