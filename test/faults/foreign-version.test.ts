/**
 * Another program renames its own version onto the output at any moment of a commit, and the process lives
 * on or dies there. Whatever Daymark put its own version in the place of is kept.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type Disk, isSameFile, nodeDisk } from '../../src/disk/disk.js';
import { parseStagedName, type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { commit, header, listFolder, makePlace, readText } from '../output/place.js';
import { makeTempDir } from '../support/temp-dir.js';
import { checkForeignKept, runAgain } from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import { Crash, quickDisk, recordingDisk, renamingDisk } from './faulty-disks.js';
import {
  changesSomething,
  describeOperation,
  interceptDisk,
  type Operation,
} from './intercepted-disk.js';
import { act, quickStore, replacing, type Scenario } from './scenarios.js';
import { manyCasesMs, shareOf, soak } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

let tried = 0;
afterAll(() => {
  process.stdout.write(`Foreign versions put at every moment: ${tried}.\n`);
});

const foreign = `${header}0,1,foreign,1\n`;
const placeIn = (root: string, name: string) => stateFolderOf(join(root, name, 'orders.csv'));

interface Case {
  readonly operation: Operation;
  /** Null where the process lives on. */
  readonly dies: 'before' | 'after' | null;
}

describe.each([
  ['exchanged', quickDisk],
  ['renamed', renamingDisk],
] as const)('a version that comes while names are %s', (_, real) => {
  it.each(replacing)('at any moment of $name is kept', async (scenario) => {
    const root = await makeTempDir();
    const cases = casesOf(await operationsOf(scenario, placeIn(root, 'clean'), real));
    const failures = await eachAtOnce(
      cases,
      (each, index) => putAndCheck(scenario, placeIn(root, String(index)), each, real),
      ({ operation, dies }) => `dies ${dies}, ${describeOperation(operation)}`,
    );
    tried += cases.length;
    expect(failures).toEqual([]);
  });
});

async function operationsOf(scenario: Scenario, folder: StateFolder, real: Disk) {
  await scenario.prepare(folder);
  const { disk, operations } = recordingDisk(real);
  await act(scenario, folder, disk);
  return operations;
}

/** To die before an operation is to die after the one before it. */
function casesOf(operations: readonly Operation[]): Case[] {
  const cases = operations.flatMap((operation) => {
    const moments = changesSomething(operation) ? ([null, 'after'] as const) : [null];
    return (soak ? allMoments : moments).map((dies) => ({ operation, dies }));
  });
  return [...shareOf(cases)];
}

const allMoments = [null, 'before', 'after'] as const;

async function putAndCheck(
  scenario: Scenario,
  folder: StateFolder,
  { operation, dies }: Case,
  real: Disk,
): Promise<void> {
  await scenario.prepare(folder);
  let dead = false;
  const { disk, closeAll } = interceptDisk(real, async ({ index }, perform) => {
    if (dead) throw new Crash();
    if (index !== operation.index) return perform();
    await put(folder);
    dead = dies !== null;
    if (dies === 'before') throw new Crash();
    const result = await perform();
    if (dies === 'after') throw new Crash();
    return result;
  });
  await act(scenario, folder, disk).catch(() => {});
  await closeAll();
  const store = await quickStore(folder);
  await runAgain(scenario, store);
  await commit(store, { 98: { 0: { next: 1 } } });
  // What the other program itself replaced is not ours to keep.
  await checkForeignKept({ ...scenario, foreign: [foreign] }, folder);
  await rm(folder.outputFolder, { recursive: true });
}

async function put(folder: StateFolder): Promise<void> {
  await mkdir(folder.outputFolder, { recursive: true });
  await writeFile(`${folder.output}.new`, foreign);
  await rename(`${folder.output}.new`, folder.output);
}

