/** Runs whose days wait on disk for the commit: what they end with, and what they leave there. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { shape } from '../support/counted.js';
import { makeTempDir } from '../support/temp-dir.js';
import { makePlane, queued, request } from './plane.js';

const header = 'day_of_week,hour_of_day,category,items_count\n';

async function makeSpooled(disk: Disk = nodeDisk) {
  const root = await makeTempDir();
  const folder = stateFolderOf(join(root, 'processed', 'orders.csv'));
  const output = createOutputStore({ folder, shape, disk, spoolBytes: 0 });
  return makePlane(root, { output });
}

async function openSpools(): Promise<number> {
  const links = await readdir('/proc/self/fd');
  const paths = await Promise.all(
    links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => '')),
  );
  return paths.filter((path) => path.includes('.spool')).length;
}

it('a run lets go of its file once it has committed', async () => {
  const { finish, land, folder } = await makeSpooled();
  for (const day of ['0', '1']) await land(day);
  expect(await finish()).toMatchObject({ status: 'succeeded', commit: 1 });
  expect(await readFile(folder.output, 'utf8')).toBe(`${header}0,8,milk,1\n1,8,milk,1\n`);
  expect([await readdir(folder.staged), await openSpools()]).toEqual([[], 0]);
});

it('a run that loses to another writer commits the days that wait, without reading them again', async () => {
  const { finish, land, folder, gate, plane, ended, root } = await makeSpooled();
  for (const day of ['0', '1']) await land(day);
  const other = await makePlane(root);
  gate.close();
  const { run } = await plane.submit(request(), queued);
  await gate.reached();
  expect(await other.finish({ select: 'days', days: ['1' as never] })).toMatchObject({ commit: 1 });
  gate.open();
  expect(await ended(run.id)).toMatchObject({ status: 'succeeded', commit: 2 });
  expect(await readFile(folder.output, 'utf8')).toBe(`${header}0,8,milk,1\n1,8,milk,1\n`);
  expect(await openSpools()).toBe(0);
  expect(await finish({ select: 'all', dryRun: true })).toMatchObject({
    days: [{ outcome: 'unchanged' }, { outcome: 'unchanged' }],
  });
});

it('a run that is cancelled lets go of its file', async () => {
  const { land, folder, gate, plane, ended } = await makeSpooled();
  for (const day of ['0', '1']) await land(day);
  gate.close();
  const { run } = await plane.submit(request(), queued);
  await gate.reached();
  await plane.cancel(run.id);
  expect(await ended(run.id)).toMatchObject({ status: 'cancelled' });
  expect([await readdir(folder.staged), await openSpools()]).toEqual([[], 0]);
});

it('a run whose days find no room says so, and the next one that does commits them', async () => {
  let isFull = true;
  const disk: Disk = {
    ...nodeDisk,
    create: async (path) => {
      const file = await nodeDisk.create(path);
      const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
        code: 'ENOSPC',
      });
      const refuse = () => Promise.reject(full);
      return isFull && path.endsWith('.spool') ? { ...file, write: refuse } : file;
    },
  };
  const { finish, land, folder } = await makeSpooled(disk);
  await land('0');
  expect(await finish()).toMatchObject({
    status: 'failed',
    commit: null,
    error: { slug: 'output-unavailable', detail: expect.stringMatching(/commit.*ENOSPC/) },
    days: [],
  });
  expect([await readdir(folder.staged), await openSpools()]).toEqual([[], 0]);
  isFull = false;
  expect(await finish()).toMatchObject({ status: 'succeeded', commit: 1 });
});
