/**
 * The whole service dies at an operation of its disk, its run records included; the next one on the same
 * folders runs by default and must bring the right bytes.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { outputHeader, startTestService } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';
import { checkLeftovers, must, textOf } from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import { crashingDisk, quickDisk, recordingDisk } from './faulty-disks.js';
import { changesSomething, describeOperation, type Operation } from './intercepted-disk.js';
import { quickStore } from './scenarios.js';
import { folderIn, runOnce } from './service-run.js';
import { manyCasesMs, soak } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

let tried = 0;
afterAll(() => {
  process.stdout.write(`Crashes of a service tried: ${tried}.\n`);
});

const before = `${outputHeader}0,8,milk,2\n1,9,tea,3\n`;
const after = `${outputHeader}0,8,milk,2\n1,9,tea,30\n2,7,eggs,4\n`;

/** A service that has run, and raw days that came and changed since then. */
async function prepare(root: string): Promise<void> {
  const service = await startTestService({ root, disk: quickDisk });
  await service.land('0', [[8, { milk: 2 }]]);
  await service.land('1', [[9, { tea: 3 }]]);
  await service.run();
  await service.land('1', [[9, { tea: 30 }]]);
  await service.land('2', [[7, { eggs: 4 }]]);
  await service.stop();
}

describe('a service', () => {
  it('that dies at any operation is followed by one that finishes its work', async () => {
    const root = await makeTempDir();
    const template = join(root, 'template');
    await mkdir(template);
    await prepare(template);
    await cp(template, join(root, 'clean'), { recursive: true, preserveTimestamps: true });
    const { disk, operations } = recordingDisk();
    await runOnce(join(root, 'clean'), disk);
    // The start of a process has its own tests.
    const firstOfRun = operations.findIndex(({ path }) => path.startsWith(`${runsIn(root)}/`));
    const points = operations.filter(
      (operation) => soak || (operation.index >= firstOfRun && changesSomething(operation)),
    );
    expect(points.length).toBeGreaterThan(20);
    const failures = await eachAtOnce(
      points,
      async (point) => {
        const place = join(root, String(point.index));
        await cp(template, place, { recursive: true, preserveTimestamps: true });
        await crashAndFollow(place, point);
        await rm(place, { recursive: true });
      },
      describeOperation,
    );
    tried += points.length;
    expect(failures).toEqual([]);
  });
});

const runsIn = (root: string) => folderIn(join(root, 'clean')).runs;

async function crashAndFollow(root: string, { index }: Operation): Promise<void> {
  const folder = folderIn(root);
  const { disk, closeAll } = crashingDisk(index, 'after');
  const run = await runOnce(root, disk).catch(() => null);
  await closeAll();
  const text = await textOf(folder.output);
  must(text === before || text === after, `a reader sees ${JSON.stringify(text)}`);
  must(run?.status !== 'succeeded' || text === after, 'a run says that it succeeded');

  const next = await runOnce(root, quickDisk);
  must(next.status === 'succeeded', `the next run: ${JSON.stringify(next.error)}`);
  must((await textOf(folder.output)) === after, 'the next run gives other bytes');
  const store = await quickStore(folder);
  const state = await store.look();
  must(state.described, 'the output is not what the head record says');
  must((await textOf(folder.checkpoint))?.trim() === '2', 'the checkpoint is not in sync');
  if (next.commit !== null) await checkLeftovers(folder, state);
}
