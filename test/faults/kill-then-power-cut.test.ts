/**
 * Two faults in a row: a process is killed in the middle of a commit, another one finds its work, builds
 * on it and answers, and then the power fails. What the first did not sync, the other answers for.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Disk } from '../../src/disk/disk.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { commit, day } from '../output/place.js';
import { makeTempDir } from '../support/temp-dir.js';
import { checkForeignKept, must, runAgain, textOf } from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import { crashingDisk, quickDisk, recordingDisk, renamingDisk } from './faulty-disks.js';
import { describeOperation, type Operation, type OperationName } from './intercepted-disk.js';
import { aftermaths, materialise, recordPower } from './power-cut.js';
import { act, quickStore, replacing, type Scenario, scenarios, startStore } from './scenarios.js';
import { manyCasesMs, shareOf, soak } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

let states = 0;
afterAll(() => {
  process.stdout.write(`Folders after a kill and a power cut checked: ${states}.\n`);
});

const placeIn = (root: string) => stateFolderOf(join(root, 'processed', 'orders.csv'));
const seen: readonly OperationName[] = ['link', 'rename', 'exchange', 'remove'];
const changes: readonly OperationName[] = soak
  ? [...seen, 'create', 'write', 'copy', 'truncate', 'makeFolder']
  : seen;
const tried = soak ? scenarios : scenarios.filter((_, index) => [1, 3, 6].includes(index));

/** What the other process does before the power fails. */
interface Other {
  readonly start: 'before' | 'after';
  /** Whether it commits something of its own; if not, it only finishes what it finds, and answers. */
  readonly marks: boolean;
}

function expectSafe(
  scenario: Scenario,
  changing: readonly OperationName[],
  other: Other,
  real: Disk = quickDisk,
) {
  return async () => {
    const root = await makeTempDir();
    const operations = await changesOf(scenario, join(root, 'clean'), changing, real);
    const failures = await eachAtOnce(
      operations,
      (operation) =>
        killAndCut(scenario, operation, join(root, String(operation.index)), other, real),
      describeOperation,
    );
    expect(failures).toEqual([]);
  };
}

describe.each(tried)('$name', (scenario) => {
  it(
    'is safe once another process has answered',
    expectSafe(scenario, changes, { start: 'before', marks: true }),
  );
});

describe.each(scenarios.filter(isAnsweredByLooking))('$name', (scenario) => {
  it(
    'is safe once another process has only looked',
    expectSafe(scenario, ['link', 'exchange'], { start: 'before', marks: false }),
  );
});

/** Plain additions and marks: a look alone can tell that they were made. */
function isAnsweredByLooking({ name }: Scenario): boolean {
  return ['a first commit', 'a new day over three', 'a commit of marks only'].includes(name);
}

/** A rename takes the staged file with it before it is durable. */
describe.each(replacing)('where names cannot be exchanged, $name', (scenario) => {
  it(
    'is safe once another process has answered',
    expectSafe(scenario, ['rename'], { start: 'before', marks: true }, renamingDisk),
  );
});

/** Each needs other folders: for its record, for a copy, or for a record without a publication. */
const needsFolders = [
  'a first commit',
  'a commit over an output that someone else wrote',
  'the adoption of an output that is in order already',
];

describe.each(scenarios.filter(({ name }) => needsFolders.includes(name)))('$name', (scenario) => {
  it(
    'is safe in folders that a killed process made, once the next one has answered',
    expectSafe(scenario, ['makeFolder'], { start: 'after', marks: true }),
  );
});

/** The operations that a later process sees; in the long variant, all that change anything. */
async function changesOf(
  scenario: Scenario,
  root: string,
  changing: readonly OperationName[],
  real: Disk,
): Promise<Operation[]> {
  await prepare(scenario, root);
  const { disk, operations } = recordingDisk(real);
  await act(scenario, placeIn(root), disk);
  return operations.filter(({ name }) => changing.includes(name));
}

async function prepare(scenario: Scenario, root: string): Promise<void> {
  await mkdir(root);
  await scenario.prepare(placeIn(root));
}

/** The other process starts before the one that is killed, or after it. */
async function killAndCut(
  scenario: Scenario,
  { index }: Operation,
  root: string,
  { start, marks }: Other,
  real: Disk,
): Promise<void> {
  await prepare(scenario, root);
  const folder = placeIn(root);
  const recording = await recordPower(
    root,
    async (disk) => {
      const running = start === 'before' ? await startStore(folder, disk) : null;
      const first = crashingDisk(index, 'after', disk);
      await act(scenario, folder, first.disk).catch(() => {});
      await first.closeAll();
      const store = running ?? (await startStore(folder, disk));
      must((await runAgain(scenario, store)).kind !== 'conflict', 'the other process cannot go on');
      if (!marks) return;
      must(
        (await commit(store, {}, marksOf(scenario))).kind !== 'conflict',
        'it cannot mark a day',
      );
    },
    real,
  );
  const { length } = recording.events;
  let count = 0;
  for (const renames of ['atomic', 'split'] as const) {
    const options = { renames, firstCut: length, without: new Set<number>() };
    for (const aftermath of shareOf([...aftermaths(recording, options)])) {
      const place = join(root, `cut-${count++}`);
      await materialise(place, aftermath);
      await checkAnswered(scenario, placeIn(place), marks).catch((error: Error) => {
        throw new Error(`${renames}, lost ${aftermath.lost.join(', ')}: ${error.message}`);
      });
      states += 1;
    }
  }
  await rm(root, { recursive: true });
}

/** A day of every scenario's output, marked by the second process: a commit that stages nothing. */
function marksOf({ table, mark }: Scenario): string[] {
  return [...mark, ...Object.keys(table).slice(0, 1)];
}

async function checkAnswered(
  scenario: Scenario,
  folder: StateFolder,
  marks: boolean,
): Promise<void> {
  await checkForeignKept(scenario, folder);
  const state = await (await quickStore(folder)).look();
  must((await textOf(folder.output)) === scenario.versions.at(-1), 'the answered output is lost');
  must(state.described, 'the output is not what the head record says');
  for (const name of marks ? marksOf(scenario) : scenario.mark) {
    must(
      state.ledger.get(day(name))?.reprocess === true,
      `the answered mark of day ${name} is lost`,
    );
  }
}
