/** Hostile raw days: each is planted in a day's folder, and fails that day with exactly these problems. */
import { execFileSync } from 'node:child_process';
import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { RawProblem } from '../../src/model/raw-problem.js';
import type { DayErrorCode } from '../../src/model/run.js';
import { badTables } from '../engine/bad-tables.js';
import { h, problem } from '../engine/words.js';

export interface BadDay {
  readonly what: string;
  plant(folder: string): Promise<unknown>;
  readonly code: DayErrorCode;
  readonly problems: readonly RawProblem[];
}

const goodText = `${h},x\n5,1\n`;
const gzip = gzipSync(goodText);
const badCell = { line: 2, column: 'x', value: 'many' };
const badCellMessage = 'it must be a count: a non-negative integer';
const badText = `${h},x\n5,many\n`;

/** Tables that every engine refuses, as files of a day. */
const tables: readonly BadDay[] = badTables.map(([what, text, places]) => ({
  what,
  plant: (folder) => writeFile(join(folder, 'a.csv'), text),
  code: 'raw-invalid',
  problems: places.map(problem),
}));

/** These speak of day 3, and must lie in its folder. */
const namesItsDay = ({ problems }: BadDay) =>
  problems.some(({ message }) => message.startsWith('it must be 3,'));

export const badDays3 = tables.filter(namesItsDay);

function damaged(index: number): Buffer {
  const copy = Buffer.from(gzip);
  copy.writeUInt8(copy.readUInt8(index) ^ 0xff, index);
  return copy;
}

/** Long cells, because a hundred million short ones would take any reader a while. */
function bomb(): Buffer {
  const row = `5,1,${'0'.repeat(900_000)}\n`;
  const member = gzipSync(row, { level: 9 });
  return Buffer.concat([
    gzipSync(`${h},x,order_id\n`),
    ...Array.from({ length: 200 }, () => member),
  ]);
}

const gzipFiles: readonly [what: string, content: () => Buffer, message: string][] = [
  ['nothing', () => Buffer.alloc(0), 'the gzip data is cut off: the file is incomplete'],
  [
    'a cut in its header',
    () => gzip.subarray(0, 7),
    'the gzip data is cut off: the file is incomplete',
  ],
  [
    'a cut in its data',
    () => gzip.subarray(0, -9),
    'the gzip data is cut off: the file is incomplete',
  ],
  [
    'a missing last byte',
    () => gzip.subarray(0, -1),
    'the gzip data is cut off: the file is incomplete',
  ],
  [
    'a second member that is cut off',
    () => Buffer.concat([gzip, gzip.subarray(0, 9)]),
    'the gzip data is cut off: the file is incomplete',
  ],
  [
    'a wrong checksum',
    () => damaged(gzip.length - 6),
    'the gzip data is damaged (incorrect data check)',
  ],
  [
    'a wrong length',
    () => damaged(gzip.length - 1),
    'the gzip data is damaged (incorrect length check)',
  ],
  [
    'junk behind it',
    () => Buffer.concat([gzip, Buffer.from('junk')]),
    'something that is not gzip data follows the gzip data',
  ],
  [
    'a member behind zero bytes',
    () => Buffer.concat([gzip, Buffer.alloc(9), gzip]),
    'data follows the zero bytes after the gzip data; it would be left out',
  ],
  ['plain text', () => Buffer.from(goodText), 'the file is named .gz, but is not gzip data'],
  [
    'gzip data within',
    () => gzipSync(gzip),
    'the file is gzip data within gzip data; compress it once',
  ],
  [
    'a bomb',
    bomb,
    'the gzip data grows beyond 500 times its size (a gzip bomb); it was not read on',
  ],
];

const gzips: readonly BadDay[] = gzipFiles.map(([what, content, message]) => ({
  what: `a .csv.gz with ${what}`,
  plant: (folder) => writeFile(join(folder, 'a.csv.gz'), content()),
  code: 'raw-invalid',
  problems: [problem({ file: 'a.csv.gz', message })],
}));

/** A name that can be written, and says nothing about paths, is taken as it is. */
const names: readonly BadDay[] = [
  'a..csv',
  'a b.csv',
  ' .csv',
  'a\nb.csv',
  '-rf.csv',
  '$(reboot).csv',
  '%2e%2e%2fa.csv',
  'a\\..\\..\\b.csv',
  '\u202evsc.csv',
  `${'a'.repeat(251)}.csv`,
].map((file) => ({
  what: `a bad cell in a file named ${JSON.stringify(file)}`,
  plant: (folder) => writeFile(join(folder, file), badText),
  code: 'raw-invalid',
  problems: [problem({ file, ...badCell, message: badCellMessage })],
}));

