/** How the new output comes to lie beside the old one: copied by the kernel, by blocks, or both. */
import { chmod, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Disk, type DiskFile, nodeDisk } from '../../src/disk/disk.js';
import {
  changeTo,
  commit,
  header,
  listFolder,
  makePlace,
  never,
  readText,
  type Table,
} from './place.js';

const days: Table = { 1: { 1: { a: 1 } }, 2: { 2: { b: 2 } }, 3: { 3: { c: 3 } } };
const rows = ['1,1,a,1\n', '2,2,b,2\n', '3,3,c,3\n'];

type CopyFrom = DiskFile['copyFrom'];

/** The real disk, where even small files are copied by the kernel, which `copy` can change. */
function copyingDisk(copy: (file: DiskFile) => CopyFrom = (file) => file.copyFrom) {
  let copies = 0;
  const disk: Disk = {
    ...nodeDisk,
    kernelCopyBytes: 1,
    create: async (path) => {
      const file = await nodeDisk.create(path);
      const copyFrom: CopyFrom = (source) => {
        copies += 1;
        return copy(file)(source);
      };
      return { ...file, copyFrom };
    },
  };
  return { disk, copies: () => copies };
}

async function makeCopying(copy?: (file: DiskFile) => CopyFrom) {
  const { disk, copies } = copyingDisk(copy);
  const place = await makePlace();
  await commit(place.store, days);
  return { ...place, store: await place.another(disk), copies };
}

describe('a copy in the kernel', () => {
  it.each<[string, number, Table, string]>([
    ['a day is added', 1, { 4: { 4: { d: 4 } } }, `${rows.join('')}4,4,d,4\n`],
    [
      'the last day grows',
      1,
      { 3: { 3: { longer: 333 } } },
      `${rows[0]}${rows[1]}3,3,longer,333\n`,
    ],
    ['the last day shrinks to nothing', 1, { 3: {} }, `${rows[0]}${rows[1]}`],
    [
      'days in the middle change their lengths',
      1,
      { 2: { 2: { longer: 222 } }, 3: { 3: { c: 4 } } },
      `${rows[0]}2,2,longer,222\n3,3,c,4\n`,
    ],
    ['a day comes late', 1, { 0: { 0: { z: 1 } } }, `0,0,z,1\n${rows.join('')}`],
    ['all rows go', 1, { 1: {}, 2: {}, 3: {} }, ''],
  ])('gives the right bytes where %s', async (_what, times, table, expected) => {
    const { folder, store, copies } = await makeCopying();
    expect(await commit(store, table)).toMatchObject({ kind: 'committed', warnings: [] });
    expect(copies()).toBe(times);
    expect(await readText(folder.output)).toBe(`${header}${expected}`);
    expect((await store.look()).described).toBe(true);
  });

  it('is left where most of the base would be written over, or it is small', async () => {
    const { folder, store, another, copies } = await makeCopying();
    const long = { 1: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`c${n}`, 1])) };
    await commit(store, { 3: long });
    expect(copies()).toBe(1);
    await commit(store, { 2: { 2: { b: 7 } } });
    expect(copies()).toBe(1);
    const { disk, copies: ofSmall } = copyingDisk();
    await commit(await another({ ...disk, kernelCopyBytes: 1 << 20 }), { 9: { 9: { i: 9 } } });
    expect(ofSmall()).toBe(0);
    expect(await readText(folder.output)).toMatch(/2,2,b,7\n3,1,c0,1\n[\s\S]*9,9,i,9\n$/);
  });

  it('that the system cannot do is done by blocks', async () => {
    const { folder, store, copies } = await makeCopying(() => async () => false);
    await commit(store, { 3: {}, 4: { 4: { d: 4 } } });
    expect(copies()).toBe(1);
    expect(await readText(folder.output)).toBe(`${header}${rows[0]}${rows[1]}4,4,d,4\n`);
  });

  it('that lost bytes in silence is not committed', async () => {
    const { folder, store } = await makeCopying((file) => async (source) => {
      await file.copyFrom(source);
      await file.truncate(header.length + 4);
      return true;
    });
    await expect(commit(store, { 4: { 4: { d: 4 } } })).rejects.toThrow(/bytes instead of/);
    expect(await readText(folder.output)).toBe(`${header}${rows.join('')}`);
    expect(await listFolder(folder.staged)).toEqual([]);
  });

  it('of an output that is edited meanwhile is not committed', async () => {
    const edited = `${header}1,1,a,7\n`;
    let output = '';
    const { folder, store } = await makeCopying((file) => async (source) => {
      const done = await file.copyFrom(source);
      await writeFile(output, edited);
      return done;
    });
    output = folder.output;
    const change = await changeTo(store, { 4: { 4: { d: 4 } } });
    expect((await store.commit(await store.look(), change, never)).kind).toBe('conflict');
    expect(await readText(folder.output)).toBe(edited);
    expect(await listFolder(folder.staged)).toEqual([]);
  });

  it('has the mode of the output that it replaces', async () => {
    const { folder, store, copies } = await makeCopying();
    await chmod(folder.output, 0o400);
    const { mode } = await stat(folder.output);
    await commit(store, { 4: { 4: { d: 4 } } });
    expect(copies()).toBe(1);
    expect((await stat(folder.output)).mode).toBe(mode);
  });
});
