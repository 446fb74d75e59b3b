import { chmod, link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RawDay } from '../../src/core/ports/raw.js';
import type { Day } from '../../src/model/day.js';
import { asNobody, canBeRefused } from './permissions.js';
import { plant, type StoreOptions, storeOf, type Tree } from './raw-root.js';

const day = '3' as Day;

async function lookAt(rawDir: string, options?: StoreOptions): Promise<RawDay> {
  const store = storeOf(rawDir, options);
  const listed = (await store.list()).days.get(day);
  if (listed === undefined) throw new Error('day 3 was not listed');
  expect(await store.settle(day)).toEqual(listed);
  return listed;
}

async function look(tree: Tree, options?: StoreOptions): Promise<RawDay> {
  return lookAt(await plant(tree), options);
}

const names = (raw: RawDay) => raw.files.map(({ name }) => name);

describe('the files of a day', () => {
  test('are those named .csv and .csv.gz, by name, with their size and time', async () => {
    const rawDir = await plant({ '3/b.csv': 'four', '3/a.csv.gz': 'gz', '3/B.csv': '' });
    const { mtimeNs, ctimeNs, ino } = await stat(join(rawDir, '3/b.csv'), { bigint: true });
    const raw = await lookAt(rawDir);
    expect(names(raw)).toEqual(['B.csv', 'a.csv.gz', 'b.csv']);
    expect(raw.files[2]).toEqual({
      name: 'b.csv',
      path: join(rawDir, '3/b.csv'),
      sizeBytes: 4,
      mtimeNs: String(mtimeNs),
      form: { format: 'csv', compression: 'none' },
    });
    expect(raw.files[1]).toMatchObject({
      sizeBytes: 2,
      form: { format: 'csv', compression: 'gzip' },
    });
    expect(raw.fingerprint[2]).toEqual({
      ...{ name: 'b.csv', sizeBytes: 4, mtimeNs: String(mtimeNs) },
      ...{ ctimeNs: String(ctimeNs), ino: String(ino) },
    });
    expect((await lookAt(rawDir, { withChangeTimes: false })).fingerprint).toEqual(
      raw.files.map(({ name, sizeBytes, mtimeNs }) => ({ name, sizeBytes, mtimeNs })),
    );
    expect(raw).toMatchObject({ day: '3', ready: true, refused: [] });
  });

  test.each([
    ['a.CSV', false],
    ['A.Csv', false],
    ['a.csv.GZ', true],
    ['a.CSV.gz', true],
    ['A.CSV.GZ', true],
  ])('may be named in upper case: %s', async (name, isGzip) => {
    expect(await look({ [`3/${name}`]: 'x' })).toMatchObject({
      ready: true,
      files: [{ name, form: { format: 'csv', compression: isGzip ? 'gzip' : 'none' } }],
      unread: [],
    });
  });

  test.each([
    '.a.csv',
    '_a.csv',
    '_a.CSV',
    '~$a.csv',
    '~$A.CSV',
    'a.csv.md5',
    'a.csv.gz.SHA256',
    'Thumbs.db',
    'desktop.ini',
    '@eaDir',
    '_SUCCESS',
    '.csv',
    '.hour=08',
  ])('do not include %s, which is known to be no data', async (name) => {
    const raw = await look({ [`3/${name}`]: 'x' });
    expect(raw).toMatchObject({ ready: false, files: [], refused: [], fingerprint: [] });
    expect(raw.unread).toEqual([]);
    expect(raw.waitsFor).toBe('a file that ends with .csv or .csv.gz');
  });

  const unread: [node: 'x' | 'folder/', name: string, reason: RegExp][] = [
    ['x', 'a.parquet', /^It ends with \.parquet; files of a day end with \.csv or \.csv\.gz\. /],
    ['x', 'a.txt', /^It ends with \.txt; files of a day end with .* begin its name with _ /],
    ['x', 'a.gz', /^It ends with \.gz alone; .* Rename it/],
    ['x', 'a.csv.zip', /^It ends with \.zip; .* Unpack it, or pack it with gzip/],
    ['x', 'a.csv.zst', /^It ends with \.csv\.zst; .* Bring it into that form/],
    ['x', 'a.csv~', /^It ends with ~, as backups of editors do; .* Remove it/],
    ['x', 'a.csv.bak', /^It ends with \.bak, as backups of editors do; /],
    ['x', 'a.csv.tmp', /^It ends with \.tmp, as files do that are not complete yet; .* when it is/],
    ['x', 'a.csv.part', /^It ends with \.part, as files do that are not complete yet; /],
    [
      'x',
      'a.csv.CRDOWNLOAD',
      /^It ends with \.CRDOWNLOAD, as files do that are not complete yet; /,
    ],
    ['x', 'csv', /^Its name does not end with \.csv or \.csv\.gz, .* Rename it/],
    ['x', 'part-00000', /^Its name does not end with \.csv or \.csv\.gz, /],
    ['x', 'a.csv ', /^Its name does not end with \.csv or \.csv\.gz, /],
    ['folder/', 'hour=08', /^It is a folder; files must lie directly in the day's folder\. Move /],
    ['folder/', 'a.parquet', /^It is a folder; /],
  ];

  test.each(unread)('%s %s is not read, and told', async (node, name, reason) => {
    const alone = await look({ [`3/${name}`]: node });
    expect(alone).toMatchObject({ ready: false, files: [], refused: [], fingerprint: [] });
    expect(alone.unread).toEqual([{ name, reason: expect.stringMatching(reason) }]);
    expect(alone.waitsFor).toBe(`a file that ends with .csv or .csv.gz (not read: ${name})`);
    const beside = await look({ [`3/${name}`]: node, '3/orders.csv': 'x' });
    expect(beside).toMatchObject({ ready: true, waitsFor: null, unread: alone.unread });
    expect(names(beside)).toEqual(['orders.csv']);
  });

  test('what is not read is told whatever its name is made of', async () => {
    const rawDir = await plant({ '3/a.csv': 'x' });
    const bytes = Buffer.from([0x62, 0xe9, 0x2e, 0x74]);
    await writeFile(Buffer.concat([Buffer.from(`${rawDir}/3/`), bytes]), 'x');
    expect((await lookAt(rawDir)).unread).toEqual([
      { name: 'b\ufffd.t', reason: 'Its name is not valid UTF-8; rename it.' },
    ]);
  });

  test('do not include what lies in folders below', async () => {
    const raw = await look({ '3/a.csv': '', '3/more/b.csv': '' });
    expect(names(raw)).toEqual(['a.csv']);
    expect(raw.unread).toMatchObject([{ name: 'more' }]);
  });

  test('are waited for in words: by the first names of what is not read', async () => {
    const tree = { '3/a.xml': '', '3/b.xml': '', '3/c.xml': '', '3/d.xml': '', '3/e.xml': '' };
    expect((await look(tree)).waitsFor).toBe(
      'a file that ends with .csv or .csv.gz (not read: a.xml, b.xml, c.xml and 2 more)',
    );
  });

  test('may have names that look like paths or hold line ends', async () => {
    const raw = await look({ '3/..a.csv': '', '3/a\nb.csv': '', '3/a b é.csv': '', '3/-.csv': '' });
    expect(names(raw)).toEqual(['-.csv', 'a\nb.csv', 'a b é.csv']);
  });

  test('may be links to files within the root', async () => {
    const rawDir = await plant({ 'store/x.bin': 'four', '3/a.csv': { link: '../store/x.bin' } });
    const raw = await lookAt(rawDir);
    expect(raw.files).toMatchObject([
      { name: 'a.csv', path: join(rawDir, 'store/x.bin'), sizeBytes: 4 },
    ]);
  });

  test('are none while the folder is empty', async () => {
    const raw = await look({ '3': 'folder/' });
    expect(raw).toMatchObject({ ready: false, files: [], refused: [], unread: [] });
    expect(raw.waitsFor).toBe('a file that ends with .csv or .csv.gz (its folder is empty)');
  });

  test('are not ready before _SUCCESS, where that is required', async () => {
    const options = { requireSuccessFile: true };
    const success = 'the file _SUCCESS in its folder';
    const file = 'a file that ends with .csv or .csv.gz';
    const lacks = async (tree: Tree) => {
      const { ready, waitsFor } = await look(tree, options);
      return { ready, waitsFor };
    };
    expect(await lacks({ '3/a.csv': '' })).toEqual({ ready: false, waitsFor: success });
    expect(await lacks({ '3/_SUCCESS': '' })).toEqual({ ready: false, waitsFor: file });
    expect(await lacks({ '3': 'folder/' })).toEqual({
      ready: false,
      waitsFor: `${file} (its folder is empty) and ${success}`,
    });
    expect(await lacks({ '3/a.csv': '', '3/_SUCCESS': '' })).toEqual({
      ready: true,
      waitsFor: null,
    });
  });
});

test('_SUCCESS beside the files is told, required or not', async () => {
  expect(await look({ '3/a.csv': '' })).toMatchObject({ ready: true, complete: false });
  expect(await look({ '3/a.csv': '', '3/_SUCCESS': '' })).toMatchObject({ complete: true });
});

describe('an entry named like data that must not be read is refused', () => {
  const table: [what: string, tree: Tree, reason: string][] = [
    [
      'a folder',
      { '3/x.csv/a.csv': '' },
      'It is named like data, but is a folder; rename or remove it.',
    ],
    [
      'a FIFO',
      { '3/x.csv': 'fifo/' },
      'It is named like data, but is a FIFO; rename or remove it.',
    ],
    [
      'a device',
      { '3/x.csv': { link: '/dev/null' } },
      'It is a link that leads out of the raw root; put the file itself there.',
    ],
    [
      'a link out of the root',
      { '../x': '', '3/x.csv': { link: '../../x' } },
      'It is a link that leads out of the raw root; put the file itself there.',
    ],
    [
      'a link to a folder',
      { '2/a': '', '3/x.csv': { link: '../2' } },
      'It is named like data, but is a folder; rename or remove it.',
    ],
    [
      'a broken link',
      { '3/x.csv': { link: 'gone' } },
      'It is a link that cannot be followed: no such file or directory (ENOENT). Fix or remove it.',
    ],
    [
      'a link to itself',
      { '3/x.csv': { link: 'x.csv' } },
      'It is a link that cannot be followed: too many symbolic links encountered (ELOOP). Fix or remove it.',
    ],
    [
      'a link to a file of the same day',
      { '3/a.csv': '', '3/x.csv': { link: 'a.csv' } },
      'It is the same file as a.csv, and would count twice; remove one of the two.',
    ],
  ];

  test.each(table)('%s', async (_, tree, reason) => {
    const raw = await look({ ...tree, '3/a.csv': 'x' });
    expect(raw).toMatchObject({ ready: true, refused: [{ name: 'x.csv', reason }] });
    expect(names(raw)).toEqual(['a.csv']);
    expect(raw.fingerprint[1]).toEqual({ name: 'x.csv', sizeBytes: 0, mtimeNs: '0' });
  });

  test('also where the day holds nothing else', async () => {
    expect(await look({ '3/x.csv': 'folder/' })).toMatchObject({ ready: true, files: [] });
  });

  test('a socket', async () => {
    const rawDir = await plant({ '3': 'folder/' });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(rawDir, '3/x.csv'), resolve));
    const { refused } = await lookAt(rawDir);
    server.close();
    expect(refused[0]?.reason).toBe('It is named like data, but is a socket; rename or remove it.');
  });

  test('a hard link to a file of the same day', async () => {
    const rawDir = await plant({ '3/a.csv': 'x' });
    await link(join(rawDir, '3/a.csv'), join(rawDir, '3/b.csv.gz'));
    const { refused } = await lookAt(rawDir);
    const reason = 'It is the same file as a.csv, and would count twice; remove one of the two.';
    expect(refused).toEqual([{ name: 'b.csv.gz', reason }]);
  });

  test('but not a hard link to a file elsewhere', async () => {
    const rawDir = await plant({ '../incoming.csv': 'x', '3': 'folder/' });
    await link(join(rawDir, '../incoming.csv'), join(rawDir, '3/a.csv'));
    expect(await lookAt(rawDir)).toMatchObject({ files: [{ name: 'a.csv' }], refused: [] });
  });

  test('a name that is not UTF-8, which could not be opened', async () => {
    const rawDir = await plant({ '3/a.csv': 'x' });
    const name = Buffer.concat([
      Buffer.from(`${rawDir}/3/b`),
      Buffer.from([0xe9]),
      Buffer.from('.csv'),
    ]);
    await writeFile(name, 'x');
    const { refused } = await lookAt(rawDir);
    expect(refused).toEqual([
      { name: 'b\ufffd.csv', reason: 'Its name is not valid UTF-8; rename it.' },
    ]);
  });
});

