/** `daymark init`: what it makes of folders, what it says of them, and what it refuses. */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { runs } from '../engine/runs.js';
import { declaredIn } from '../support/declared.js';
import { openTempDir } from '../support/temp-dir.js';
import { zstdOf } from '../support/zstd.js';
import { makePlace } from './daymark.js';
import { expectedOf, folderOfFiles, land, told } from './random-folders.js';

type Files = Readonly<Record<string, string | Buffer>>;

async function placeWith(files: Files) {
  const place = await makePlace({ DAYMARK_RAW_DIR: '', DAYMARK_OUTPUT_FILE: '' });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(place.root, name)), { recursive: true });
    await writeFile(join(place.root, name), text);
  }
  const file = join(place.root, 'daymark.yaml');
  const init = (path: string, ...more: string[]) =>
    place.daymark('init', join(place.root, path), '--file', file, ...more);
  return { ...place, file, init, text: () => readFile(file, 'utf8') };
}

async function datasetsIn(path: string) {
  return declaredIn(path, await readFile(path, 'utf8'));
}

async function definitionIn(path: string, at = 0) {
  const definition = (await datasetsIn(path))[at]?.definition;
  if (definition?.kind !== 'columns') throw new Error('it is no definition of columns');
  return definition;
}

test('types, empty cells, signs, keys and sums of folders at random are found out', {
  timeout: 600_000,
}, async () => {
  const place = await placeWith({});
  await fc.assert(
    fc.asyncProperty(folderOfFiles, async (folder) => {
      const { path: root, remove } = await openTempDir();
      await land(join(root, 'landed', 'trips'), folder);
      const file = join(root, 'daymark.yaml');
      const args = [join(root, 'landed', 'trips'), '--file', file];
      const { code, stderr, stdout } = await place.daymark('init', ...args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^\w+ was added to /);
      expect(told(await definitionIn(file))).toEqual(expectedOf(folder));
      await remove();
    }),
    runs(60, 3000),
  );
});

const rows = (count: number, rowOf: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => `${rowOf(at)}\n`).join('');
const table = `zone,pieces\n${rows(20, (at) => `${'AB'[at % 2]},${(at * 7) % 20}`)}`;

