/** Full and differential records on the disk: kept as long as they are needed, and made up for when lost. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OutputState, OutputStore } from '../../src/core/ports/output.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { type StateFolder, stagedName } from '../../src/output/state-folder.js';
import {
  changeTo,
  commit,
  day,
  header,
  listFolder,
  makePlace,
  never,
  readText,
  type Table,
} from './place.js';

const week: Table = Object.fromEntries(
  [0, 1, 2, 3, 4, 5, 6].map((name) => [name, { 1: { a: name + 1 } }]),
);
const weekText = header + [0, 1, 2, 3, 4, 5, 6].map((name) => `${name},1,a,${name + 1}\n`).join('');

const pathOf = ({ commits }: StateFolder, version: number) =>
  join(commits, `${String(version).padStart(20, '0')}.json`);

const stored = async (folder: StateFolder, version: number) =>
  JSON.parse(await readText(pathOf(folder, version)));

const isFull = async (folder: StateFolder, version: number) =>
  (await stored(folder, version)).snapshot === null;

/** What two processes must agree on. */
const known = ({ version, described, days, ledger }: OutputState) => ({
  version,
  described,
  days: [...days],
  ledger: [...ledger],
});

/** As fast as tests can be that have no power cuts in them. */
const unsynced: Disk = {
  ...nodeDisk,
  create: async (path) => ({ ...(await nodeDisk.create(path)), sync: async () => {} }),
  syncFolder: async () => {},
};

/** `count` commits of one changed, marked, late or new day each, or of one that comes to nothing. */
async function commitMany(store: OutputStore, count: number, each = async () => {}) {
  for (let turn = 0; turn < count; turn += 1) {
    const changes: [Table, string[]][] = [
      [{ 3: { 1: { a: 100 + turn } } }, []],
      [{}, ['3']],
      [{ [300 - turn]: { 2: { late: 1 } } }, []],
      [{ [1_000 + turn]: { 2: { fresh: 1 } }, 5: {} }, []],
      [{ 5: { 1: { a: turn } } }, []],
      // A mark is all that tells such a day from what it is in the snapshot.
      [{ 6: { 1: { a: 500 + turn } } }, [String(turn)]],
    ];
    const [table, mark] = changes[turn % changes.length] ?? [{}, []];
    const result = await commit(store, table, mark);
    expect(result).toMatchObject({ kind: 'committed', warnings: [], unpublished: null });
    await each();
  }
}

describe('the records of many commits', () => {
  it('are read by the next process as the writer knows them, and what the head needs is kept', async () => {
    const { folder, store, another } = await makePlace(unsynced);
    const names = Array.from({ length: 200 }, (_, index) => String(index));
    await commit(store, Object.fromEntries(names.map((name) => [name, { 1: { a: 1 } }])));
    const full: number[] = [1];
    await commitMany(store, 125, async () => {
      const state = await store.look();
      if (await isFull(folder, state.version)) full.push(state.version);
      const names = await listFolder(folder.commits);
      expect(names.length).toBeLessThanOrEqual(50);
      expect(known(await (await another(unsynced)).look())).toEqual(known(state));
    });
    expect(full).toEqual([1, 41, 81, 121]);
  });

  it('cost an ordinary commit neither the reading of one nor the writing of all days', async () => {
    const read: string[] = [];
    const disk: Disk = {
      ...unsynced,
      open: (path) => {
        read.push(path);
        return nodeDisk.open(path);
      },
    };
    const { folder, store } = await makePlace(disk);
    const names = Array.from({ length: 500 }, (_, index) => String(index));
    await commit(store, Object.fromEntries(names.map((name) => [name, { 1: { a: 1 } }])));
    const base = await store.look();
    read.length = 0;
    await store.commit(base, await changeTo(store, { 500: { 1: { a: 1 } } }), never);
    expect(read).toEqual([folder.output]);
    expect((await readFile(pathOf(folder, 2))).length).toBeLessThan(1_500);
  });
});

