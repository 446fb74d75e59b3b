/** A glance asks nothing of raw days, and says of output and checkpoint what a survey says. */
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { RawStore } from '../../src/core/ports/raw.js';
import { layoutOf } from '../../src/model/day.js';
import { dayFoldersIn } from '../../src/model/path-template.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { makeTempDir } from '../support/temp-dir.js';
import { makePlane } from './plane.js';

/** Longer than the ticks of this file system's clock, and short enough for tests. */
const restMs = 25;

async function steadyPlane() {
  const root = await makeTempDir();
  const rawDir = join(root, 'raw');
  await mkdir(rawDir);
  const store = createRawStore({
    template: dayFoldersIn(rawDir, layoutOf('index')),
    requireSuccessFile: false,
    restMs,
  });
  let listings = 0;
  const raw: RawStore = {
    ...store,
    list: () => {
      listings += 1;
      return store.list();
    },
  };
  const made = await makePlane(root, { raw });
  await made.land('0');
  await made.land('1');
  await made.finish();
  await sleep(restMs + 10);
  await made.plane.survey();
  const { plane } = made;
  /** How many times a glance listed the raw root. */
  const glance = async () => {
    const before = listings;
    const { checkpoint, days, output } = await plane.glance();
    const listed = listings - before;
    const truth = await plane.survey();
    expect(checkpoint.day).toBe(truth.checkpoint.day);
    expect(output).toBe(truth.output);
    return { listed, day: checkpoint.day, days: days.length };
  };
  return { ...made, rawDir, glance };
}

it('lists no raw days while the root has the same entries', async () => {
  const { plane, glance, rawDir } = await steadyPlane();
  expect(await glance()).toEqual({ listed: 0, day: '1', days: 2 });
  await appendFile(join(rawDir, '1', 'orders.csv'), '9,9,9\n');
  expect((await plane.glance()).days.map(({ state }) => state)).toEqual(['processed', 'processed']);
  expect((await plane.survey()).days.map(({ state }) => state)).toEqual(['processed', 'changed']);
});

it('lists them when an entry came or went', async () => {
  const { glance, land, rawDir } = await steadyPlane();
  await land('2');
  expect(await glance()).toEqual({ listed: 1, day: '1', days: 3 });
  await rm(join(rawDir, '0'), { recursive: true });
  expect(await glance()).toMatchObject({ listed: 1, days: 3 });
});

it('says that the root cannot be read', async () => {
  const { plane, rawDir } = await steadyPlane();
  await rename(rawDir, `${rawDir}.old`);
  await expect(plane.glance()).rejects.toMatchObject({ slug: 'raw-unavailable' });
});

it('lists them after a commit of another process', async () => {
  const { glance, root } = await steadyPlane();
  const other = await makePlane(root);
  await other.finish({ select: 'all' });
  await other.plane.rewind(null);
  expect((await glance()).listed).toBeGreaterThan(0);
});

it('lists them while the checkpoint rests on them: a rewound day counts again once its raw data is gone', async () => {
  const { plane, glance, rawDir } = await steadyPlane();
  await plane.rewind('0' as never);
  await sleep(restMs + 10);
  await plane.survey();
  expect(await glance()).toMatchObject({ listed: 1, day: '0' });
  await rename(join(rawDir, '1', 'orders.csv'), join(rawDir, '1', 'orders.txt'));
  expect(await glance()).toMatchObject({ listed: 1, day: '1' });
});

it('lists them while the checkpoint rests on them: an empty day', async () => {
  const { finish, glance, rawDir, land } = await steadyPlane();
  await land('2', 'order_id,order_dow,order_hour_of_day,milk\n');
  await finish();
  await sleep(restMs + 10);
  expect(await glance()).toMatchObject({ listed: 1, day: '2' });
  await writeFile(join(rawDir, '2', 'orders.txt'), '');
  await rm(join(rawDir, '2', 'orders.csv'));
  expect(await glance()).toMatchObject({ listed: 1, day: '1' });
});
