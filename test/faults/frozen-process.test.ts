/**
 * SIGSTOP for real: a process stops itself around its commit point, others commit meanwhile, and it is let
 * go. What it knew is the past by then: no day may be lost, doubled or set back, and no version skipped.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeTempDir } from '../support/temp-dir.js';
import { checkLeftovers, must, textOf } from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import { isMove, type MarkedOperation, shown, startMarked } from './marked-process.js';
import { checkDescribed, createTally, land, outputOf, runMarked, runWell } from './marked-scene.js';
import { folderIn } from './service-run.js';
import { manyCasesMs, soak } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

const countFreezes = createTally('freezesAtAnOperation');

async function prepare(root: string): Promise<void> {
  await mkdir(root);
  await land(root, '0', 1);
  await runWell(root);
  await land(root, '1', 2);
}

interface Others {
  readonly name: string;
  work(root: string): Promise<unknown>;
  readonly items: Readonly<Record<string, number>>;
}

const others: readonly Others[] = [
  { name: 'does the same', work: runWell, items: { 0: 1, 1: 2 } },
  {
    name: 'commits that day as it is by then, and another one',
    work: async (root) => {
      await land(root, '1', 20);
      await runWell(root);
      await land(root, '7', 3);
      await runWell(root);
    },
    items: { 0: 1, 1: 20, 7: 3 },
  },
];

/** Where the work is staged, claimed, published and put on record; in the long variant, everywhere. */
function isTried({ name, paths }: MarkedOperation): boolean {
  const staged = name === 'create' && paths.some((path) => path.includes('/staged/'));
  return soak || staged || isMove({ index: 0, name, paths });
}

describe.each(others)('while a process is frozen, another one $name', ({ work, items }) => {
  it('and all is there once when it goes on', async () => {
    const root = await makeTempDir();
    await prepare(join(root, 'clean'));
    const run = await runMarked(join(root, 'clean'));
    const tried = run.operations.filter(isTried);
    expect(tried.length).toBeGreaterThan(3);
    const failures = await eachAtOnce(
      tried,
      async ({ index }) => {
        const place = join(root, String(index));
        await prepare(place);
        await freezeAndThaw(place, index, work);
        await checkAll(place, outputOf(items));
      },
      shown,
    );
    countFreezes(tried.length);
    expect(failures).toEqual([]);
  });
});

async function freezeAndThaw(root: string, at: number, work: Others['work']): Promise<void> {
  const { child, stopped, ended } = startMarked(root, { at, moment: 'before', signal: 'SIGSTOP' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await stopped();
  await work(root);
  child.kill('SIGCONT');
  const answer = await ended();
  must(answer?.status === 'succeeded', `it says ${answer?.status}`);
}

async function checkAll(root: string, expected: string): Promise<void> {
  const folder = folderIn(root);
  must((await textOf(folder.output)) === expected, `it is ${await textOf(folder.output)}`);
  await land(root, '9', 5);
  await runWell(root);
  must((await textOf(folder.output)) === `${expected}9,8,milk,5\n`, 'the next day is not added');
  await checkLeftovers(folder, await checkDescribed(folder));
}