describe('without permission', () => {
  test.skipIf(!canBeRefused)('a day folder makes that day fail, and no other', async () => {
    const rawDir = await plant({ '3/a.csv': 'x', '4/a.csv': 'x' });
    await chmod(join(rawDir, '..'), 0o755);
    await chmod(join(rawDir, '3'), 0);
    const { days } = await asNobody(() => storeOf(rawDir).list());
    const reason =
      "The day's folder cannot be read: permission denied (EACCES). Fix its permissions.";
    expect(days.get(day)).toMatchObject({
      ready: true,
      files: [],
      refused: [{ name: '3', reason }],
      fingerprint: [{ name: '3', sizeBytes: 0, mtimeNs: '0' }],
    });
    expect(days.get('4' as Day)).toMatchObject({ ready: true, refused: [] });
  });

  test.skipIf(!canBeRefused)('files that cannot be looked at are refused', async () => {
    const rawDir = await plant({ '3/a.csv': 'x' });
    await chmod(join(rawDir, '..'), 0o755);
    await chmod(join(rawDir, '3'), 0o444);
    const { days } = await asNobody(() => storeOf(rawDir).list());
    const reason = 'It cannot be accessed: permission denied (EACCES). Fix its permissions.';
    expect(days.get(day)).toMatchObject({ files: [], refused: [{ name: 'a.csv', reason }] });
  });
});