describe('where names cannot be exchanged, a version that comes', () => {
  it.each([
    ['in the very instant of a publication is lost, and that is told', 'instant', true],
    ['right before that instant is kept', 'before', false],
    ['right behind it stays', 'behind', false],
  ] as const)('%s', async (_, moment, isLost) => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const putNow = () => {
      writeFileSync(`${folder.output}.new`, foreign);
      renameSync(`${folder.output}.new`, folder.output);
    };
    let waits = true;
    const disk: Disk = {
      ...nodeDisk,
      exchange: renamingDisk.exchange,
      renameOver: async (from, to, expected) => {
        if (waits && moment === 'before') putNow();
        if (!isSameFile(nodeDisk.glance(to), expected)) {
          waits = false;
          return false;
        }
        if (moment === 'instant') putNow();
        renameSync(from, to);
        if (moment === 'behind') putNow();
        return true;
      },
    };
    const other = await another(disk);
    expect(other.publication()).toBe('rename');
    const result = await commit(other, { 1: { 1: { b: 1 } } });
    const told = result.kind === 'committed' && result.warnings.join();
    expect(told).toEqual(
      isLost
        ? expect.stringContaining('could not be kept')
        : expect.not.stringContaining('could not be kept'),
    );
    const isKept = (await textsIn(folder)).includes(foreign);
    expect(isKept).toBe(!isLost);
  });
});

describe('a publisher that slept', () => {
  it('between its link and its exchange does not bring an older version back', async () => {
    const { folder, another } = await makePlace();
    const sleeper = sleepingDisk(folder);
    const slow = await another(sleeper.disk);
    let looking: Promise<unknown> = Promise.resolve();
    let others = 0;
    // The version is out, and its staged file still there: whoever looks now publishes it as well.
    const remove: Disk['remove'] = async (path) => {
      if (path.startsWith(folder.staged) && isWhole(path) && others++ === 0) {
        looking = slow.look();
        await sleeper.reached;
      }
      return nodeDisk.remove(path);
    };
    await commit(await another(), { 0: { 1: { a: 1 } } });
    const store = await another({ ...nodeDisk, remove });
    await commit(store, { 1: { 1: { b: 1 } } });
    await commit(store, { 2: { 1: { c: 1 } } });
    sleeper.wake();
    await looking;
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n1,1,b,1\n2,1,c,1\n`);
    expect(await listFolder(folder.staged)).toEqual([]);
    expect(await listFolder(folder.backup)).toEqual([]);
  });

  it('keeps what it displaces in the moment in which it is fenced', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    await commit(await another(dyingDisk(folder)), { 1: { 1: { b: 1 } } });
    const sleeper = sleepingDisk(folder);
    const slow = await another(sleeper.disk);
    const looking = slow.look();
    const link = await sleeper.reached;
    // Wakes right when its link is taken away, and displaces what came just then.
    let woken = false;
    const wakeFor = async (path: string) => {
      if (path !== link || woken) return;
      woken = true;
      await put(folder);
      sleeper.wake();
      await sleeper.done;
    };
    const fencing: Disk = {
      ...nodeDisk,
      rename: (from, to) => wakeFor(from).then(() => nodeDisk.rename(from, to)),
      remove: (path) => wakeFor(path).then(() => nodeDisk.remove(path)),
    };
    await (await another(fencing)).look();
    await looking;
    expect(woken).toBe(true);
    expect(await textsIn(folder)).toContain(foreign);
  });
});

const isWhole = (path: string) => parseStagedName(path)?.isLink === false;

/** The first exchange with the output waits until it is woken. */
function sleepingDisk({ output }: StateFolder) {
  const [reached, reach] = gate<string>();
  const [woken, wake] = gate<void>();
  const [done, finish] = gate<void>();
  let isFirst = true;
  const exchange: Disk['exchange'] = async (from, to) => {
    if (to !== output || !isFirst) return nodeDisk.exchange(from, to);
    isFirst = false;
    reach(from);
    await woken;
    await nodeDisk.exchange(from, to).finally(finish);
  };
  return { disk: { ...nodeDisk, exchange }, reached, wake, done };
}

function dyingDisk({ output }: StateFolder): Disk {
  const exchange: Disk['exchange'] = async (from, to) => {
    if (to === output) throw new Crash();
    await nodeDisk.exchange(from, to);
  };
  return { ...nodeDisk, exchange };
}

function gate<T>(): [Promise<T>, (value: T) => void] {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return [opened, open];
}

/** In the output and in `backup/`. */
async function textsIn(folder: StateFolder): Promise<string[]> {
  const copies = (await listFolder(folder.backup)).map((name) => join(folder.backup, name));
  return Promise.all([folder.output, ...copies].map(readText));
}
