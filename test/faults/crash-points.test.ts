/**
 * A process that dies at any file operation: before it took effect, after it did, or (a write) halfway.
 * The next process must find one committed version, whole, and do the work again to the right bytes.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Disk } from '../../src/disk/disk.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { makeTempDir } from '../support/temp-dir.js';
import {
  checkDone,
  checkForeignKept,
  checkForeignThere,
  checkNext,
  checkReadable,
  checkSound,
  headOf,
  must,
  runAgain,
  textOf,
} from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import {
  type CrashMoment,
  crashingDisk,
  crashMoments,
  quickDisk,
  recordingDisk,
  renamingDisk,
} from './faulty-disks.js';
import { changesSomething, describeOperation, type Operation } from './intercepted-disk.js';
import { act, quickStore, replacing, type Scenario, scenarios } from './scenarios.js';
import { manyCasesMs, soak } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

let crashes = 0;
afterAll(() => {
  process.stdout.write(`Crash points tried: ${crashes}.\n`);
});

interface CrashPoint {
  readonly operation: Operation;
  readonly moment: CrashMoment;
}

function expectSurvival(scenario: Scenario, real: Disk) {
  return async () => {
    const root = await makeTempDir();
    const points = crashPointsOf(await recordOperations(scenario, placeIn(root, 'clean'), real));
    const failures = await eachAtOnce(
      points,
      async (point, index) => {
        const folder = placeIn(root, String(index));
        await crashAndRecover(scenario, folder, point, real);
        await rm(folder.outputFolder, { recursive: true });
      },
      ({ operation, moment }) => `${moment} ${describeOperation(operation)}`,
    );
    crashes += points.length;
    expect(failures).toEqual([]);
  };
}

describe.each(scenarios)('$name', (scenario) => {
  it('survives a crash at every operation', expectSurvival(scenario, quickDisk));
});

describe.each(soak ? scenarios : replacing)(
  'where names cannot be exchanged, $name',
  (scenario) => {
    it('survives a crash at every operation', expectSurvival(scenario, renamingDisk));
  },
);

const placeIn = (root: string, name: string) => stateFolderOf(join(root, name, 'orders.csv'));

async function recordOperations(scenario: Scenario, folder: StateFolder, real: Disk) {
  await scenario.prepare(folder);
  const { disk, operations } = recordingDisk(real);
  await act(scenario, folder, disk);
  await checkReadable(scenario, folder);
  const store = await quickStore(folder);
  await checkDone(scenario, folder, await store.look());
  await checkNext(scenario, folder, store);
  return operations;
}

/**
 * To die before an operation is to die after the one before it, and to die after one that changes nothing
 * is to die before it. The short variant takes each state of the folder once, the long one all there is.
 */
function crashPointsOf(operations: readonly Operation[]): CrashPoint[] {
  return operations.flatMap((operation) => {
    const moments = crashMoments.filter((moment) => isDistinct(operation, moment));
    return moments.map((moment) => ({ operation, moment }));
  });
}

function isDistinct(operation: Operation, moment: CrashMoment): boolean {
  if (moment === 'halfway') return operation.write !== null;
  if (soak) return true;
  return moment === 'after' ? changesSomething(operation) : operation.index === 0;
}

async function crashAndRecover(
  scenario: Scenario,
  folder: StateFolder,
  { operation, moment }: CrashPoint,
  real: Disk,
): Promise<void> {
  await scenario.prepare(folder);
  const startHead = await headOf(folder);
  const { disk, closeAll } = crashingDisk(operation.index, moment, real);
  const acknowledged = await act(scenario, folder, disk).then(
    (result) => result.kind === 'committed' && result.unpublished === null,
    () => false,
  );
  await closeAll();

  await checkReadable(scenario, folder);
  await checkForeignThere(scenario, folder);
  const store = await quickStore(folder);
  await checkSound(scenario, folder, await store.look(), startHead);
  await checkForeignKept(scenario, folder);
  await checkReadable(scenario, folder);
  if (acknowledged) {
    must((await textOf(folder.output)) === scenario.versions.at(-1), 'an answer was untrue');
  }
  const result = await runAgain(scenario, store);
  must(result.kind !== 'conflict', 'the next process finds a conflict');
  await checkDone(scenario, folder, await store.look());
  await checkNext(scenario, folder, store);
}
