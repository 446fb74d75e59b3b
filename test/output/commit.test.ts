import { constants, existsSync } from 'node:fs';
import { copyFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCommitGate } from '../../src/core/commit-gate.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { shape } from '../support/counted.js';
import { createCountingDisk } from '../support/counting-disk.js';
import { makeTempDir } from '../support/temp-dir.js';
import {
  changeTo,
  commit,
  day,
  header,
  listFolder,
  makePlace,
  never,
  readText,
  rowsOfDay,
  writeOutput,
} from './place.js';

describe('a commit', () => {
  it('writes header and days in order, whatever the order in which they came', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 2: { 1: { milk: 1 } } });
    await commit(store, { 10: { 0: { eggs: 3 } } });
    await commit(store, { 0: { 8: { apples: 2, milk: 5 }, 23: { tea: 1 } }, 9: { 7: { tea: 4 } } });
    expect(await readText(folder.output)).toBe(
      `${header}0,8,apples,2\n0,8,milk,5\n0,23,tea,1\n2,1,milk,1\n9,7,tea,4\n10,0,eggs,3\n`,
    );
  });

  it('replaces a day and leaves the others as they are, to the byte', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } }, 1: { 1: { b: 2 } }, 2: { 1: { c: 3 } } });
    await commit(store, { 1: { 5: { longer: 1000 }, 6: { rows: 7 } } });
    expect(await readText(folder.output)).toBe(
      `${header}0,1,a,1\n1,5,longer,1000\n1,6,rows,7\n2,1,c,3\n`,
    );
    await commit(store, { 1: {} });
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n2,1,c,3\n`);
  });

  it('quotes what RFC 4180 quotes, and reads it back', async () => {
    const { folder, store, another } = await makePlace();
    const names = [
      'plain',
      'a,b',
      'say "hi"',
      'two\nlines',
      'lone\rcr',
      '=SUM(A1)',
      ' spaced ',
      'é',
      '日本',
      '😀',
    ];
    const categories = Object.fromEntries(names.map((name, index) => [name, index + 1]));
    await commit(store, { 3: { 4: categories } });
    expect(await readText(folder.output)).toBe(
      `${header}3,4, spaced ,7\n3,4,=SUM(A1),6\n3,4,"a,b",2\n3,4,"lone\rcr",5\n3,4,plain,1\n3,4,"say ""hi""",3\n3,4,"two\nlines",4\n3,4,é,8\n3,4,日本,9\n3,4,😀,10\n`,
    );
    const state = await store.look();
    const rows = await rowsOfDay(store, state, '3');
    expect(
      Object.fromEntries((rows ?? []).map(({ category, items }) => [category, items])),
    ).toEqual(categories);
    // Without the ledger the file is parsed; it must come out as the same day.
    await rm(folder.root, { recursive: true });
    const adopted = await (await another()).look();
    expect(adopted.days.get(day('3'))?.sha256).toBe(state.days.get(day('3'))?.sha256);
  });

  it('leaves one record, no staged file and no copy of our own versions behind', async () => {
    const { folder, store } = await makePlace();
    for (const name of ['0', '1', '2']) await commit(store, { [name]: { 1: { a: 1 } } });
    expect(await listFolder(folder.staged)).toEqual([]);
    expect(await listFolder(folder.backup)).toEqual([]);
    expect(await listFolder(folder.commits)).toEqual(
      ['1', '2', '3'].map((version) => `${version.padStart(20, '0')}.json`),
    );
  });

  it('says unchanged where the head says it all, and stages nothing where only marks change', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const before = await stat(folder.output, { bigint: true });
    expect(await commit(store, { 0: { 1: { a: 1 } } })).toEqual({ kind: 'unchanged' });
    expect(await commit(store, {}, ['0'])).toMatchObject({ kind: 'committed', version: 2 });
    const after = await stat(folder.output, { bigint: true });
    expect(after).toEqual({
      ...before,
      atimeNs: after.atimeNs,
      atimeMs: after.atimeMs,
      atime: after.atime,
    });
    expect((await store.look()).ledger.get(day('0'))?.reprocess).toBe(true);
    // Made anew it loses the mark, though no byte changes.
    expect(await commit(store, { 0: { 1: { a: 1 } } })).toMatchObject({
      kind: 'committed',
      version: 3,
    });
    expect((await store.look()).ledger.get(day('0'))?.reprocess).toBe(false);
  });

  it('of one day does no more to the disk than it must', async () => {
    const { disk, counts } = createCountingDisk();
    const { store } = await makePlace(disk);
    await commit(store, { 0: { 1: { a: 1 } }, 1: { 1: { b: 1 } } });
    const base = await store.look();
    counts.reset();
    await store.commit(base, await changeTo(store, { 2: { 1: { c: 1 } } }), never);
    const stage = ['open', 'create', 'syncFolder'];
    const claim = ['identity', 'create', 'identity', 'link', 'remove', 'syncFolder', 'list'];
    const publish = ['list', 'link', 'exchange', 'identity', 'remove', 'syncFolder', 'remove'];
    expect(counts.calls).toEqual([...stage, ...claim, ...publish, 'identity']);
  });

  it('keeps the newest fifty records', async () => {
    const { folder, store } = await makePlace();
    for (let count = 1; count <= 53; count += 1) await commit(store, { 0: { 1: { a: count } } });
    const names = await listFolder(folder.commits);
    expect(names).toHaveLength(50);
    expect(names.sort()[0]).toBe(`${'4'.padStart(20, '0')}.json`);
  });
});

describe('of two writers', () => {
  it('exactly one wins a version; the other starts over and loses nothing', async () => {
    const { folder, store, another } = await makePlace();
    const other = await another();
    const [mine, theirs] = [await store.look(), await other.look()];
    const results = await Promise.all([
      store.commit(mine, await changeTo(store, { 0: { 1: { a: 1 } } }), never),
      other.commit(theirs, await changeTo(other, { 1: { 1: { b: 1 } } }), never),
    ]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['committed', 'conflict']);
    const loser = results[0]?.kind === 'conflict' ? store : other;
    await commit(
      loser,
      results[0]?.kind === 'conflict' ? { 0: { 1: { a: 1 } } } : { 1: { 1: { b: 1 } } },
    );
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n1,1,b,1\n`);
    expect(await listFolder(folder.staged)).toEqual([]);
  });

  it('one that staged before the other committed cannot publish', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const other = await another();
    const stale = await other.look();
    await commit(store, { 1: { 1: { b: 1 } } });
    const late = await other.commit(stale, await changeTo(other, { 2: { 1: { c: 1 } } }), never);
    expect(late.kind).toBe('conflict');
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n1,1,b,1\n`);
  });

  it('one that slept while its version was pruned does not publish into the past', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const sleeper: Disk = {
      ...nodeDisk,
      link: async (from, to) => {
        if (to.startsWith(folder.commits)) {
          for (let count = 2; count <= 60; count += 1)
            await commit(store, { 0: { 1: { a: count } } });
        }
        await nodeDisk.link(from, to);
      },
    };
    const other = await another(sleeper);
    const result = await other.commit(
      await other.look(),
      await changeTo(other, { 1: { 1: { b: 1 } } }),
      never,
    );
    expect(result.kind).toBe('conflict');
    expect(await readText(folder.output)).toBe(`${header}0,1,a,60\n`);
    expect((await store.look()).version).toBe(60);
    expect(await listFolder(folder.commits)).toHaveLength(50);
  });
});

describe('what someone else wrote', () => {
  it('is kept when it is replaced', async () => {
    const { folder, store } = await makePlace();
    const legacy = `${header}1,1,b,2\n0,1,a,1\n`;
    await writeOutput(folder, legacy);
    const result = await commit(store, { 2: { 1: { c: 3 } } });
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n1,1,b,2\n2,1,c,3\n`);
    const [copy] = await listFolder(folder.backup);
    expect(await readText(join(folder.backup, String(copy)))).toBe(legacy);
    expect(result).toMatchObject({ warnings: [expect.stringContaining(String(copy))] });
  });

  it('is kept even when the folder for it was deleted', async () => {
    const { folder, store } = await makePlace();
    const legacy = `${header}1,1,b,2\n0,1,a,1\n`;
    await writeOutput(folder, legacy);
    await rm(folder.backup, { recursive: true });
    expect(await commit(store, {})).toMatchObject({ kind: 'committed', unpublished: null });
    const [copy] = await listFolder(folder.backup);
    expect(await readText(join(folder.backup, String(copy)))).toBe(legacy);
  });

  it('is kept even when it comes between the look and the rename', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const edited = `${header}0,1,a,999\n`;
    const meddled: Disk = {
      ...nodeDisk,
      exchange: async (from, to) => {
        // After the commit point, just before the output is replaced.
        if (to === folder.output && existsSync(to)) {
          await writeFile(`${folder.output}.new`, edited);
          await rename(`${folder.output}.new`, folder.output);
        }
        await nodeDisk.exchange(from, to);
      },
    };
    const other = await another(meddled);
    await commit(other, { 1: { 1: { b: 1 } } });
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n1,1,b,1\n`);
    const [copy] = await listFolder(folder.backup);
    expect(await readText(join(folder.backup, String(copy)))).toBe(edited);
  });

  it('is kept when it is replaced, also if it was adopted as it lay there', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const theirs = `${header}0,1,a,1\n5,1,theirs,5\n`;
    await writeFile(`${folder.output}.new`, theirs);
    await rename(`${folder.output}.new`, folder.output);
    expect(await commit(store, {})).toMatchObject({ kind: 'committed', warnings: [] });
    expect(await readText(folder.output)).toBe(theirs);
    await commit(store, { 0: { 1: { a: 2 } } });
    await commit(store, { 0: { 1: { a: 3 } } });
    const copies = await listFolder(folder.backup);
    expect(await Promise.all(copies.map((name) => readText(join(folder.backup, name))))).toEqual([
      theirs,
    ]);
  });

  it('stops a commit that was made from what lay there before', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const base = await store.look();
    await writeOutput(folder, `${header}0,1,a,7\n`);
    const result = await store.commit(base, await changeTo(store, { 1: { 1: { b: 1 } } }), never);
    expect(result.kind).toBe('conflict');
    expect(await readText(folder.output)).toBe(`${header}0,1,a,7\n`);
  });
});

describe('a cancel', () => {
  it('before the commit point changes nothing', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const gate = createCommitGate();
    gate.stop('cancelled');
    const change = await changeTo(store, { 1: { 1: { b: 1 } } });
    const attempt = store.commit(await store.look(), change, gate);
    await expect(attempt).rejects.toBe('cancelled');
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n`);
    expect(await listFolder(folder.staged)).toEqual([]);
    expect((await store.look()).version).toBe(1);
  });
});

