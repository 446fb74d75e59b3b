/** Days are found wherever a template says that they lie, by the rules that hold for day folders. */

import { chmod, link, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RawStore } from '../../src/core/ports/raw.js';
import type { Day, LayoutName } from '../../src/model/day.js';
import { plainCsv } from '../../src/model/file-form.js';
import { asNobody, canBeRefused } from './permissions.js';
import { plant, type StoreOptions, storeOf, type Tree, templateAt } from './raw-root.js';

interface Where extends Pick<StoreOptions, 'requireSuccessFile' | 'restMs'> {
  readonly kind?: LayoutName;
}

/** Below the root of the test. */
function openAt(
  rawDir: string,
  below: string,
  { kind = 'date', ...options }: Where = {},
): RawStore {
  return storeOf(rawDir, { template: templateAt(rawDir, below, kind), ...options });
}

async function look(tree: Tree, below: string, where: Where = {}) {
  const rawDir = await plant(tree);
  const store = openAt(rawDir, below, where);
  const listing = await store.list();
  const days: Record<string, string[]> = {};
  for (const [day, raw] of listing.days) {
    expect(await store.settle(day)).toEqual(raw);
    days[day] = raw.files.map(({ name }) => name);
  }
  return { rawDir, store, listing, days };
}

const ignoredOf = (listing: { ignored: readonly { name: string; reason: string }[] }) =>
  listing.ignored.map(({ name }) => name);

describe('days are found', () => {
  const table: [below: string, tree: Tree, days: Record<string, string[]>][] = [
    [
      '{day}/*.csv{,.gz}',
      { '2026-11-23/a.csv': 'a', '2026-11-23/B.CSV.GZ': 'b', '2026-11-24': 'folder/' },
      { '2026-11-23': ['B.CSV.GZ', 'a.csv'], '2026-11-24': [] },
    ],
    ['dt={day}/*.csv', { 'dt=2026-11-23/a.csv': 'a' }, { '2026-11-23': ['a.csv'] }],
    ['region=eu/{day}/*.csv', { 'region=eu/2026-11-23/a.csv': 'a' }, { '2026-11-23': ['a.csv'] }],
    [
      'landing/basket_{day:yyyyMMdd}.csv',
      { 'landing/basket_20261123.csv': 'a', 'landing/basket_20261124.CSV': 'b' },
      { '2026-11-23': ['basket_20261123.csv'], '2026-11-24': ['basket_20261124.CSV'] },
    ],
    [
      'landing/basket_{day:yyyyMMdd}*.csv',
      { 'landing/basket_20261123.csv': 'a', 'landing/basket_20261123_b.csv': 'b' },
      { '2026-11-23': ['basket_20261123.csv', 'basket_20261123_b.csv'] },
    ],
    [
      '{day:yyyy/MM/dd}/part-*.csv',
      { '2026/11/23/part-0.csv': 'a', '2026/11/24/part-0.csv': 'b', '2027/01/01/part-7.csv': 'c' },
      { '2026-11-23': ['part-0.csv'], '2026-11-24': ['part-0.csv'], '2027-01-01': ['part-7.csv'] },
    ],
    [
      'year={day:yyyy}/month={day:MM}/day={day:dd}/*.csv',
      { 'year=2026/month=11/day=23/a.csv': 'a', 'year=2026/month=11/day=24/b.csv': 'b' },
      { '2026-11-23': ['a.csv'], '2026-11-24': ['b.csv'] },
    ],
    [
      '{day:yyyy}/orders_{day:dd.MM}.csv.gz',
      { '2026/orders_23.11.csv.gz': 'a' },
      { '2026-11-23': ['2026/orders_23.11.csv.gz'] },
    ],
    [
      'region=*/{day}/*.csv',
      { 'region=eu/2026-11-23/a.csv': 'a', 'region=us/2026-11-23/a.csv': 'bb' },
      { '2026-11-23': ['region=eu/2026-11-23/a.csv', 'region=us/2026-11-23/a.csv'] },
    ],
    [
      '{day}/hour=*/{a,b}-?.csv',
      {
        '2026-11-23/hour=08/a-1.csv': 'a',
        '2026-11-23/hour=09/b-2.csv': 'b',
        '2026-11-23/hour=09/c-2.csv': 'c',
        '2026-11-23/hour=09/b-22.csv': 'd',
      },
      { '2026-11-23': ['hour=08/a-1.csv', 'hour=09/b-2.csv'] },
    ],
  ];

  test.each(table)('by %s', async (below, tree, days) => {
    expect((await look(tree, below)).days).toEqual(days);
  });

  test('by numbers, whole: 12 is not 1 with a 2 behind it', async () => {
    const tree: Tree = { 'day12.csv': 'a', 'day03.csv': 'b', 'day3_x.csv': 'c', 'day.csv': 'd' };
    const { days, listing } = await look(tree, 'day{day}*.csv', { kind: 'index' });
    expect(days).toEqual({ '3': ['day3_x.csv'], '12': ['day12.csv'] });
    expect(listing.ignored).toMatchObject([
      { name: 'day.csv', likelyDay: null },
      { name: 'day03.csv', likelyDay: '3' },
    ]);
  });

  test('in a path that holds the signs of templates, by a template that escapes them', async () => {
    const tree: Tree = { 'a{b*?,c}/2026-11-23/x.csv': 'x' };
    const { days } = await look(tree, 'a\\{b\\*\\?,c\\}/{day}/*.csv');
    expect(days).toEqual({ '2026-11-23': ['x.csv'] });
    const rawDir = await plant({ 'a{b*?,c}/{day}/3/x.csv': 'x' });
    expect([...(await storeOf(join(rawDir, 'a{b*?,c}/{day}')).list()).days.keys()]).toEqual(['3']);
  });

  test('with paths that lead to the files', async () => {
    const tree: Tree = { '2026/11/23/part-0.csv': 'a' };
    const { rawDir, listing } = await look(tree, '{day:yyyy/MM/dd}/part-*.csv');
    const [raw] = listing.days.values();
    expect(raw?.files).toMatchObject([
      { name: 'part-0.csv', path: join(rawDir, '2026/11/23/part-0.csv'), form: plainCsv },
    ]);
  });
});