describe('what the head builds on', () => {
  async function withDifferential() {
    const place = await makePlace();
    await commit(place.store, week);
    await commit(place.store, {}, ['2']);
    expect((await stored(place.folder, 2)).days).toHaveLength(1);
    return place;
  }

  async function otherRecord(folder: StateFolder): Promise<void> {
    const other = await makePlace();
    await commit(other.store, week);
    await cp(pathOf(other.folder, 1), pathOf(folder, 1));
  }

  it.each<[string, RegExp, (folder: StateFolder) => Promise<void>]>([
    ['deleted', /is missing/, (folder) => rm(pathOf(folder, 1))],
    ['cut', /cannot be read/, async (folder) => writeFile(pathOf(folder, 1), '{"format":2,')],
    ['another one', /is another one/, otherRecord],
    [
      'not full itself',
      /is not full/,
      async (folder) => {
        const { snapshot: _, ...record } = await stored(folder, 1);
        const differential = { ...record, snapshot: { version: 1, runId: 'x' } };
        await writeFile(pathOf(folder, 1), JSON.stringify(differential));
      },
    ],
  ])('is %s: the output is taken as it is, as without a ledger', async (_how, why, damage) => {
    const { folder, another } = await withDifferential();
    await damage(folder);
    const store = await another();
    const state = await store.look();
    expect(state.unreadable).toMatch(why);
    expect(state).toMatchObject({ version: 2, described: false, recovered: [] });
    expect([state.days.size, state.ledger.size]).toEqual([7, 0]);
    expect(await commit(store, { 9: { 1: { z: 1 } } })).toMatchObject({
      version: 3,
      unpublished: null,
      warnings: [expect.stringMatching(/is kept as/)],
    });
    expect(await isFull(folder, 3)).toBe(true);
    expect((await stored(folder, 3)).parent.version).toBe(2);
    expect(await readText(folder.output)).toBe(`${weekText}9,1,z,1\n`);
    expect(known(await (await another()).look())).toEqual(known(await store.look()));
  });

  it('is seen to be deleted by the process that wrote it, too', async () => {
    const { folder, store } = await withDifferential();
    await rm(pathOf(folder, 1));
    // As long as it is so.
    for (let looks = 0; looks < 2; looks += 1) {
      const state = await store.look();
      expect(state).toMatchObject({ described: false, recovered: [] });
      expect(state.unreadable).toMatch(/missing/);
    }
  });

  it('is lost before the head was published: it is published all the same', async () => {
    const { folder, another } = await withDifferential();
    const dying: Disk = { ...nodeDisk, exchange: () => Promise.reject(new Error('it dies here')) };
    await commit(await another(dying), { 9: { 1: { z: 1 } } });
    expect(await readText(folder.output)).toBe(weekText);
    await rm(pathOf(folder, 1));
    const state = await (await another()).look();
    expect(await readText(folder.output)).toBe(`${weekText}9,1,z,1\n`);
    expect(state.recovered).toEqual([expect.stringMatching(/published version 3/)]);
    expect(state.unreadable).toMatch(/is missing/);
  });

  it('does not matter to who only asks for the commit of a run', async () => {
    const { folder, store } = await withDifferential();
    const { runId } = await stored(folder, 2);
    await rm(pathOf(folder, 1));
    expect(await store.commitOf(runId)).toBe(2);
  });

  it('is pruned while the head is read: the next head is read', async () => {
    const { folder, store, another } = await withDifferential();
    let asleep = true;
    const disk: Disk = {
      ...nodeDisk,
      open: async (path) => {
        if (path === pathOf(folder, 1) && asleep) {
          asleep = false;
          await commitMany(store, 55);
        }
        return nodeDisk.open(path);
      },
    };
    const state = await (await another(disk)).look();
    expect(asleep).toBe(false);
    expect(state).toMatchObject({ version: 57, described: true, recovered: [] });
    expect(known(state)).toEqual(known(await store.look()));
  });

  it('can be a record of the first format', async () => {
    const { folder, another } = await withDifferential();
    await rm(pathOf(folder, 2));
    const { snapshot: _, settings, raw, columns, ...record } = await stored(folder, 1);
    expect([settings, raw, columns]).not.toContain(undefined);
    let offset = header.length;
    const days = [];
    for (const { totals, records: orders, ...each } of record.days) {
      days.push({ ...each, offset, orders, items: totals.items_count });
      offset += each.sizeBytes;
    }
    await writeFile(pathOf(folder, 1), JSON.stringify({ ...record, days, format: 1 }));
    const store = await another();
    expect(await store.look()).toMatchObject({ version: 1, described: true, recovered: [] });
    await commit(store, { 9: { 1: { z: 1 } } }, ['2']);
    expect(await stored(folder, 2)).toMatchObject({
      format: 4,
      snapshot: { version: 1, runId: record.runId },
    });
    const state = await (await another()).look();
    expect(state.described).toBe(true);
    expect(state.ledger.get(day('2'))).toMatchObject({ reprocess: true, runId: record.runId });
    expect(known(state)).toEqual(known(await store.look()));
  });
});

describe('a record under a name that was pruned', () => {
  it.each(['identity', 'open'] as const)(
    'is taken for no head, and not published, by who found the name in the list before its %s',
    async (move) => {
      const { folder, store, another } = await makePlace(unsynced);
      await commit(store, week);
      const past = await stored(folder, 1);
      let asleep = true;
      const sleepAt = async (moved: typeof move, path: string) => {
        if (moved !== move || path !== pathOf(folder, 1) || !asleep) return;
        asleep = false;
        await commitMany(store, 55);
        // A writer that slept, too, links its record for version 1 and has not looked yet.
        const runId = '00000000-0000-7000-8000-000000000000';
        await writeFile(pathOf(folder, 1), JSON.stringify({ ...past, runId }));
        await writeFile(join(folder.staged, stagedName({ version: 1, runId })), weekText);
      };
      const disk: Disk = {
        ...nodeDisk,
        identity: (path) => sleepAt('identity', path).then(() => nodeDisk.identity(path)),
        open: (path) => sleepAt('open', path).then(() => nodeDisk.open(path)),
      };
      const other = await another(disk);
      const state = await other.look();
      expect(asleep).toBe(false);
      expect(state).toMatchObject({ version: 56, described: true, recovered: [] });
      expect(known(state)).toEqual(known(await store.look()));
    },
  );
});
