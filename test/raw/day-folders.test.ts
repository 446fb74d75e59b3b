import { chmod, mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../src/model/problems.js';
import { asNobody, canBeRefused } from './permissions.js';
import { plant, type StoreOptions, storeOf, type Tree } from './raw-root.js';

async function list(tree: Tree, options?: StoreOptions) {
  const { days, ignored } = await storeOf(await plant(tree), options).list();
  return { days: [...days.keys()], ignored };
}

const noIndex =
  'Its name is not a day: a day is a non-negative integer without leading zeros, such as 3.';
const noDate = 'Its name is not a day: a day is a calendar date, such as 2026-11-23.';
const hidden = 'Its name begins with . or _, which marks it as not data.';
const leadsOut = 'It is a link that leads out of the raw root.';

describe('days of the raw root', () => {
  test('are its folders with the name of a day, in numeric order', async () => {
    const tree: Tree = { '10': 'folder/', '9': 'folder/', '0/a.csv': '', '2': 'folder/' };
    expect(await list(tree)).toEqual({ days: ['0', '2', '9', '10'], ignored: [] });
  });

  test('are calendar dates in the date layout', async () => {
    const tree: Tree = {
      '2026-12-01': 'folder/',
      '2026-11-23': 'folder/',
      '2026-02-30': 'folder/',
    };
    expect(await list(tree, { layout: 'date' })).toEqual({
      days: ['2026-11-23', '2026-12-01'],
      ignored: [{ name: '2026-02-30', reason: noDate, kind: 'folder', likelyDay: null }],
    });
  });

  test('may be links to folders within the root', async () => {
    const tree: Tree = { 'store/monday/a.csv': 'x', '3': { link: 'store/monday' } };
    const rawDir = await plant(tree);
    const { days, ignored } = await storeOf(rawDir).list();
    const file = [...days.values()][0]?.files[0];
    expect(file?.path).toBe(join(rawDir, 'store/monday/a.csv'));
    expect(ignored).toMatchObject([{ name: 'store', reason: noIndex, kind: 'folder' }]);
  });

  test('are found where the root itself is a link', async () => {
    const rawDir = await plant({ '3/a.csv': 'x' });
    const link = join(rawDir, '..', 'link');
    await symlink(rawDir, link);
    const store = storeOf(link);
    const [raw] = (await store.list()).days.values();
    expect(raw?.files[0]?.path).toBe(join(rawDir, '3/a.csv'));
    expect(await store.settle(raw?.day as never)).toEqual(raw);
  });

  test('are none in an empty root', async () => {
    expect(await list({})).toEqual({ days: [], ignored: [] });
  });

  test('are looked at by the thousand', async () => {
    const names = Array.from({ length: 500 }, (_, index) => String(index));
    const rawDir = await plant({});
    for (const name of names) {
      await mkdir(join(rawDir, name));
      await writeFile(join(rawDir, name, 'a.csv'), name);
    }
    const { days } = await storeOf(rawDir).list();
    expect([...days.keys()]).toEqual(names);
    expect([...days.values()].every(({ ready }) => ready)).toBe(true);
  });
});

describe('what is no day is ignored, with a reason', () => {
  const table: [what: string, tree: Tree, name: string, reason: string][] = [
    ['another name', { orders: 'folder/' }, 'orders', noIndex],
    ['a leading zero', { '03': 'folder/' }, '03', noIndex],
    ['a blank', { ' 3': 'folder/' }, ' 3', noIndex],
    ['a line end', { '3\n': 'folder/' }, '3\n', noIndex],
    ['digits of another script', { '٣': 'folder/' }, '٣', noIndex],
    ['a negative number', { '-1': 'folder/' }, '-1', noIndex],
    ['a number too large', { '99999999999999999999': 'folder/' }, '99999999999999999999', noIndex],
    ['a hidden name', { '.3': 'folder/' }, '.3', hidden],
    ['an underscored name', { _SUCCESS: '' }, '_SUCCESS', hidden],
    ['two dots and more', { '..3': 'folder/' }, '..3', hidden],
    ['a plain file', { '3': 'x' }, '3', 'It is named like a day, but is not a folder.'],
    ['a FIFO', { '3': 'fifo/' }, '3', 'It is named like a day, but is not a folder.'],
    [
      'a link to a file',
      { '2/a': '', '3': { link: '2/a' } },
      '3',
      'It is a link to something that is not a folder.',
    ],
    ['a link out of the root', { '../out/a.csv': '', '3': { link: '../out' } }, '3', leadsOut],
    [
      'a link to a neighbour whose name begins like the root',
      { '../raw2/a.csv': '', '3': { link: '../raw2' } },
      '3',
      leadsOut,
    ],
    ['a link to the root itself', { '3': { link: '.' } }, '3', leadsOut],
    [
      'a broken link',
      { '3': { link: 'nowhere' } },
      '3',
      'It is a link that cannot be followed: no such file or directory (ENOENT).',
    ],
    [
      'a link to itself',
      { '3': { link: '3' } },
      '3',
      'It is a link that cannot be followed: too many symbolic links encountered (ELOOP).',
    ],
  ];

  test.each(table)('%s', async (_, tree, name, reason) => {
    const { days, ignored } = await list({ ...tree, '7/a.csv': 'x' });
    expect(days).toContain('7');
    expect(days).not.toContain(name);
    expect(ignored).toMatchObject([{ name, reason }]);
  });

  test('a name that is not UTF-8', async () => {
    const rawDir = await plant({ '7/a.csv': 'x' });
    await mkdir(Buffer.concat([Buffer.from(`${rawDir}/3`), Buffer.from([0xe9])]));
    const { days, ignored } = await storeOf(rawDir).list();
    expect([...days.keys()]).toEqual(['7']);
    expect(ignored).toMatchObject([{ name: '3\ufffd', reason: noIndex, kind: 'folder' }]);
  });
});

describe('what is ignored is told by its kind', () => {
  const table: [what: string, tree: Tree, kind: string][] = [
    ['a folder', { orders: 'folder/' }, 'folder'],
    ['a file', { 'orders.csv': '' }, 'file'],
    ['a FIFO', { orders: 'fifo/' }, 'other'],
    ['a file that is named like a day', { '3': '' }, 'file'],
    ['a link, wherever it leads', { '7/a.csv': 'x', latest: { link: '7' } }, 'other'],
    [
      'a link to a folder elsewhere, named like a day',
      { '../o/a': '', '3': { link: '../o' } },
      'folder',
    ],
    ['a link to a file elsewhere, named like a day', { '../o': '', '3': { link: '../o' } }, 'file'],
    ['a broken link that is named like a day', { '3': { link: 'gone' } }, 'other'],
    ['a hidden folder', { '.landing/a.csv': '' }, 'marked'],
    ['a folder with an underscore', { '_old/a.csv': '' }, 'marked'],
    ['what a file system keeps at its root', { 'lost+found': 'folder/' }, 'marked'],
    ['what Windows keeps in a folder', { 'Thumbs.db': '' }, 'marked'],
  ];

  test.each(table)('%s', async (_, tree, kind) => {
    expect((await list(tree)).ignored).toMatchObject([{ kind }]);
  });
});

describe('what a name nearly says is told', () => {
  const table: [layout: 'index' | 'date', name: string, likely: string | null][] = [
    ['index', 'day=0', '0'],
    ['index', 'dt=12', '12'],
    ['index', 'order_dow=06', '6'],
    ['index', '01', '1'],
    ['index', '000', '0'],
    ['index', ' 3 ', '3'],
    ['index', 'day3', '3'],
    ['index', 'Day_3', '3'],
    ['index', '3.csv', '3'],
    ['index', '3.csv.gz', '3'],
    ['index', 'orders', null],
    ['index', 'day', null],
    ['index', 'v2', null],
    ['index', '-1', null],
    ['index', '99999999999999999999', null],
    ['index', 'dt=2026-11-23', null],
    ['date', 'dt=2026-11-23', '2026-11-23'],
    ['date', 'order_date=20261123', '2026-11-23'],
    ['date', '20261123', '2026-11-23'],
    ['date', '2026-11-3', '2026-11-03'],
    ['date', '2026-1-3', '2026-01-03'],
    ['date', '2026_11_23', '2026-11-23'],
    ['date', '2026.11.23', '2026-11-23'],
    ['date', '2026-11-23T00:00:00Z', '2026-11-23'],
    ['date', '2026-11-23 00:00', '2026-11-23'],
    ['date', '2026-11-23.csv', '2026-11-23'],
    ['date', '2026-02-30', null],
    ['date', '20260230', null],
    ['date', '2026-11', null],
    ['date', '3', null],
  ];

  test.each(table)('%s: %s', async (layout, name, likely) => {
    const { days, ignored } = await list({ [name]: 'folder/' }, { layout });
    expect(days).toEqual([]);
    expect(ignored).toMatchObject([{ name, likelyDay: likely }]);
  });
});

test('a listing names the device of the root, links resolved', async () => {
  const rawDir = await plant({ '3/a.csv': 'x' });
  await symlink(rawDir, join(rawDir, '..', 'link'));
  const { dev } = await stat(rawDir, { bigint: true });
  expect(await storeOf(rawDir).list()).toMatchObject({ device: String(dev) });
  expect(await storeOf(join(rawDir, '..', 'link')).list()).toMatchObject({ device: String(dev) });
});

describe('a raw root that cannot be read is a problem of its own', () => {
  const failure = async (rawDir: string) => {
    const store = storeOf(rawDir);
    const error = await store.list().catch((error: unknown) => error);
    await expect(store.settle('3' as never)).rejects.toBeInstanceOf(ProblemError);
    return error;
  };

  test('because it is missing', async () => {
    const rawDir = await plant({});
    await rm(rawDir, { recursive: true });
    const message = `The raw root ${rawDir} cannot be read: no such file or directory (ENOENT).`;
    expect(await failure(rawDir)).toMatchObject({ slug: 'raw-unavailable', message });
  });

  test('because it is a file', async () => {
    const rawDir = join(await plant({ file: '' }), 'file');
    const error = await storeOf(rawDir)
      .list()
      .catch((error: unknown) => error);
    expect(error).toMatchObject({
      slug: 'raw-unavailable',
      message: `The raw root ${rawDir} cannot be read: not a directory (ENOTDIR).`,
    });
  });

  test.skipIf(!canBeRefused)('because its permissions forbid it', async () => {
    const rawDir = await plant({ '3/a.csv': 'x' });
    await chmod(join(rawDir, '..'), 0o755);
    for (const mode of [0, 0o444]) {
      await chmod(rawDir, mode);
      const error = await asNobody(() => failure(rawDir));
      expect(error).toMatchObject({
        slug: 'raw-unavailable',
        message: `The raw root ${rawDir} cannot be read: permission denied (EACCES).`,
      });
    }
  });
});