describe('what is no day is told', () => {
  const flat = 'basket_{day:yyyyMMdd}.csv';
  const table: [below: string, tree: Tree, name: string, likely: string | null, reason: RegExp][] =
    [
      [
        'dt={day}/*.csv',
        { 'dt=2026-02-30': 'folder/' },
        'dt=2026-02-30',
        null,
        /named dt=\{day\}, such as dt=2026-11-23\.$/,
      ],
      [
        'dt={day}/*.csv',
        { '2026-11-23': 'folder/' },
        '2026-11-23',
        '2026-11-23',
        /named dt=\{day\}/,
      ],
      [
        'dt={day}/*.csv',
        { 'DT=20261123': 'folder/' },
        'DT=20261123',
        '2026-11-23',
        /named dt=\{day\}/,
      ],
      [
        'dt={day}/*.csv',
        { '_dt=2026-11-23': 'folder/' },
        '_dt=2026-11-23',
        null,
        /begins with \. or _/,
      ],
      [
        flat,
        { 'basket_20261123.csv.zip': '' },
        'basket_20261123.csv.zip',
        '2026-11-23',
        /does not end with \.csv, as files of a day do/,
      ],
      [
        flat,
        { 'Basket_20261123.csv': '' },
        'Basket_20261123.csv',
        '2026-11-23',
        /named basket_\{day:yyyyMMdd\}\.csv, such as basket_20261123\.csv/,
      ],
      [flat, { 'basket_2026-11-23.csv': '' }, 'basket_2026-11-23.csv', '2026-11-23', /such as/],
      [flat, { 'basket_20260231.csv': '' }, 'basket_20260231.csv', null, /such as/],
      [
        '{day:yyyy/MM/dd}/*.csv',
        { '2026/13/23/a.csv': '' },
        '2026/13',
        null,
        /leads to no day: a folder on the way is named \{day:MM\}, such as 11/,
      ],
      [
        '{day:yyyy/MM/dd}/*.csv',
        { '2026/11/31/a.csv': '' },
        '2026/11/31',
        null,
        /is not a day: a day is named \{day:dd\}, such as 23/,
      ],
      ['{day:yyyy/MM/dd}/*.csv', { '2026': 'x' }, '2026', null, /is not a folder/],
      [
        '{day:yyyy/MM/dd}/*.csv',
        { '../out/11/23/a.csv': '', '2026': { link: '../out' } },
        '2026',
        null,
        /leads out of the raw root/,
      ],
      [
        '*{day}*/*.csv',
        { 'at 2026-11-23 for 2026-11-24': 'folder/' },
        'at 2026-11-23 for 2026-11-24',
        null,
        /more than one day \(2026-11-23, 2026-11-24\)/,
      ],
    ];

  test.each(table)('%s, %o', async (below, tree, name, likely, reason) => {
    const { days, listing } = await look({ ...tree, 'fits/x': '' }, below);
    expect(days).toEqual({});
    expect(listing.ignored.find((each) => each.name === name)).toEqual({
      name,
      likelyDay: likely,
      kind: expect.anything(),
      reason: expect.stringMatching(reason),
    });
  });
});

