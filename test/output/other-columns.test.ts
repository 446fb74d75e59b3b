/** A file whose columns are others than those of the definition: how it is read, and what a commit makes of it. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { holdsRowsOf, type OutputShape } from '../../src/model/column.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { makeOlder } from '../faults/older-state.js';
import { shape } from '../support/counted.js';
import {
  changeTo,
  commit,
  header,
  makePlace,
  never,
  type Place,
  readText,
  writeOutput,
} from './place.js';

const [items] = shape.measures;
/** As long as the former name: no day lies elsewhere in the file. */
const inPieces: OutputShape = {
  ...shape,
  measures: [{ ...items, name: 'piece_count' } as NonNullable<typeof items>],
};
const piecesHeader = header.replace('items_count', 'piece_count');
const table = { 0: { 8: { milk: 1 } }, 1: { 8: { milk: 2 } } };
const rows = '0,8,milk,1\n1,8,milk,2\n';

/** Days 0 and 1 in the seed's columns, and a store of a process that calls the counts pieces. */
async function makeChanged(disk?: Disk) {
  const place = await makePlace();
  await commit(place.store, table);
  return { ...place, changed: await another(place, disk) };
}

async function another({ folder }: Pick<Place, 'folder'>, disk?: Disk, of = inPieces) {
  const store = createOutputStore({ folder, shape: of, ...(disk === undefined ? {} : { disk }) });
  await store.open();
  return store;
}

describe('a file in the columns of a former definition', () => {
  it('is described by its record, in its own columns', async () => {
    const { changed } = await makeChanged();
    const state = await changed.look();
    expect(state.described).toBe(true);
    expect(state.shape).toEqual(shape);
    expect([...state.days.values()][1]?.totals).toEqual({ items_count: 2 });
  });

  it('changes as a whole, also where not a byte of its rows does', async () => {
    const { folder, changed, store } = await makeChanged();
    expect((await commit(changed, table)).kind).toBe('committed');
    expect(await readText(folder.output)).toBe(piecesHeader + rows);
    const state = await changed.look();
    expect([state.shape, state.described]).toEqual([inPieces, true]);
    // What the committer knows is what another process finds.
    for (const found of [await store.look(), await (await another({ folder })).look()]) {
      expect([found.shape, found.described, found.version]).toEqual([inPieces, true, 2]);
      expect(found.days.get([...found.days.keys()][0] as never)?.totals).toEqual({
        piece_count: 1,
      });
    }
  });

  it('is never mixed: a commit of some of its days is refused, and nothing is left of it', async () => {
    const { folder, changed } = await makeChanged();
    const base = await changed.look();
    const some = await changeTo(changed, { 1: table[1], 2: { 8: { milk: 3 } } });
    await expect(changed.commit(base, some, never)).rejects.toThrow(
      'other columns than the output',
    );
    expect(await readText(folder.output)).toBe(header + rows);
    expect((await changed.look()).version).toBe(1);
  });

  it('keeps its columns through a rewind, also where it is written again for that', async () => {
    const { folder, changed } = await makeChanged();
    expect((await commit(changed, {}, ['1'])).kind).toBe('committed');
    expect((await changed.look()).shape).toEqual(shape);
    await writeOutput(folder, `\ufeff${header}1,8,milk,2\n0,8,milk,1\n`);
    expect((await changed.look()).described).toBe(false);
    expect((await commit(changed, {}, ['0'])).kind).toBe('committed');
    expect(await readText(folder.output)).toBe(header + rows);
    const next = await (await another({ folder })).look();
    expect([next.shape, next.described]).toEqual([shape, true]);
  });

  it('is read by whichever header it has, where someone else put it there', async () => {
    const { folder, changed } = await makeChanged();
    await writeOutput(folder, `${header}0,8,milk,9\n`);
    expect((await changed.look()).shape).toEqual(shape);
    await writeOutput(folder, `${piecesHeader}0,8,milk,9\n`);
    expect((await changed.look()).shape).toEqual(inPieces);
    await writeOutput(folder, `${header.replace('category', 'product')}0,8,milk,9\n`);
    await expect(changed.look()).rejects.toMatchObject({
      slug: 'output-unreadable',
      message: expect.stringContaining(
        `the header is "${header.replace('category', 'product').trim()}", not ${piecesHeader.trim()}`,
      ),
    });
  });

  it('is explained by the head where only what it builds on cannot be read', async () => {
    const place = await makePlace();
    const many = Object.fromEntries([0, 1, 2, 3, 4].map((each) => [each, { 8: { milk: 1 } }]));
    await commit(place.store, many);
    await commit(place.store, { 5: { 8: { milk: 1 } } });
    await rm(join(place.folder.commits, `${'1'.padStart(20, '0')}.json`));
    const state = await (await another(place)).look();
    expect([state.record, state.shape, state.days.size]).toEqual([null, shape, 6]);
  });

  it('is not taken for an unreadable one by a look during which the change is published', async () => {
    let meanwhile: (() => Promise<unknown>) | null = null;
    const { folder, changed, another: former } = await makeChanged();
    const slow = await former({
      ...nodeDisk,
      open: async (path) => {
        const work = path === folder.output ? meanwhile : null;
        if (work !== null) {
          meanwhile = null;
          await work();
        }
        return nodeDisk.open(path);
      },
    });
    meanwhile = () => commit(changed, table);
    const state = await slow.look();
    expect([state.version, state.shape, state.described]).toEqual([2, inPieces, true]);
  });

  it('is known of records that do not name its columns: the seed’s before the fourth format, else one’s own', async () => {
    const older = await makeChanged();
    await makeOlder(older.folder);
    const state = await (await another(older)).look();
    expect([state.shape, state.described]).toEqual([shape, true]);

    const unnamed = await makeChanged();
    const path = join(unnamed.folder.commits, `${'1'.padStart(20, '0')}.json`);
    const { shape: _, ...record } = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify(record));
    expect((await (await unnamed.another()).look()).described).toBe(true);
    await expect((await another(unnamed)).look()).rejects.toMatchObject({
      slug: 'output-unreadable',
    });
  });
});

