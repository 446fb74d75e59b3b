/** What docs/OPERATIONS.md promises an operator to see, where no other test looks at it. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { systemError } from '../faults/faulty-disks.js';
import { outputHeader, startTestService } from '../support/service.js';

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
    expect([status, body.type]).toEqual([500, '/problems/engine-failed']);
    expect(body.detail).toContain(code);
    expect(await service.output()).toBe(`${outputHeader}0,8,milk,1\n`);
    isBad = false;
    expect((await service.run()).body.status).toBe('succeeded');
    expect(await service.output()).toBe(`${outputHeader}0,8,milk,1\n1,8,milk,2\n`);
  },
);

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
