/** The power fails at any moment of a commit: what was answered is there, and the rest is done again. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Disk } from '../../src/disk/disk.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { makeTempDir } from '../support/temp-dir.js';
import {
  Broken,
  checkDone,
  checkForeignKept,
  checkForeignThere,
  checkReadable,
  checkSound,
  headOf,
  must,
  runAgain,
} from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import { quickDisk } from './faulty-disks.js';
import {
  type Aftermath,
  aftermaths,
  materialise,
  type PowerRecording,
  recordPower,
  syncsOf,
} from './power-cut.js';
import { commitOf, quickStore, type Scenario, scenarios, startStore } from './scenarios.js';
import { manyCasesMs, quarterOf, shareOf } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

let states = 0;
afterAll(() => {
  process.stdout.write(`Folders after a power cut checked: ${states}.\n`);
});

const placeIn = (root: string, name: string) =>
  stateFolderOf(join(root, name, 'processed', 'orders.csv'));

interface Recorded {
  readonly recording: PowerRecording;
  readonly startHead: number;
  /** The event with which the commit begins, behind the start of the process and its look. */
  readonly firstOfCommit: number;
}

async function record(scenario: Scenario, root: string): Promise<Recorded> {
  const folder = placeIn(root, 'clean');
  await mkdir(join(root, 'clean'));
  await scenario.prepare(folder);
  const startHead = await headOf(folder);
  let firstOfCommit = 0;
  const recording = await recordPower(join(root, 'clean'), async (disk, soFar) => {
    const store = await startStore(folder, disk, scenario);
    await store.look();
    firstOfCommit = soFar();
    await commitOf(scenario, store);
  });
  return { recording, startHead, firstOfCommit };
}

describe.each(scenarios)('$name', (scenario) => {
  it('survives every cut', async () => {
    const root = await makeTempDir();
    const recorded = await record(scenario, root);
    const found = quarterOf([...anyAftermaths(recorded.recording, none)]);
    const failures = await eachAtOnce(
      found,
      (aftermath, index) =>
        checkAftermath(scenario, recorded, aftermath, join(root, String(index))),
      ({ cut, lost }) => `${cut} of ${recorded.recording.events.length}, lost ${lost.join(', ')}`,
    );
    states += found.length;
    expect(failures).toEqual([]);
  });

  it('needs each of its syncs', async () => {
    const root = await makeTempDir();
    const recorded = await record(scenario, root);
    const needless: string[] = [];
    for (const { event, name } of syncsOf(recorded.recording)) {
      if (event < recorded.firstOfCommit) continue;
      const needed = await areNeeded(scenario, recorded, new Set([event]), root);
      if (!needed) needless.push(name);
    }
    expect(needless).toEqual([]);
  });
});

describe('the first start in a folder', () => {
  it('needs to sync the folders that it makes', async () => {
    const root = await makeTempDir();
    const [first] = scenarios;
    if (first === undefined) throw new Error('there is no scenario');
    const recorded = await record(first, root);
    const ofStart = syncsOf(recorded.recording).filter(
      ({ event }) => event < recorded.firstOfCommit,
    );
    const events = new Set(ofStart.map(({ event }) => event));
    expect(await areNeeded(first, recorded, events, root)).toBe(true);
  });
});

describe('a state folder that is lost while a service lives', () => {
  it('is made anew so that it outlives a power cut', async () => {
    const root = await makeTempDir();
    const scenario = scenarios.find(({ name }) => name === 'a new day over three');
    if (scenario === undefined) throw new Error('there is no such scenario');
    const folder = placeIn(root, 'clean');
    await mkdir(join(root, 'clean'));
    await scenario.prepare(folder);
    const { disk, passTo } = switchedDisk();
    const store = await startStore(folder, disk, scenario);
    await rm(folder.root, { recursive: true });
    const recording = await recordPower(join(root, 'clean'), async (recorded) => {
      passTo(recorded);
      await commitOf(scenario, store);
    });
    const found = shareOf([...anyAftermaths(recording, none)]);
    const failures = await eachAtOnce(
      found,
      (aftermath, index) =>
        checkAftermath(scenario, { recording, startHead: 0 }, aftermath, join(root, String(index))),
      ({ cut, lost }) => `${cut} of ${recording.events.length}, lost ${lost.join(', ')}`,
    );
    states += found.length;
    expect(failures).toEqual([]);
  });
});

/** A disk that is another one from some moment on, under a store that keeps its own. */
function switchedDisk() {
  let current: Disk = quickDisk;
  const disk = new Proxy(quickDisk, {
    get: (_, name) => Reflect.get(current, name),
  });
  return {
    disk,
    passTo: (next: Disk) => {
      current = next;
    },
  };
}

const none: ReadonlySet<number> = new Set();

/**
 * Renames are taken to be atomic, as the journals of local file systems make them. What was answered
 * is safe even where they are not.
 */
function* anyAftermaths(recording: PowerRecording, without: ReadonlySet<number>) {
  const { length } = recording.events;
  yield* aftermaths(recording, { renames: 'split', firstCut: length, without });
  yield* aftermaths(recording, { renames: 'atomic', firstCut: 0, without });
}

/** Whether some power cut breaks a promise when these syncs are left out. */
async function areNeeded(
  scenario: Scenario,
  recorded: Recorded,
  without: ReadonlySet<number>,
  root: string,
): Promise<boolean> {
  const place = await mkdtemp(join(root, 'without-'));
  let count = 0;
  for (const aftermath of anyAftermaths(recorded.recording, without)) {
    try {
      await checkAftermath(scenario, recorded, aftermath, join(place, String(count++)));
    } catch (error) {
      if (error instanceof Broken) return true;
      throw error;
    }
  }
  return false;
}

async function checkAftermath(
  scenario: Scenario,
  { recording, startHead }: Pick<Recorded, 'recording' | 'startHead'>,
  aftermath: Aftermath,
  root: string,
): Promise<void> {
  await materialise(root, aftermath);
  const folder = placeIn(root, '.');
  await checkReadable(scenario, folder);
  await checkForeignThere(scenario, folder);
  const store = await quickStore(folder);
  const state = await store.look();
  await checkForeignKept(scenario, folder);
  await checkReadable(scenario, folder);
  await checkSound(scenario, folder, state, startHead);

  const result = await runAgain(scenario, store);
  must(result.kind !== 'conflict', 'the next process finds a conflict');
  const isAnswered = aftermath.cut === recording.events.length;
  must(!isAnswered || result.kind === 'unchanged', 'what was answered has to be done again');
  await checkDone(scenario, folder, await store.look());
  await checkForeignKept(scenario, folder);
  await rm(root, { recursive: true });
}