describe('where no day fits, the template that was meant is told', () => {
  const table: [below: string, tree: Tree, meant: string][] = [
    ['{day}/*.csv', { 'day=2026-11-23/a.csv': '' }, 'day={day}/*.csv'],
    ['{day}/*.csv', { '20261123/a.csv': '' }, '{day:yyyyMMdd}/*.csv'],
    ['{day}/*.csv', { '2026_11_23/a.csv': '' }, '{day:yyyy_MM_dd}/*.csv'],
    ['{day}/x*.csv', { '2026/11/23/xa.csv': '' }, '{day:yyyy/MM/dd}/x*.csv'],
    ['{day}/*.csv', { 'y=2026/m=11/d=23/a.csv': '' }, 'y={day:yyyy}/m={day:MM}/d={day:dd}/*.csv'],
    ['{day}/*.csv', { 'orders_20261123.csv': '' }, 'orders_{day:yyyyMMdd}.csv'],
    ['b_{day:yyyyMMdd}.csv', { '2026-11-23/a.csv': '' }, '{day}/*.csv{,.gz}'],
    ['dt={day}/*.csv', { 'other*/x': '', '2026-11-23/a.csv': '' }, '{day}/*.csv'],
    ['region=*/{day}/*.csv', { 'region=eu/dt=2026-11-23/a.csv': '' }, 'region=*/dt={day}/*.csv'],
  ];

  test.each(table)('%s, %o: %s', async (below, tree, meant) => {
    const { listing, rawDir, days } = await look(tree, below);
    expect(days).toEqual({});
    const told = `Did you mean \`raw: ${rawDir}/${meant}\`?`;
    expect(listing.ignored.every(({ reason }) => reason.endsWith(told))).toBe(true);
    expect(listing.ignored.length).toBeGreaterThan(0);
    // It is right.
    expect([...(await openAt(rawDir, meant).list()).days.keys()]).toEqual(['2026-11-23']);
  });

  test('numbers as well', async () => {
    const { listing } = await look({ 'day=3/a.csv': '' }, '{day}/*.csv', { kind: 'index' });
    expect(listing.ignored[0]?.reason).toMatch(/`raw: .*\/raw\/day=\{day\}\/\*\.csv`\?$/);
  });

  test.each<[tree: Tree]>([
    [{ '2026-11-23/a.csv': '', 'day=2026-11-24/a.csv': '' }],
    [{ orders: 'folder/', '2026': 'folder/' }],
    [{ '2026/11/31/a.csv': '' }],
  ])('and none where a day fits, or no template would: %o', async (tree) => {
    const { listing } = await look(tree, '{day}/*.csv');
    expect(listing.ignored.map(({ reason }) => reason).join()).not.toContain('Did you mean');
  });
});