describe('columns hold the rows of others', () => {
  const [hour, category] = shape.keys as [OutputShape['keys'][0], OutputShape['keys'][0]];
  const measure = items as NonNullable<typeof items>;
  const decimal = (precision: number, scale: number): OutputShape => ({
    ...shape,
    measures: [
      {
        name: 'fare',
        type: { kind: 'decimal', precision, scale },
        nullable: false,
        additive: true,
      },
    ],
  });
  const byHours = (least: number, most: number): OutputShape => ({
    ...shape,
    keys: [{ ...hour, range: { least, most } }, category],
  });
  const { range: _, ...anyHour } = hour;

  it.each<[string, OutputShape, OutputShape, boolean]>([
    ['the same', shape, shape, true],
    ['another measure', shape, inPieces, false],
    [
      'one measure more',
      { ...shape, measures: [measure, { ...measure, name: 'n' }] },
      shape,
      false,
    ],
    ['one key less', { ...shape, keys: [hour] }, shape, false],
    [
      'a key that was a measure',
      { ...shape, keys: [hour, category, measure], measures: [] },
      shape,
      false,
    ],
    ['keys in another order', { ...shape, keys: [category, hour] }, shape, false],
    ['another name of the day', { ...shape, dayColumn: 'weekday' }, shape, false],
    ['another kind of days', { ...shape, dayKind: 'date' }, shape, false],
    ['a wider range', byHours(0, 23), byHours(0, 11), true],
    ['a range that leaves hours out', byHours(0, 11), byHours(0, 23), false],
    ['a range that begins later', byHours(1, 23), byHours(0, 23), false],
    ['any hour', { ...shape, keys: [anyHour, category] }, shape, true],
    ['a range where any was', shape, { ...shape, keys: [anyHour, category] }, false],
    [
      'cells that may be empty',
      { ...shape, keys: [hour, { ...category, nullable: true }] },
      shape,
      true,
    ],
    [
      'cells that may not',
      shape,
      { ...shape, keys: [hour, { ...category, nullable: true }] },
      false,
    ],
    ['more digits', decimal(20, 2), decimal(12, 2), true],
    ['fewer digits', decimal(12, 2), decimal(20, 2), false],
    ['more decimals', decimal(12, 3), decimal(12, 2), false],
    [
      'another type',
      { ...shape, keys: [hour, { ...category, type: { kind: 'date' } }] },
      shape,
      false,
    ],
    ['rows of zero, too', { ...shape, leavesOutZeros: false }, shape, true],
    ['no rows of zero', shape, { ...shape, leavesOutZeros: false }, false],
  ])('%s', (_name, now, before, holds) => {
    expect(holdsRowsOf(now, before)).toBe(holds);
  });
});