describe('where the days lie', () => {
  it.each([
    ['day folders', ['0/a.csv', '1/a.csv'], '{day}/*.csv{,.gz}', 'index'],
    ['zstd', ['0/a.csv', '1/a.csv.zst'], '{day}/*.csv{,.gz,.zst}', 'index'],
    ['words for days', ['day_3/a.csv', 'day_12/b.csv'], 'day_{day}/*.csv{,.gz}', 'index'],
    ['Hive', ['dt=2026-11-21/a.csv', 'dt=2026-11-22/a.csv'], 'dt={day}/*.csv{,.gz}', 'date'],
    [
      'a file in a folder for each part',
      ['2026/11/30/a.csv', '2026/12/01/b.csv.gz'],
      '{day:yyyy/MM/dd}/*.csv{,.gz}',
      'date',
    ],
    [
      'months and days',
      ['2026-11/30/a.csv', '2026-12/01/a.csv'],
      '{day:yyyy-MM}/{day:dd}/*.csv{,.gz}',
      'date',
    ],
    ['files by date', ['x_20261121.csv', 'x_20261122.csv'], 'x_{day:yyyyMMdd}.csv{,.gz}', 'date'],
    ['in capitals', ['X_20261121.CSV', 'X_20261122.CSV'], 'X_{day:yyyyMMdd}.csv{,.gz}', 'date'],
    [
      'a time of day behind the date',
      ['x-20261121T0600.csv', 'x-20261121T1800.csv', 'x-20261122T0600.csv'],
      'x-{day:yyyyMMdd}*.csv{,.gz}',
      'date',
    ],
    [
      'parts of a day',
      ['north.2026-11-21.csv', 'south.2026-11-21.csv', 'south.2026-11-22.csv'],
      '*.{day}.csv{,.gz}',
      'date',
    ],
    [
      'a day in folder and file',
      ['2026-11-21/x_20261121.csv', '2026-11-22/x_20261122.csv'],
      '{day}/*.csv{,.gz}',
      'date',
    ],
    [
      'numbers of parts, which are no days',
      ['3/part-0.csv', '3/part-1.csv', '4/part-0.csv'],
      '{day}/*.csv{,.gz}',
      'index',
    ],
    [
      'a key beside the day',
      ['shop=1/dow=3/a.csv', 'shop=2/dow=4/a.csv'],
      'shop=*/dow={day}/*.csv{,.gz}',
      'index',
    ],
    [
      'signs of templates',
      ['a{b}[c]/0/x.csv', 'a{b}[c]/1/x.csv'],
      'a\\{b\\}\\[c\\]/{day}/*.csv{,.gz}',
      'index',
    ],
    [
      'one date in all paths, and the day',
      ['from 2026-01-01/2026-11-21.csv', 'from 2026-01-01/2026-11-22.csv'],
      'from 2026-01-01/{day}.csv{,.gz}',
      'date',
    ],
  ])('%s', async (_, names, template, kind) => {
    const { gzipSync } = await import('node:zlib');
    const files = names.map((name, at) => {
      const text = table.replace('A', `A${at}`);
      const stored = name.endsWith('.gz') ? gzipSync(text) : text;
      return [`d/${name}`, name.endsWith('.zst') ? zstdOf(text) : stored] as const;
    });
    const place = await placeWith(Object.fromEntries(files));
    const { code, stderr } = await place.init('d');
    expect([code, stderr]).toEqual([0, '']);
    const [dataset] = await datasetsIn(place.file);
    expect(dataset?.raw).toBe(`${place.root}/d/${template}`);
    expect(dataset?.definition.dayKind).toBe(kind);
    const check = await place.json('check', '--datasets', place.file);
    expect(check.body.datasets[0]).toMatchObject({ ignored: [], errors: [] });
  });

  it('is refused for files of another form', async () => {
    const place = await placeWith({ 'd/3/a.jsonl': '{"a":1}\n' });
    const { code, stderr } = await place.init('d/{day}/*.jsonl');
    expect(code).toBe(1);
    expect(stderr).toContain('names .jsonl files: init looks at .csv files, compressed or not');
  });

  it('is not guessed where two readings exclude each other', async () => {
    const place = await placeWith({
      'd/03-04-2026.csv': table,
      'd/05-06-2026.csv': table.replace('A', 'C'),
    });
    const { code, stderr } = await place.init('d');
    expect(code).toBe(1);
    expect(stderr).toContain('in more than one way');
    expect(stderr).toContain(`daymark init '${place.root}/d/{day:dd-MM-yyyy}.csv{,.gz}'`);
    expect(stderr).toContain(`daymark init '${place.root}/d/{day:MM-dd-yyyy}.csv{,.gz}'`);
    expect(await place.init('d/{day:MM-dd-yyyy}.csv')).toMatchObject({ code: 0 });
    expect(await readFile(place.file, 'utf8')).toContain('raw: d/{day:MM-dd-yyyy}.csv\n');
  });

  it('is not guessed where there are two layouts, and a stray is told', async () => {
    const two = { 'd/2026-11-21/a.csv': table, 'd/2026-11-22/a.csv': `${table}A,1\n` };
    const other = { 'd/old_20261119.csv': table, 'd/old_20261120.csv': `${table}B,1\n` };
    const ambiguous = await placeWith({ ...two, ...other });
    const { code, stderr } = await ambiguous.init('d');
    expect([code, stderr]).toEqual([1, expect.stringContaining('old_{day:yyyyMMdd}.csv')]);
    expect(stderr).toContain('d/{day}/*.csv{,.gz}');
    const place = await placeWith({
      ...two,
      'd/all.csv': table,
      'd/notes.txt': '',
      'd/_x/1.csv': '',
    });
    const { stdout } = await place.init('d');
    expect(stdout).toContain('Not read: all.csv (fits no day as the others do).');
    expect(stdout).toContain('Not read: notes.txt (init looks at .csv files, compressed or not).');
  });

  it('may be several datasets, of which each is told with its command', async () => {
    const place = await placeWith({
      'd/orders_20261121.csv': table,
      'd/orders_20261122.csv': table.replace('A', 'C'),
      'd/returns_20261121.csv': 'order,reason\n7,late\n',
    });
    const { code, stderr } = await place.init('d');
    expect([code, stderr]).toEqual([1, expect.stringContaining('several datasets')]);
    for (const name of ['orders', 'returns']) {
      expect(stderr).toContain(
        `    daymark init '${place.root}/d/${name}_{day:yyyyMMdd}.csv{,.gz}'\n`,
      );
    }
  });
});

