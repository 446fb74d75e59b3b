/**
 * A writer that falls asleep before any of its operations, while another process works, and wakes up in
 * the middle of its own commit. Nobody's day may be lost or doubled, and both must answer truly.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { CommitResult, OutputStore } from '../../src/core/ports/output.js';
import type { Disk } from '../../src/disk/disk.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { commit, header, type Table } from '../output/place.js';
import { makeTempDir } from '../support/temp-dir.js';
import { checkLeftovers, must, textOf } from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import { quickDisk, recordingDisk } from './faulty-disks.js';
import { describeOperation, interceptDisk, type Operation } from './intercepted-disk.js';
import { quickStore, startStore } from './scenarios.js';
import { manyCasesMs, shareOf, soak } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

let tried = 0;
afterAll(() => {
  process.stdout.write(`Sleeps of a writer tried: ${tried}.\n`);
});

const own: Table = { 5: { 1: { own: 5 } } };
const ownRow = '5,1,own,5\n';

interface Others {
  readonly name: string;
  /** So much work that the short variant sleeps only before what others can see. */
  readonly long?: boolean;
  /** What the other process does while the writer sleeps, and the rows that it leaves. */
  work(store: OutputStore): Promise<void>;
  readonly rows: string;
}

const others: readonly Others[] = [
  { name: 'looks', work: async (store) => void (await store.look()), rows: '0,1,base,1\n' },
  {
    name: 'commits a day',
    work: async (store) => committed(await commit(store, { 3: { 1: { b: 1 } } })),
    rows: '0,1,base,1\n3,1,b,1\n',
  },
  {
    name: 'commits the same day',
    work: async (store) => {
      const { kind } = await commit(store, own);
      must(kind !== 'conflict', 'the other one finds a conflict');
    },
    rows: `0,1,base,1\n${ownRow}`,
  },
  {
    name: 'commits twice, over the first day and another',
    work: async (store) => {
      committed(await commit(store, { 0: { 1: { base: 2 } } }));
      committed(await commit(store, { 7: { 1: { c: 1 } } }));
    },
    rows: '0,1,base,2\n7,1,c,1\n',
  },
  {
    name: 'commits marks',
    work: async (store) => committed(await commit(store, {}, ['0'])),
    rows: '0,1,base,1\n',
  },
  {
    name: 'commits until the version that it was about to take is pruned',
    work: async (store) => {
      for (let items = 2; items <= 54; items += 1) {
        committed(await commit(store, { 0: { 1: { base: items } } }));
      }
    },
    rows: '0,1,base,54\n',
    long: true,
  },
];

function committed(result: CommitResult): void {
  must(result.kind === 'committed', `the other one finds ${result.kind}`);
  must(result.unpublished === null && result.warnings.length === 0, 'the other one warns');
}

describe.each(others)('while a writer sleeps, another one $name', (other) => {
  it('and both days are there once', async () => {
    const root = await makeTempDir();
    const all = await recordCommit(placeIn(root, 'clean'));
    const operations = other.long
      ? all.filter(({ name }) => soak || visible.includes(name))
      : shareOf(all);
    const failures = await eachAtOnce(
      operations,
      async (operation, index) => {
        const folder = placeIn(root, String(index));
        await sleepAndWake(folder, operation, other);
        await rm(folder.outputFolder, { recursive: true });
      },
      describeOperation,
    );
    tried += operations.length;
    expect(failures).toEqual([]);
  });
});

const visible = ['create', 'link', 'rename', 'exchange', 'remove'];

const placeIn = (root: string, name: string) => stateFolderOf(join(root, name, 'orders.csv'));

async function prepare(folder: StateFolder): Promise<void> {
  await commit(await quickStore(folder), { 0: { 1: { base: 1 } } });
}

async function recordCommit(folder: StateFolder): Promise<readonly Operation[]> {
  await prepare(folder);
  const { disk, operations } = recordingDisk();
  await commit(await startStore(folder, disk), own);
  return operations;
}

async function sleepAndWake(folder: StateFolder, at: Operation, other: Others): Promise<void> {
  await prepare(folder);
  const awake = await quickStore(folder);
  const disk = sleepyDisk(at.index, () => other.work(awake));
  const store = await startStore(folder, disk);
  const answer = await commit(store, own);
  if (answer.kind === 'committed') {
    must(answer.unpublished === null, `not published: ${answer.unpublished}`);
    must(answer.warnings.length === 0, `it warns: ${answer.warnings.join()}`);
    must((await textOf(folder.output))?.includes(ownRow) ?? false, 'it was not committed');
  }
  if (answer.kind === 'conflict') {
    const again = await commit(store, own);
    must(again.kind !== 'conflict', 'it finds a conflict though no one disturbs it any more');
  }
  await checkBoth(folder, other);
  committed(await commit(awake, { 9: { 1: { next: 1 } } }));
  await checkLeftovers(folder, await awake.look());
}

function sleepyDisk(at: number, meanwhile: () => Promise<void>): Disk {
  return interceptDisk(quickDisk, async ({ index }, perform) => {
    if (index === at) await meanwhile();
    return perform();
  }).disk;
}

async function checkBoth(folder: StateFolder, { rows }: Others): Promise<void> {
  const expected = [...new Set([...rows.split('\n').filter(Boolean), ownRow.trim()])].sort();
  const text = await textOf(folder.output);
  must(text === `${header}${expected.join('\n')}\n`, `the output is ${JSON.stringify(text)}`);
  const state = await (await quickStore(folder)).look();
  must(state.described, 'the output is not what the head record says');
}