describe('files of a day', () => {
  test('are refused, as ever, where they are none or lead out of the root', async () => {
    const tree: Tree = {
      '../x': 'x',
      'b_20261123.csv': 'fifo/',
      'b_20261124.csv': { link: '../x' },
      'b_20261125.csv': { link: 'gone' },
      'b_20261126.csv': 'folder/',
      'store/x': 'four',
      'b_20261127.csv': { link: 'store/x' },
    };
    const { listing, days, rawDir } = await look(tree, 'b_{day:yyyyMMdd}.csv');
    expect(days).toMatchObject({ '2026-11-23': [], '2026-11-24': [], '2026-11-25': [] });
    const refused = [...listing.days.values()].flatMap((raw) => raw.refused);
    expect(refused.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('is a FIFO'),
      expect.stringContaining('leads out of the raw root'),
      expect.stringContaining('cannot be followed'),
      expect.stringContaining('is a folder'),
    ]);
    const linked = listing.days.get('2026-11-27' as Day);
    expect(linked?.files).toMatchObject([{ path: join(rawDir, 'store/x'), sizeBytes: 4 }]);
  });

  test('count once, in whichever of the folders of a day they have a second name', async () => {
    const rawDir = await plant({ 'eu/2026-11-23/a.csv': 'a', 'us/2026-11-23': 'folder/' });
    await link(join(rawDir, 'eu/2026-11-23/a.csv'), join(rawDir, 'us/2026-11-23/b.csv'));
    const store = openAt(rawDir, '*/{day}/*.csv');
    const [raw] = (await store.list()).days.values();
    expect(raw?.files.map(({ name }) => name)).toEqual(['eu/2026-11-23/a.csv']);
    expect(raw?.refused).toMatchObject([{ name: 'us/2026-11-23/b.csv' }]);
  });

  test('lie behind links to folders within the root, and not outside', async () => {
    const tree: Tree = {
      '../out/a.csv': 'x',
      'store/08/a.csv': 'x',
      '2026-11-23/08': { link: '../store/08' },
      '2026-11-24/08': { link: '../../out' },
      '2026-11-24/09/a.csv': 'x',
      '2026-11-24/README': 'x',
    };
    const { listing, days } = await look(tree, '{day}/*/*.csv');
    expect(days).toEqual({ '2026-11-23': ['08/a.csv'], '2026-11-24': ['09/a.csv'] });
    const raw = listing.days.get('2026-11-24' as Day);
    expect(raw?.refused).toEqual([
      { name: '08', reason: 'It is a link that leads out of the raw root. Fix or remove it.' },
    ]);
    expect(raw?.unread).toMatchObject([
      { name: 'README', reason: expect.stringContaining('named like a folder of the day') },
    ]);
  });

  test('that are named otherwise are told, with the names that count', async () => {
    const tree: Tree = {
      '2026-11-23/h=1/a.csv': '',
      '2026-11-23/h=1/part-0.csv.gz': '',
      '2026-11-23/h=1/deep/part-0.csv': '',
      '2026-11-23/part-1.csv': '',
      '2026-11-23/x/part-0.csv': '',
      '2026-11-23/h=1/_tmp.csv': '',
    };
    const { listing } = await look(tree, '{day}/h=*/part-*.csv');
    const [raw] = listing.days.values();
    expect(raw).toMatchObject({ ready: false, files: [] });
    expect(raw?.waitsFor).toMatch(/^a file named h=\*\/part-\*\.csv \(not read: h=1\/a\.csv, /);
    const reasons = Object.fromEntries(raw?.unread.map((each) => [each.name, each.reason]) ?? []);
    const left = 'It is left out: files of a day are named h=*/part-*.csv.';
    expect(reasons).toEqual({
      'h=1/a.csv': expect.stringContaining(left),
      'h=1/part-0.csv.gz': expect.stringMatching(/^It ends with \.csv\.gz; files .* Bring it into/),
      'h=1/deep': expect.stringContaining('files must lie directly in h=*. Move'),
      'part-1.csv': expect.stringContaining(left),
      x: expect.stringContaining('folders of a day are named h=* here'),
    });
  });

  test('are waited for, with _SUCCESS in the day folder where that is required', async () => {
    const tree: Tree = {
      '2026/11/23/h=1/a.csv': 'a',
      '2026/11/24/h=1/a.csv': 'a',
      '2026/11/24/_SUCCESS': '',
      '2026/11/25/h=1/_SUCCESS': '',
      '2026/11/25/h=1/a.csv': '',
    };
    const { listing } = await look(tree, '{day:yyyy/MM/dd}/h=*/*.csv', {
      requireSuccessFile: true,
    });
    const readiness = [...listing.days].map(([day, { ready, complete }]) => [day, ready, complete]);
    expect(readiness).toEqual([
      ['2026-11-23', false, false],
      ['2026-11-24', true, true],
      ['2026-11-25', false, false],
    ]);
    expect(() => openAt('/r', 'b_{day:yyyyMMdd}.csv', { requireSuccessFile: true })).toThrow(
      '_SUCCESS',
    );
  });
});

