/** What docs/OPERATIONS.md promises an operator to see, where no other test looks at it. */
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { systemError } from '../faults/faulty-disks.js';
import { outputHeader, startTestService, type TestService } from '../support/service.js';

it.each([
  ['is full', 'ENOSPC', 'write'],
  ['fails', 'EIO', 'sync'],
] as const)(
  'a disk that %s fails the run, and nothing else, until it is well',
  async (_, code, at) => {
    let isBad = false;
    const disk: Disk = {
      ...nodeDisk,
      create: async (path) => {
        const file = await nodeDisk.create(path);
        const refuse = async () => {
          throw systemError(code, at);
        };
        return isBad && path.includes('/staged/') ? { ...file, [at]: refuse } : file;
      },
    };
    const service = await startTestService({ disk });
    await service.land('0', [[8, { milk: 1 }]]);
    await service.run();
    await service.land('1', [[8, { milk: 2 }]]);
    isBad = true;
    const { status, body } = await service.run();
    expect([status, body.type]).toEqual([503, '/problems/output-unavailable']);
    expect(body.detail).toContain(code);
    expect(await service.output()).toBe(`${outputHeader}0,8,milk,1\n`);
    isBad = false;
    expect((await service.run()).body.status).toBe('succeeded');
    expect(await service.output()).toBe(`${outputHeader}0,8,milk,1\n1,8,milk,2\n`);
  },
);

it('rows that the system refuses are 503, and say why', async () => {
  let isBad = false;
  let output = '';
  const disk: Disk = {
    ...nodeDisk,
    open: async (path) => {
      if (isBad && path === output) throw systemError('EACCES', 'open');
      return nodeDisk.open(path);
    },
  };
  const service = await startTestService({ disk });
  output = service.folder.output;
  await service.land('0', [[8, { milk: 1 }]]);
  await service.run();
  isBad = true;
  const { status, body } = await service.get('/v1/output');
  expect([status, body.type]).toEqual([503, '/problems/output-unavailable']);
  expect(body.detail).toContain('EACCES');
});

it('while the raw root is away runs can be listed and read, and the service says that it is not ready', async () => {
  const service = await startTestService();
  await service.land('0', [[8, { milk: 1 }]]);
  const { body: run } = await service.run();
  await rename(service.rawDir, join(service.root, 'away'));
  expect((await service.get('/v1/runs')).body.runs).toMatchObject([{ id: run.id }]);
  expect((await service.get(`/v1/runs/${run.id}`)).body).toMatchObject({ status: 'succeeded' });
  const ready = await service.get('/health/ready');
  expect([ready.status, ready.body.type]).toEqual([503, '/problems/not-ready']);
  const refused = await service.run();
  expect([refused.status, refused.body.type]).toEqual([503, '/problems/raw-unavailable']);
});

it('rows of another job are compared with raw data once, and kept aside where they differ', async () => {
  const service = await startTestService();
  await service.land('0', [[8, { milk: 1 }]]);
  await service.land('1', [[8, { milk: 2 }]]);
  await writeOutput(service, '0,8,milk,1\n1,8,milk,6\n7,8,milk,9\n');
  const { body: before } = await service.get('/v1/days');
  expect(before.days.map(({ state }: { state: string }) => state)).toEqual([
    'unverified',
    'unverified',
    'archived',
  ]);
  expect(before.notices).toMatchObject([
    { code: 'foreign-days', message: expect.stringContaining('day 7') },
  ]);
  expect((await service.get('/v1/days/1/receipt')).status).toBe(404);
  const { body: run } = await service.run();
  expect(run.days).toMatchObject([{ outcome: 'unchanged' }, { outcome: 'replaced' }]);
  expect(run.warnings).toContainEqual(expect.stringContaining('/_daymark/orders.csv/backup/'));
  expect(await service.output()).toBe(`${outputHeader}0,8,milk,1\n1,8,milk,2\n7,8,milk,9\n`);
});

it('with DAYMARK_ADOPT=trust they are taken as they are, and say so', async () => {
  const service = await startTestService({ env: { DAYMARK_ADOPT: 'trust' } });
  await service.land('0', [[8, { milk: 1 }]]);
  await writeOutput(service, '0,8,milk,6\n');
  await service.run();
  const { body } = await service.get('/v1/days/0');
  expect(body).toMatchObject({ state: 'processed', reason: expect.stringContaining('trusted') });
  expect(await service.output()).toBe(`${outputHeader}0,8,milk,6\n`);
});

it('a ledger that cannot be read is told, degrades the service, and is made good by the next run', async () => {
  const service = await startTestService();
  await service.land('0', [[8, { milk: 1 }]]);
  await service.run();
  const { commits } = service.folder;
  const [record = ''] = await readdir(commits);
  await writeFile(join(commits, record), '{"format');
  const { body: plan } = await service.get('/v1/plan');
  expect(plan).toMatchObject({
    days: [{ day: '0', state: 'unverified' }],
    notices: [{ code: 'ledger-unreadable' }],
  });
  const degraded = (await service.get('/health/ready')).body;
  expect(degraded).toMatchObject({ status: 'degraded' });
  expect(degraded.checks).toContainEqual(
    expect.objectContaining({ name: 'ledger-unreadable', status: 'degraded' }),
  );
  const { body: run } = await service.run();
  expect(run).toMatchObject({ status: 'succeeded', days: [{ outcome: 'unchanged' }] });
  expect((await service.get('/v1/plan')).body).toMatchObject({ days: [], notices: [] });
});

it('days made under another definition are made again, and the notice ends with that run', async () => {
  const before = await startTestService({ env: { DAYMARK_IGNORED_COLUMNS: 'order_id,milk' } });
  await before.land('0', [[8, { milk: 1, tea: 2 }]]);
  await before.run();
  await before.stop();
  const service = await startTestService({ root: before.root });
  expect((await service.get('/v1/plan')).body).toMatchObject({
    days: [{ day: '0', state: 'outdated' }],
    notices: [{ code: 'other-settings' }],
  });
  await service.run();
  expect(await service.output()).toBe(`${outputHeader}0,8,milk,1\n0,8,tea,2\n`);
  expect((await service.get('/v1/plan')).body).toMatchObject({ days: [], notices: [] });
});

async function writeOutput({ folder }: TestService, rows: string): Promise<void> {
  await mkdir(dirname(folder.output), { recursive: true });
  await writeFile(folder.output, outputHeader + rows);
}