const leadsOut = 'It is a link that leads out of the raw root; put the file itself there.';
const isNot = (kind: string) => `It is named like data, but is ${kind}; rename or remove it.`;
const cannotFollow = (cause: string) =>
  `It is a link that cannot be followed: ${cause}. Fix or remove it.`;
const sameFile = 'It is the same file as a.csv, and would count twice; remove one of the two.';

/** Beside a good file, which must not be taken without them. */
const entries: readonly [
  what: string,
  reason: string,
  plant: (path: string, folder: string) => Promise<unknown>,
][] = [
  ['a folder', isNot('a folder'), (path) => mkdir(path)],
  [
    'a folder with a file in it',
    isNot('a folder'),
    async (path) => {
      await mkdir(path);
      await writeFile(join(path, 'b.csv'), goodText);
    },
  ],
  ['a FIFO', isNot('a FIFO'), async (path) => execFileSync('mkfifo', [path])],
  ['a socket', isNot('a socket'), listenAt],
  [
    'a link out of the root',
    leadsOut,
    async (path, folder) => {
      await writeFile(join(folder, '..', '..', 'outside.csv'), goodText);
      await symlink('../../outside.csv', path);
    },
  ],
  ['a link to a device', leadsOut, (path) => symlink('/dev/zero', path)],
  ['a link to the root', leadsOut, (path) => symlink('..', path)],
  ['a link to a folder', isNot('a folder'), (path) => symlink('.', path)],
  [
    'a dangling link',
    cannotFollow('no such file or directory (ENOENT)'),
    (path) => symlink('gone.csv', path),
  ],
  [
    'a link to itself',
    cannotFollow('too many symbolic links encountered (ELOOP)'),
    (path) => symlink('x.csv', path),
  ],
  [
    'a link through a file',
    cannotFollow('not a directory (ENOTDIR)'),
    (path) => symlink('a.csv/b.csv', path),
  ],
  ['a link to the file beside it', sameFile, (path) => symlink('a.csv', path)],
  [
    'a hard link to the file beside it',
    sameFile,
    (path, folder) => link(join(folder, 'a.csv'), path),
  ],
];

const places: readonly BadDay[] = entries.map(([what, reason, plant]) => ({
  what: `beside a good file ${what}`,
  plant: async (folder) => {
    await writeFile(join(folder, 'a.csv'), goodText);
    await plant(join(folder, 'x.csv'), folder);
  },
  code: 'raw-unreadable',
  problems: [problem({ file: 'x.csv', message: reason })],
}));

const others: readonly BadDay[] = [
  {
    what: 'a name that is not UTF-8',
    plant: (folder) => writeFile(notUtf8(folder), goodText),
    code: 'raw-unreadable',
    problems: [
      problem({ file: 'b\ufffd.csv', message: 'Its name is not valid UTF-8; rename it.' }),
    ],
  },
  {
    what: 'one bad file among good ones',
    plant: async (folder) => {
      for (const name of ['a.csv', 'c.csv']) await writeFile(join(folder, name), goodText);
      await writeFile(join(folder, 'b.csv.gz'), gzipSync(badText));
    },
    code: 'raw-invalid',
    problems: [problem({ file: 'b.csv.gz', ...badCell, message: badCellMessage })],
  },
  {
    what: 'files that together exceed what is exact',
    plant: async (folder) => {
      await writeFile(join(folder, 'a.csv'), `${h},x\n5,9007199254740991\n`);
      await writeFile(join(folder, 'b.csv'), `${h},x\n5,1\n`);
    },
    code: 'raw-invalid',
    problems: [
      problem({
        file: 'b.csv',
        line: 2,
        column: 'x',
        value: '1',
        message: 'with it the sum exceeds 2^53 − 1',
      }),
    ],
  },
];

function notUtf8(folder: string): Buffer {
  return Buffer.concat([Buffer.from(join(folder, 'b')), Buffer.from([0xe9]), Buffer.from('.csv')]);
}

async function listenAt(path: string): Promise<void> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

// ---------------------------------------------------------------- the same orders twice

const sameBytes = (first: string) =>
  `it holds the same bytes as ${first}, and would count twice; remove one of the two, or set DAYMARK_IDENTICAL_FILES=count if both are meant`;

