/** What a process is doing when it is disturbed: each scenario starts a store and commits once. */
import { rename, writeFile } from 'node:fs/promises';
import type { CommitResult, OutputStore } from '../../src/core/ports/output.js';
import type { Disk } from '../../src/disk/disk.js';
import { createOutputStore } from '../../src/output/output-store.js';
import type { StateFolder } from '../../src/output/state-folder.js';
import { commit, header, type Table, writeOutput } from '../output/place.js';
import { shape } from '../support/counted.js';
import { quickDisk } from './faulty-disks.js';

export interface Scenario {
  readonly name: string;
  /** Fills the folder through a store that nothing disturbs. */
  prepare(folder: StateFolder): Promise<void>;
  /** What the commit asks for. */
  readonly table: Table;
  readonly mark: string[];
  /** The outputs that a reader may see, oldest first; null where there is none. */
  readonly versions: readonly [string | null, ...string[]];
  /** What Daymark did not write and must not lose. */
  readonly foreign: readonly string[];
  /** How much of a run's days waits in memory; the default's 64 MiB are more than all of these have. */
  readonly spoolBytes?: number;
}

const week: Table = {
  0: { 1: { apples: 1, milk: 2 }, 23: { tea: 3 } },
  1: { 8: { 'a,b': 4 } },
  2: { 9: { milk: 5 } },
};
const weekRows = ['0,1,apples,1\n0,1,milk,2\n0,23,tea,3\n', '1,8,"a,b",4\n', '2,9,milk,5\n'];
const weekText = header + weekRows.join('');
const legacy = `${header}1,8,milk,7\n0,1,tea,1\n`;

export const scenarios: readonly Scenario[] = [
  scenario('a first commit', {
    table: { 3: { 4: { milk: 1 } } },
    versions: [null, `${header}3,4,milk,1\n`],
  }),
  scenario('a first commit of days that wait on disk', {
    table: { 2: week[2] ?? {}, 3: { 4: { milk: 1 } }, 5: {} },
    versions: [null, `${header}${weekRows[2]}3,4,milk,1\n`],
    spoolBytes: 0,
  }),
  scenario('a late day that waits on disk, and another one in memory', {
    prepare: commitWeek,
    table: { 1: { 0: { a: 1 } }, 3: { 4: { milk: 1 } } },
    versions: [weekText, `${header}${weekRows[0]}1,0,a,1\n${weekRows[2]}3,4,milk,1\n`],
    spoolBytes: 8,
  }),
  scenario('a new day over three', {
    prepare: commitWeek,
    table: { 3: { 4: { milk: 1 } } },
    versions: [weekText, `${weekText}3,4,milk,1\n`],
  }),
  scenario('a late day, an emptied day and a replaced one', {
    prepare: async (folder) => {
      await commitWeek(folder);
      await commit(await quickStore(folder), { 5: { 0: { tea: 1 } } });
    },
    table: { 4: { 4: { milk: 1 } }, 2: {}, 1: { 0: { longer: 1000 }, 5: { milk: 1 } } },
    versions: [
      `${weekText}5,0,tea,1\n`,
      `${header}${weekRows[0]}1,0,longer,1000\n1,5,milk,1\n4,4,milk,1\n5,0,tea,1\n`,
    ],
  }),
  scenario('a commit over an output that someone else wrote', {
    prepare: (folder) => writeOutput(folder, legacy),
    table: { 3: { 4: { milk: 1 } } },
    versions: [legacy, `${header}0,1,tea,1\n1,8,milk,7\n3,4,milk,1\n`],
    foreign: [legacy],
  }),
  scenario('a commit over an output that someone else edited', {
    prepare: async (folder) => {
      await commitWeek(folder);
      await replaceOutput(folder, weekText.replace('milk,5', 'milk,6'));
    },
    table: { 3: { 4: { milk: 1 } }, 2: week[2] ?? {} },
    versions: [weekText.replace('milk,5', 'milk,6'), `${weekText}3,4,milk,1\n`],
    foreign: [weekText.replace('milk,5', 'milk,6')],
  }),
  scenario('the adoption of an output that is in order already', {
    prepare: (folder) => writeOutput(folder, weekText),
    table: {},
    versions: [weekText, weekText],
    foreign: [weekText],
  }),
  scenario('a commit of marks only', {
    prepare: commitWeek,
    table: {},
    mark: ['1', '2'],
    versions: [weekText, weekText],
  }),
  scenario('a day made anew that comes out the same', {
    prepare: async (folder) => {
      await commitWeek(folder);
      await commit(await quickStore(folder), {}, ['1']);
    },
    table: { 1: week[1] ?? {} },
    versions: [weekText, weekText],
  }),
  scenario('the recovery of an unpublished commit, and a new day on top', {
    prepare: async (folder) => {
      await commitWeek(folder);
      await commitUnpublished(folder, { 3: { 4: { milk: 1 } } });
    },
    table: { 3: { 4: { milk: 1 } }, 4: { 4: { milk: 1 } } },
    versions: [weekText, `${weekText}3,4,milk,1\n`, `${weekText}3,4,milk,1\n4,4,milk,1\n`],
  }),
  scenario('the recovery of an unpublished commit over a foreign edit', {
    prepare: async (folder) => {
      await commitWeek(folder);
      await commitUnpublished(folder, { 3: { 4: { milk: 1 } } });
      await replaceOutput(folder, legacy);
    },
    table: { 3: { 4: { milk: 1 } } },
    versions: [legacy, `${weekText}3,4,milk,1\n`],
    foreign: [legacy],
  }),
  scenario('a first day that grows, and another one', {
    prepare: commitWeek,
    table: { 0: { 1: { 'something longer': 1000 } }, 3: { 4: { milk: 1 } } },
    versions: [
      weekText,
      `${header}0,1,something longer,1000\n${weekRows[1]}${weekRows[2]}3,4,milk,1\n`,
    ],
  }),
  scenario('a last day that comes to nothing', {
    prepare: commitWeek,
    table: { 2: {} },
    versions: [weekText, `${header}${weekRows[0]}${weekRows[1]}`],
  }),
];