describe.skipIf(!canBeRefused)('without permission', () => {
  const asked = async (rawDir: string, below: string) => {
    await chmod(join(rawDir, '..'), 0o755);
    return asNobody(() =>
      openAt(rawDir, below)
        .list()
        .catch((error: Error) => error.message),
    );
  };

  test('a folder on the way to days makes all of them unknown', async () => {
    const rawDir = await plant({ '2026/11/23/a.csv': 'a', '2025/11/23/a.csv': 'a' });
    await chmod(join(rawDir, '2026/11'), 0);
    expect(await asked(rawDir, '{day:yyyy/MM/dd}/*.csv')).toBe(
      `A folder of the raw root, ${rawDir}/2026/11, cannot be read: permission denied (EACCES).`,
    );
  });

  test.each([
    [
      '2026-11-23',
      "The day's folder cannot be read: permission denied (EACCES). Fix its permissions.",
    ],
    [
      '2026-11-23/h=1',
      'This folder of the day cannot be read: permission denied (EACCES). Fix its permissions.',
    ],
  ])('the folder %s makes that day fail, and no other', async (folder, reason) => {
    const rawDir = await plant({ '2026-11-23/h=1/a.csv': 'a', '2026-11-24/h=1/a.csv': 'a' });
    await chmod(join(rawDir, folder), 0);
    const listing = await asked(rawDir, '{day}/h=*/*.csv');
    if (typeof listing === 'string') throw new Error(listing);
    const [broken, whole] = listing.days.values();
    expect(broken).toMatchObject({ ready: true, files: [], refused: [{ reason }] });
    expect(whole).toMatchObject({ ready: true, refused: [] });
  });
});

test('a folder that was moved, with a link in its place, is known by where it lies now', async () => {
  const tree: Tree = { '2026/11/23/a.csv': 'a', '2026/11/24/a.csv': 'a' };
  const rawDir = await plant(tree);
  const store = openAt(rawDir, '{day:yyyy/MM/dd}/*.csv', { restMs: 25 });
  await sleep(40);
  await store.list();
  await rename(join(rawDir, '2026'), join(rawDir, '_2026'));
  await symlink('_2026', join(rawDir, '2026'));
  const paths = [...(await store.list()).days.values()].map(({ files }) => files[0]?.path);
  expect(paths).toEqual([join(rawDir, '_2026/11/23/a.csv'), join(rawDir, '_2026/11/24/a.csv')]);
});

test('settling finds no day where its place leads elsewhere, or is gone', async () => {
  const { store, rawDir } = await look({ '2026/11/23/a.csv': 'a' }, '{day:yyyy/MM/dd}/*.csv');
  expect((await store.settle('2026-11-23' as Day))?.files).toHaveLength(1);
  expect(await store.settle('2026-11-24' as Day)).toBeNull();
  await rm(join(rawDir, '2026'), { recursive: true });
  expect(await store.settle('2026-11-23' as Day)).toBeNull();
  await mkdir(join(rawDir, '../out/11/23'), { recursive: true });
  await writeFile(join(rawDir, '../out/11/23/a.csv'), 'a');
  await symlink('../out', join(rawDir, '2026'));
  expect(await store.settle('2026-11-23' as Day)).toBeNull();
  expect(ignoredOf(await store.list())).toEqual(['2026']);
});
