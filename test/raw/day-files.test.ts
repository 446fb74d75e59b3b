import { chmod, link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Day } from '../../src/core/day.js';
import type { RawDay } from '../../src/core/ports.js';
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
    const { mtimeNs } = await stat(join(rawDir, '3/b.csv'), { bigint: true });
    const raw = await lookAt(rawDir);
    expect(names(raw)).toEqual(['B.csv', 'a.csv.gz', 'b.csv']);
    expect(raw.files[2]).toEqual({
      name: 'b.csv',
      path: join(rawDir, '3/b.csv'),
      sizeBytes: 4,
      mtimeNs: String(mtimeNs),
      gzip: false,
    });
    expect(raw.files[1]).toMatchObject({ sizeBytes: 2, gzip: true });
    expect(raw.fingerprint).toEqual(
      raw.files.map(({ name, sizeBytes, mtimeNs }) => ({ name, sizeBytes, mtimeNs })),
    );
    expect(raw).toMatchObject({ day: '3', ready: true, refused: [] });
  });

  test.each([
    '.a.csv',
    '_a.csv',
    'a.CSV',
    'a.csv.tmp',
    'a.csv.GZ',
    'a.txt',
    'csv',
    'a.gz',
    '_SUCCESS',
    '.csv',
  ])('do not include %s', async (name) => {
    expect(await look({ [`3/${name}`]: 'x' })).toMatchObject({
      ready: false,
      files: [],
      refused: [],
      fingerprint: [],
    });
  });

  test('do not include what lies in folders below', async () => {
    expect(names(await look({ '3/a.csv': '', '3/more/b.csv': '' }))).toEqual(['a.csv']);
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
    expect(await look({ '3': 'folder/' })).toMatchObject({ ready: false, files: [], refused: [] });
  });

  test('are not ready before _SUCCESS, where that is required', async () => {
    const options = { requireSuccessFile: true };
    expect(await look({ '3/a.csv': '' }, options)).toMatchObject({ ready: false });
    expect(await look({ '3/_SUCCESS': '' }, options)).toMatchObject({ ready: false });
    expect(await look({ '3/a.csv': '', '3/_SUCCESS': '' }, options)).toMatchObject({ ready: true });
  });
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
      'It is a link that cannot be followed: no such file or directory (ENOENT). Mend or remove it.',
    ],
    [
      'a link to itself',
      { '3/x.csv': { link: 'x.csv' } },
      'It is a link that cannot be followed: too many symbolic links encountered (ELOOP). Mend or remove it.',
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
      "The day's folder cannot be read: permission denied (EACCES). Mend its permissions.";
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
    const reason = 'It cannot be looked at: permission denied (EACCES). Mend its permissions.';
    expect(days.get(day)).toMatchObject({ files: [], refused: [{ name: 'a.csv', reason }] });
  });
});

describe('fingerprint and identity', () => {
  const changes: [
    what: string,
    change: (path: string) => Promise<unknown>,
    fingerprint: boolean,
  ][] = [
    ['a file that grew', (path) => writeFile(path, 'longer'), true],
    ['a file with a new time', (path) => utimes(path, 1, 1), true],
    ['a file that is gone', (path) => rm(path), true],
    ['a file with a new name', (path) => rename(path, `${path}.csv`), true],
    ['a new file', (path) => writeFile(`${path}.csv`, ''), true],
    ['a file rewritten under its old time', rewriteUnderOldTime, false],
    ['a file replaced by its copy, with the same time', replaceByCopy, false],
  ];

  test.each(changes)('tell %s', async (_, change, inFingerprint) => {
    const rawDir = await plant({ '3/a.csv': 'four', '3/z.csv': '' });
    await utimes(join(rawDir, '3/a.csv'), oldTime, oldTime);
    const before = await storeOf(rawDir).settle(day);
    await change(join(rawDir, '3/a.csv'));
    const after = await storeOf(rawDir).settle(day);
    expect(after?.identity).not.toBe(before?.identity);
    if (inFingerprint) expect(after?.fingerprint).not.toEqual(before?.fingerprint);
    else expect(after?.fingerprint).toEqual(before?.fingerprint);
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