/** Where names cannot be exchanged, what differs is how the output is replaced. */
export const replacing = scenarios.filter(({ name }) =>
  /^(a first commit|a new day over three|a commit over an output|the recovery)/.test(name),
);

function scenario(
  name: string,
  given: Pick<Scenario, 'table' | 'versions'> & Partial<Scenario>,
): Scenario {
  return { name, prepare: async () => {}, mark: [], foreign: [], ...given };
}

/** A process that starts, looks and commits. */
export async function act(
  scenario: Scenario,
  folder: StateFolder,
  disk: Disk,
): Promise<CommitResult> {
  return commitOf(scenario, await startStore(folder, disk, scenario));
}

export async function startStore(
  folder: StateFolder,
  disk: Disk,
  scenario?: Scenario,
): Promise<OutputStore> {
  const store = storeOf(folder, disk, scenario);
  await store.open();
  return store;
}

export function storeOf(folder: StateFolder, disk: Disk, scenario?: Scenario): OutputStore {
  const { spoolBytes } = scenario ?? {};
  return createOutputStore({
    folder,
    shape,
    disk,
    ...(spoolBytes === undefined ? {} : { spoolBytes }),
  });
}

export function commitOf({ table, mark }: Scenario, store: OutputStore): Promise<CommitResult> {
  return commit(store, table, mark);
}

/** A store as the next process has it. */
export function quickStore(folder: StateFolder): Promise<OutputStore> {
  return startStore(folder, quickDisk);
}

async function commitWeek(folder: StateFolder): Promise<void> {
  await commit(await quickStore(folder), week);
}

async function commitUnpublished(folder: StateFolder, table: Table): Promise<void> {
  const disk: Disk = {
    ...quickDisk,
    exchange: async () => {
      throw new Error('the process stops here');
    },
  };
  const store = createOutputStore({ folder, shape, disk });
  await commit(store, table);
}

/** As an editor saves: another file takes the name. */
async function replaceOutput(folder: StateFolder, text: string): Promise<void> {
  await writeFile(`${folder.output}.edited`, text);
  await rename(`${folder.output}.edited`, folder.output);
}