describe('what is refused, in words', () => {
  it.each([
    ['an empty folder', { 'd/_x': '' }, 'There is no file below'],
    [
      'other files',
      { 'd/3/a.parquet': 'PAR1' },
      'datasets of .tsv, .jsonl and .parquet are written by hand',
    ],
    ['no day', { 'd/all.csv': table }, 'tells a day; there is all.csv.'],
    [
      'UTF-16',
      { 'd/3/a.csv': Buffer.from(`\ufeff${table}`, 'utf16le') },
      'day 3: a.csv: the file is UTF-16; save it as UTF-8',
    ],
    ['binary files', { 'd/3/a.csv': Buffer.from([1, 0, 255, 0, 7]) }, 'a NUL byte'],
    ['what is no gzip', { 'd/3/a.csv.gz': table }, 'named .gz, but is not gzip data'],
    ['empty files', { 'd/3/a.csv': '' }, 'are empty, so their columns are not known'],
    [
      'a name twice',
      { 'd/3/a.csv': 'a,b,a\n1,2,3\n' },
      'columns 1 and 3 of the header are both named a',
    ],
    ['a column without a name', { 'd/3/a.csv': ',b\n1,2\n' }, 'column 1 of the header has no name'],
    [
      'no header',
      { 'd/3/a.csv': 'A,1.5,2026-11-21\nB,2.5,2026-11-22\n' },
      'seems to be no header: "1.5" is like the cells below it',
    ],
    [
      'no header in several',
      { 'd/3/a.csv': 'A,1\nB,2\n', 'd/4/a.csv': 'C,7\nD,8\n' },
      'seems to be no header',
    ],
    [
      'nothing in common',
      { 'd/3.csv': 'a,b\nx,y\n', 'd/4.csv': 'c,d\nx,y\n' },
      'needs columns that all of its files have',
    ],
  ] as const)('%s', async (_, files, words) => {
    const place = await placeWith(files);
    const { code, stdout, stderr } = await place.init('d');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(words);
    expect(await readdir(place.root)).not.toContain('daymark.yaml');
  });

  it('a folder that is not there, a file, and a day by itself', async () => {
    const place = await placeWith({ 'd/dt=2026-11-21/a.csv': table });
    expect((await place.init('x')).stderr).toContain('There is no folder');
    const file = await place.init('d/dt=2026-11-21/a.csv');
    expect(file.stderr).toContain(`    daymark init ${place.root}/d/dt=2026-11-21\n`);
    const day = await place.init('d/dt=2026-11-21');
    expect(day.stderr).toContain(`    daymark init ${place.root}/d\n`);
  });

  it('a name that is taken, and one that is none', async () => {
    const place = await placeWith({ 'd/3/a.csv': table });
    expect(await place.init('d')).toMatchObject({ code: 0 });
    const before = await place.text();
    const again = await place.init('d');
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has a dataset d already'),
    });
    expect((await place.init('d', '--name', 'D')).stderr).toContain(
      'cannot be the name of a dataset',
    );
    expect(await place.text()).toBe(before);
    // Two outputs would be one.
    const same = await place.init('d', '--name', 'e', '--output', 'processed/d.csv');
    expect(same).toMatchObject({ code: 2, stderr: expect.stringContaining('have one output') });
    expect(await place.init('d', '--name', 'e')).toMatchObject({ code: 0 });
    expect((await datasetsIn(place.file)).map(({ name }) => name)).toEqual(['d', 'e']);
  });
});

describe('the file', () => {
  it('keeps what stands in it, to the byte', async () => {
    const before =
      '# mine\r\ndatasets: # all\r\n    first: # one\r\n        raw: o/{day}/*.csv\r\n        day: index\r\n        wide: { by: { hour: hour } }\r\n        output: out/o.csv\r\n    # the end';
    const place = await placeWith({ 'daymark.yaml': before, 'd/3/a.csv': table });
    await symlink(place.file, join(place.root, 'link.yaml'));
    const { code, stdout } = await place.init('d', '--file', join(place.root, 'link.yaml'));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/next .* --dataset d$/m)]);
    const text = await place.text();
    expect(text.startsWith(`${before}\r\n`)).toBe(true);
    expect(text).not.toMatch(/[^\r]\n/);
    expect((await datasetsIn(place.file)).map(({ name }) => name)).toEqual(['first', 'd']);
  });

  it('is left alone where nothing can be added behind what stands there', async () => {
    for (const before of ['datasets: { a: { raw: x } }\n', 'datasets:\n  a: [\n', 'other: 3\n']) {
      const place = await placeWith({ 'daymark.yaml': before, 'd/3/a.csv': table });
      const { code, stderr } = await place.init('d');
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/cannot be added[\s\S]*raw: d\/\{day\}/),
      ]);
      expect(await place.text()).toBe(before);
    }
  });

  it('is only shown by --dry-run', async () => {
    const place = await placeWith({ 'd/3/a.csv': table });
    const { stdout } = await place.init('d', '--dry-run');
    expect(stdout).toContain('\ndatasets:\n  d:\n');
    expect(await readdir(place.root)).not.toContain('daymark.yaml');
    const { body } = await place.json('init', join(place.root, 'd'), '--file', place.file);
    expect(body).toMatchObject({
      dataset: 'd',
      written: true,
      next: expect.stringMatching(/^daymark check/),
    });
    expect(await place.text()).toBe(body.text);
  });
});