describe('fingerprint and identity', () => {
  const changes: [what: string, change: (path: string) => Promise<unknown>, plainly: boolean][] = [
    ['a file that grew', (path) => writeFile(path, 'longer'), true],
    ['a file with a new time', (path) => utimes(path, 1, 1), true],
    ['a file that is gone', (path) => rm(path), true],
    ['a file with a new name', (path) => rename(path, `${path}.csv`), true],
    ['a new file', (path) => writeFile(`${path}.csv`, ''), true],
    ['a file rewritten under its old time', rewriteUnderOldTime, false],
    ['a file replaced by its copy, with the same time', replaceByCopy, false],
  ];

  test.each(changes)('tell %s', async (_, change, plainly) => {
    const rawDir = await plant({ '3/a.csv': 'four', '3/z.csv': '' });
    await utimes(join(rawDir, '3/a.csv'), oldTime, oldTime);
    const plain = storeOf(rawDir, { withChangeTimes: false });
    const before = await storeOf(rawDir).settle(day);
    const plainBefore = await plain.settle(day);
    await change(join(rawDir, '3/a.csv'));
    const after = await storeOf(rawDir).settle(day);
    const plainAfter = await plain.settle(day);
    expect(after?.identity).not.toBe(before?.identity);
    expect(after?.fingerprint).not.toEqual(before?.fingerprint);
    expect(plainAfter?.identity).not.toBe(plainBefore?.identity);
    if (plainly) expect(plainAfter?.fingerprint).not.toEqual(plainBefore?.fingerprint);
    else expect(plainAfter?.fingerprint).toEqual(plainBefore?.fingerprint);
  });

  test('hold while nothing changes', async () => {
    const rawDir = await plant({ '3/a.csv': 'four', '3/b.csv': 'fifo/' });
    expect(await lookAt(rawDir)).toEqual(await lookAt(rawDir));
  });

  test('tell a FIFO that became a file', async () => {
    const rawDir = await plant({ '3/a.csv': 'fifo/' });
    const before = await lookAt(rawDir);
    await rm(join(rawDir, '3/a.csv'));
    await writeFile(join(rawDir, '3/a.csv'), '');
    const after = await lookAt(rawDir);
    expect(after.fingerprint).not.toEqual(before.fingerprint);
    expect(after.identity).not.toBe(before.identity);
  });
});

/** In whole seconds, because `utimes` cannot restore nanoseconds exactly. */
const oldTime = 1_700_000_000;

async function rewriteUnderOldTime(path: string): Promise<void> {
  await writeFile(path, 'FOUR');
  await utimes(path, oldTime, oldTime);
}

async function replaceByCopy(path: string): Promise<void> {
  await writeFile(`${path}.tmp`, await readFile(path));
  await utimes(`${path}.tmp`, oldTime, oldTime);
  await rename(`${path}.tmp`, path);
}
