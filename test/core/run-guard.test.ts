/** Raw files that change while a run is about them, or that it cannot read. */
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Engine } from '../../src/core/ports/engine.js';
import type { OutputStore } from '../../src/core/ports/output.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { shape } from '../support/counted.js';
import { outputHeader, rawText } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';
import { makePlane } from './plane.js';

it('a file that grows while it is read is not taken, and the next run takes it whole', async () => {
  const root = await makeTempDir();
  const csv = createCsvEngine();
  let growing = true;
  const engine: Engine = {
    ...csv,
    aggregate: async (job) => {
      const result = await csv.aggregate(job);
      if (growing) await appendFile(join(root, 'raw', '0', 'orders.csv'), '2,9,5\n');
      growing = false;
      return result;
    },
  };
  const { land, finish, folder } = await makePlane(root, { engines: new Map([['csv', engine]]) });
  await land('0', rawText([[8, { milk: 1 }]]));
  expect(await finish()).toMatchObject({
    status: 'failed',
    days: [{ day: '0', outcome: 'failed', error: { code: 'raw-changed' } }],
  });
  expect(await finish()).toMatchObject({ status: 'succeeded', days: [{ outcome: 'added' }] });
  expect(await readFile(folder.output, 'utf8')).toBe(`${outputHeader}0,8,milk,1\n0,9,milk,5\n`);
});

it('a day whose file changed before a lost race was repeated is read again', async () => {
  const root = await makeTempDir();
  const folder = stateFolderOf(join(root, 'processed', 'orders.csv'));
  const output = createOutputStore({ folder, shape });
  let beforeFirstCommit = async () => {};
  const raced: OutputStore = {
    ...output,
    commit: async (base, change, signal) => {
      await beforeFirstCommit();
      beforeFirstCommit = async () => {};
      return output.commit(base, change, signal);
    },
  };
  const { land, finish } = await makePlane(root, { output: raced });
  const other = await makePlane(root);
  await land('0', rawText([[8, { milk: 1 }]]));
  beforeFirstCommit = async () => {
    await land('1');
    await other.finish({ select: 'days', days: ['1'] as never });
    await land('0', rawText([[8, { milk: 22 }]]));
  };
  expect(await finish()).toMatchObject({ status: 'succeeded' });
  expect(await readFile(folder.output, 'utf8')).toBe(`${outputHeader}0,8,milk,22\n1,8,milk,1\n`);
});

it('a file that is written again with the same orders is read again once, and not for ever', async () => {
  const { plane, land, finish } = await makePlane();
  const stateOf = async () => (await plane.survey()).days[0]?.state;
  await land('0', rawText([[8, { milk: 1 }]]));
  await finish();
  await land('0', rawText([[8, { milk: 1, tea: 0 }]]));
  expect(await stateOf()).toBe('changed');
  expect(await finish()).toMatchObject({ days: [{ day: '0', outcome: 'unchanged' }] });
  expect(await stateOf()).toBe('processed');
});

it('a day is not taken without the entry that could not be read', async () => {
  const { land, finish, root } = await makePlane();
  await land('0');
  await mkdir(join(root, 'raw', '0', 'more.csv'));
  expect(await finish()).toMatchObject({
    status: 'failed',
    days: [{ day: '0', outcome: 'failed', error: { code: 'raw-unreadable' } }],
  });
});

it.each(['compare', 'trust'] as const)(
  'a day adopted by %s is made again when its file changes',
  async (adopt) => {
    const { plane, land, finish, folder } = await makePlane(undefined, { adopt });
    await land('0', rawText([[8, { milk: 1 }]]));
    await finish();
    await rm(folder.root, { recursive: true });
    await finish();
    await land('0', rawText([[8, { milk: 22 }]]));
    expect((await plane.survey()).days).toMatchObject([{ day: '0', state: 'changed' }]);
  },
);