describe('a state folder that is deleted', () => {
  it('between look and commit costs a second try, and no data', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    await commit(store, { 1: { 1: { b: 1 } } });
    await rm(folder.root, { recursive: true });
    await commit(store, { 2: { 1: { c: 1 } } });
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n1,1,b,1\n2,1,c,1\n`);
  });
});

describe('opening', () => {
  it('refuses a link and a folder in the place of the output', async () => {
    const root = await makeTempDir();
    await writeFile(join(root, 'elsewhere.csv'), header);
    await symlink(join(root, 'elsewhere.csv'), join(root, 'orders.csv'));
    const open = (file: string) =>
      createOutputStore({ folder: stateFolderOf(join(root, file)), shape }).open();
    await expect(open('orders.csv')).rejects.toThrow(/is a symbolic link/);
    await expect(open('.')).rejects.toThrow(/is a folder, and not a file; .* DAYMARK_OUTPUT_FILE/);
  });

  it('refuses a file system without hard links', async () => {
    const folder = stateFolderOf(join(await makeTempDir(), 'orders.csv'));
    const disk: Disk = {
      ...nodeDisk,
      link: async () => {
        throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' });
      },
    };
    await expect(createOutputStore({ folder, shape, disk }).open()).rejects.toThrow(
      /does not allow hard links \(EPERM\)/,
    );
  });

  it.each([
    [
      'copies of hard links',
      (from: string, to: string) => copyFile(from, to, constants.COPYFILE_EXCL),
    ],
    [
      'links over names that are taken',
      async (from: string, to: string) => {
        await rm(to, { force: true });
        await nodeDisk.link(from, to);
      },
    ],
  ])('refuses a file system that makes %s', async (_, link) => {
    const folder = stateFolderOf(join(await makeTempDir(), 'orders.csv'));
    const store = createOutputStore({ folder, shape, disk: { ...nodeDisk, link } });
    await expect(store.open()).rejects.toThrow(/two writers could commit one version/);
    expect(await listFolder(folder.backup)).toEqual([]);
    expect(await listFolder(folder.staged)).toEqual([]);
  });
});