describe('columns', () => {
  it('that not all files have are left out, and told', async () => {
    const place = await placeWith({
      'd/3/a.csv': 'zone,pieces,tip\nA,2,1\nA,4,3\n',
      'd/4/a.csv': 'pieces,zone\n2,B\n1,B\n',
    });
    const { stdout } = await place.init('d');
    expect(stdout).toContain('left out    tip: it is in 1 of 2 files alone');
    expect((await definitionIn(place.file)).columns.map(({ name }) => name)).toEqual([
      'zone',
      'pieces',
    ]);
    expect(await place.text()).toContain('# tip: left out, since it is in 1 of 2 files alone');
  });

  it('are text where their cells are no plain numbers, and it is said why', async () => {
    const place = await placeWith({
      'd/3/a.csv': `zip;comma;code;gap\n${rows(30, (at) => `0${at + 1000};1,${at + 10};${at === 7 ? 'n.v.' : (at * 3) % 31};`)}`,
    });
    await place.init('d');
    const { columns } = await definitionIn(place.file);
    expect(columns.map(({ type, nullable }) => [type.kind, nullable])).toEqual([
      ['text', false],
      ['text', false],
      ['text', false],
      ['text', true],
    ]);
    const text = await place.text();
    expect(text).toContain('zip: text # numbers with zeros in front, so text');
    expect(text).toContain('comma: text # numbers with a comma as decimal sign are text here');
    expect(text).toContain('code: text # nearly all are numbers, but not "n.v."');
    expect(text).toContain('gap: text? # always empty so far');
  });

  it('keep a text that stands for nothing elsewhere alone', async () => {
    const place = await placeWith({
      'd/3/a.csv': 'country,pieces\nNA,1\nDE,2\nNA,3\nDE,5\nNA,2\n',
    });
    const { stdout } = await place.init('d');
    expect((await definitionIn(place.file)).csv.nulls).toEqual(['']);
    expect(stdout).not.toContain('taken for nothing');
    expect(await place.text()).toContain('country: text # "NA" is text here');
  });

  it('of whole amounts are decimals where they are written so, and whole numbers where pandas wrote them', async () => {
    const place = await placeWith({ 'd/3/a.csv': 'fare,pieces\n5.00,3.0\n12.00,1.0\n' });
    await place.init('d');
    const { columns } = await definitionIn(place.file);
    expect(columns.map(({ type }) => type.kind)).toEqual(['decimal', 'integer']);
  });

  it('of a large file are told by its beginning, of which the last row is not taken for a cut one', async () => {
    const long = `id,pieces,note\n${rows(20_000, (at) => `${at},${at % 7},"${'a text in quotes, '.repeat(4)}"`)}`;
    const place = await placeWith({ 'd/3/a.csv': long });
    const { stdout } = await place.init('d');
    expect(stdout).toContain('1 of 1 file of 1 day, 3: ');
    expect(stdout).toContain('of large files the beginning');
    expect(stdout).not.toContain('warning');
    expect(await place.text()).toContain('What was not looked at may hold other cells');
  });
});

describe('one column for each category', () => {
  const wide = (day: string) =>
    `order_id,order_dow,order_hour_of_day,store,days_since_prior_order,${'abcdefgh'.split('').join()}\n${rows(20, (at) => `${at},${day},${at % 24},${at % 3},7,0,1,,2,0,0,3,0`)}`;

  it('is told by hour, day and counts; a number that names a store is not counted', async () => {
    const place = await placeWith({ 'd/3/a.csv': wide('3'), 'd/4/a.csv': wide('4') });
    const { stdout } = await place.init('d');
    expect(stdout).toContain('8 columns hold counts');
    const [dataset] = await datasetsIn(place.file);
    expect(dataset?.definition).toMatchObject({
      kind: 'wide',
      by: [{ name: 'hour_of_day', column: 'order_hour_of_day', least: 0, most: 23 }],
      dayColumn: 'order_dow',
      ignore: ['order_id', 'store', 'days_since_prior_order'],
    });
    const { body } = await place.json('check', '--datasets', place.file);
    expect(body.datasets[0].errors).toEqual([]);
  });

  it('is not what columns are where the day is another, or the hour', async () => {
    for (const text of [
      wide('5'),
      wide('3').replaceAll('hour', 'our'),
      wide('3').replaceAll(',', ';'),
    ]) {
      const place = await placeWith({ 'd/3/a.csv': text });
      await place.init('d');
      expect((await datasetsIn(place.file))[0]?.definition.kind).toBe('columns');
    }
  });
});
