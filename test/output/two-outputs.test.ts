/** Two outputs in one folder: each has a state of its own, and believes no record of the other. */
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createOutputStore } from '../../src/output/output-store.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { shape } from '../support/counted.js';
import { makeTempDir } from '../support/temp-dir.js';
import { commit, header, summary } from './place.js';

async function makeTwo() {
  const root = await makeTempDir();
  const open = async (name: string) => {
    const folder = stateFolderOf(join(root, name));
    const store = createOutputStore({ folder, shape });
    await store.open();
    return { folder, store, text: () => readFile(folder.output, 'utf8') };
  };
  return { root, orders: await open('orders.csv'), returns: await open('returns.csv'), open };
}

const firstRecord = '00000000000000000001.json';

it('commits to one are none to the other', async () => {
  const { root, orders, returns } = await makeTwo();
  await commit(orders.store, { 0: { 8: { milk: 1 } } });
  await commit(returns.store, { 0: { 9: { boxes: 2 } }, 1: { 9: { boxes: 3 } } });
  await commit(orders.store, { 2: { 8: { tea: 4 } } });
  expect(await orders.text()).toBe(`${header}0,8,milk,1\n2,8,tea,4\n`);
  expect(await returns.text()).toBe(`${header}0,9,boxes,2\n1,9,boxes,3\n`);
  expect(Object.keys(summary(await orders.store.look()))).toEqual(['0', '2']);
  expect(Object.keys(summary(await returns.store.look()))).toEqual(['0', '1']);
  expect([(await orders.store.look()).version, (await returns.store.look()).version]).toEqual([
    2, 1,
  ]);
  expect((await readdir(join(root, '_daymark'))).sort()).toEqual(['orders.csv', 'returns.csv']);
});

it('a record of the other, put into its folder, is none of its own, and that is told', async () => {
  const { orders, returns, open } = await makeTwo();
  await commit(orders.store, { 0: { 8: { milk: 1 } } });
  await mkdir(returns.folder.commits, { recursive: true });
  await copyFile(
    join(orders.folder.commits, firstRecord),
    join(returns.folder.commits, firstRecord),
  );
  const state = await (await open('returns.csv')).store.look();
  expect(state).toMatchObject({ record: null, unreadable: expect.stringContaining('returns.csv') });
  expect([state.ledger.size, state.days.size]).toEqual([0, 0]);
});
