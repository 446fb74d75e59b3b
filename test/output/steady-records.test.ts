/** What is told from two stamps must be what a store finds that looks for the first time. */
import { appendFile, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { OutputStore } from '../../src/core/ports/output.js';
import { nodeDisk } from '../../src/disk/disk.js';
import { createOutputStore } from '../../src/output/output-store.js';
import type { StateFolder } from '../../src/output/state-folder.js';
import { shape } from '../support/counted.js';
import { createCountingDisk } from '../support/counting-disk.js';
import { commit, header, makePlace, readText, summary } from './place.js';

/** Longer than the ticks of this file system's clock, and short enough for tests. */
const restMs = 25;

/** A store that knows its head from the stamps. */
async function steadyPlace(traits: object = {}) {
  const { folder, another } = await makePlace();
  const writer = await another();
  await commit(writer, { 0: { 1: { a: 1 } }, 1: { 1: { b: 2 } } });
  const store = createOutputStore({ folder, shape, restMs, ...traits });
  await sleep(restMs + 10);
  await store.look();
  await store.look();
  return { folder, store, writer };
}

async function expectTheTruth(store: OutputStore, folder: StateFolder): Promise<void> {
  const fresh = createOutputStore({ folder, shape });
  const found = await store.look();
  const truth = await fresh.look();
  expect(found.version).toBe(truth.version);
  expect(found.described).toBe(truth.described);
  expect(summary(found)).toEqual(summary(truth));
  expect([...found.ledger]).toEqual([...truth.ledger]);
}

describe('what happened since a look is seen by the next', () => {
  const attacks: [what: string, attack: (folder: StateFolder, writer: OutputStore) => unknown][] = [
    ['a commit of another process', (_, writer) => commit(writer, { 2: { 1: { c: 1 } } })],
    ['a rewind, which changes no byte', (_, writer) => commit(writer, {}, ['1'])],
    ['rows that were added', ({ output }) => appendFile(output, '1,2,z,1\n')],
    [
      'an edit that puts size and mtime back',
      async ({ output }) => {
        const { mtimeNs } = (await nodeDisk.identity(output)) ?? { mtimeNs: 0n };
        await writeFile(output, (await readText(output)).replace('0,1,a,1', '0,1,a,7'));
        await utimes(output, Number(mtimeNs) / 1e9, Number(mtimeNs) / 1e9);
      },
    ],
    [
      'another file in its place',
      async ({ output }) => {
        await writeFile(`${output}.new`, `${header}0,1,a,1\n`);
        await rename(`${output}.new`, output);
      },
    ],
    ['an output that is gone', ({ output }) => rm(output)],
    ['records that are gone', ({ commits }) => rm(commits, { recursive: true })],
    [
      'a record that is gone',
      async ({ commits }) => rm(join(commits, (await readdir(commits)).sort().at(-1) ?? '')),
    ],
    ['all state gone', ({ root }) => rm(root, { recursive: true })],
  ];

  it.each(attacks)('%s', async (_, attack) => {
    const { folder, store, writer } = await steadyPlace();
    await attack(folder, writer);
    await expectTheTruth(store, folder);
    await sleep(restMs + 10);
    await store.look();
    await expectTheTruth(store, folder);
  });

  it('commits that come one after the other, within a tick of the clock', async () => {
    const { folder, store, writer } = await steadyPlace();
    for (let round = 0; round < 20; round += 1) {
      await commit(writer, {}, [round % 2 === 0 ? '0' : '1']);
      const looking = store.look();
      await commit(writer, { [String(round % 2)]: { 1: { a: round + 1 } } });
      await looking;
      await expectTheTruth(store, folder);
    }
  });
});

describe('at rest', () => {
  it('a look is two stamps, and the same state', async () => {
    const { disk, counts } = createCountingDisk();
    const { store } = await steadyPlace({ disk });
    const state = await store.look();
    counts.reset();
    expect(await store.look()).toBe(state);
    expect(counts).toMatchObject({ calls: ['identity', 'identity'], glances: 0 });
  });
});