const repeats: readonly [
  what: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  again: string,
  first: string,
][] = [
  [
    'a copy made by hand',
    { 'orders_0 (1).csv': goodText, 'orders_0.csv': goodText },
    'orders_0.csv',
    'orders_0 (1).csv',
  ],
  ['a file and its compressed form', { 'a.csv': goodText, 'a.csv.gz': gzip }, 'a.csv.gz', 'a.csv'],
  [
    'compressed forms that differ',
    { 'a.csv.gz': gzip, 'b.csv.gz': gzipSync(goodText, { level: 0 }) },
    'b.csv.gz',
    'a.csv.gz',
  ],
  [
    'a file and the same in two gzip members',
    { 'a.csv.gz': Buffer.concat([gzipSync(`${h},x\n`), gzipSync('5,1\n')]), 'b.csv': goodText },
    'b.csv',
    'a.csv.gz',
  ],
  [
    'two attempts of one append, beside another file of their size',
    { 'part-0.csv': goodText, 'part-1.csv': `${h},x\n5,2\n`, 'part-2.csv': goodText },
    'part-2.csv',
    'part-0.csv',
  ],
];

/** Each file is sound by itself: what is wrong shows only once all are read. */
export const repeatedFiles: readonly BadDay[] = repeats.map(([what, files, again, first]) => ({
  what,
  plant: async (folder) => {
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content);
    }
  },
  code: 'raw-invalid',
  problems: [problem({ file: again, message: sameBytes(first) })],
}));

export const badDays: readonly BadDay[] = [
  ...tables.filter((each) => !namesItsDay(each)),
  ...gzips,
  ...names,
  ...places,
  ...others,
];

// ---------------------------------------------------------------- the raw root

const noDay =
  'Its name is not a day: a day is a non-negative integer without leading zeros, such as 3.';
const hidden = 'Its name begins with . or _, which marks it as not data.';

/** Folders of the raw root that look like days, or try to. */
const foldersThatAreNoDays: readonly [name: string, reason: string][] = [
  ['03', noDay],
  ['-3', noDay],
  ['\u22123', noDay],
  ['+3', noDay],
  ['3.0', noDay],
  ['3e0', noDay],
  ['0x3', noDay],
  [' 3', noDay],
  ['3 ', noDay],
  ['3\n', noDay],
  ['3\u00a0', noDay],
  ['3\u200b', noDay],
  ['\ufeff3', noDay],
  ['\u0663', noDay],
  ['\uff13', noDay],
  ['\u00b3', noDay],
  ['\u2162', noDay],
  ['\u0be9', noDay],
  ['\ud835\udfd1', noDay],
  ['9007199254740992', noDay],
  ['99999999999999999999', noDay],
  ['2026-11-23', noDay],
  ['3,4', noDay],
  ['%33', noDay],
  ['..3', hidden],
  ['...', hidden],
  ['_3', hidden],
];

export interface RootEntry {
  readonly name: string;
  readonly reason: string;
  plant(path: string): Promise<unknown>;
}

/** What lies in the raw root, is no day, and is told as ignored. */
export const ignoredEntries: readonly RootEntry[] = [
  ...foldersThatAreNoDays.map(([name, reason]) => ({
    name,
    reason,
    plant: async (path: string) => {
      await mkdir(path);
      await writeFile(join(path, 'a.csv'), goodText);
    },
  })),
  {
    name: '70',
    reason: 'It is named like a day, but is not a folder.',
    plant: (path) => writeFile(path, goodText),
  },
  {
    name: '71',
    reason: 'It is named like a day, but is not a folder.',
    plant: async (path) => execFileSync('mkfifo', [path]),
  },
  {
    name: '72',
    reason: 'It is a link that leads out of the raw root.',
    plant: (path) => symlink('/', path),
  },
  {
    name: '73',
    reason: 'It is a link that leads out of the raw root.',
    plant: (path) => symlink('.', path),
  },
  {
    name: '74',
    reason: 'It is a link that cannot be followed: no such file or directory (ENOENT).',
    plant: (path) => symlink('gone', path),
  },
  {
    name: '75',
    reason: 'It is a link that cannot be followed: too many symbolic links encountered (ELOOP).',
    plant: (path) => symlink('75', path),
  },
  {
    name: '76',
    reason: 'It is a link to something that is not a folder.',
    plant: (path) => symlink('70', path),
  },
];
