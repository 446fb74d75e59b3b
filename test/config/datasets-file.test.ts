/** `daymark.yaml`: what it says, and every mistake in it at its place. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';
import { readConfigAndFiles } from '../../src/config/config-files.js';
import { readDatasets } from '../../src/config/datasets-file.js';
import type { ColumnsDefinition } from '../../src/model/columns-definition.js';
import { makeTempDir } from '../support/temp-dir.js';

const read = (text: string, hasRedis = true, hasSpark = false) =>
  readDatasets(text, { path: '/srv/conf/daymark.yaml', name: 'daymark.yaml', hasRedis, hasSpark });

function mistakesIn(text: string): readonly string[] {
  return read(text).mistakes.map((mistake) => mistake.replace(/^daymark\.yaml:/, ''));
}

/** A sound dataset, in which some lines are others. */
function dataset(lines: Readonly<Record<string, string | null>> = {}, name = 'trips'): string {
  const all: Record<string, string | null> = {
    raw: 'trips/dt={day}/*.csv',
    day: 'date',
    columns: '{ zone: text, fare: "decimal(12,2)?" }',
    by: '[zone]',
    measures: '{ trips: count(), fare: sum(fare) }',
    output: `out/${name}.csv`,
    ...lines,
  };
  const written = Object.entries(all).filter(([, value]) => value !== null);
  return `  ${name}:\n${written.map(([key, value]) => `    ${key}: ${value}\n`).join('')}`;
}

const file = (...datasets: readonly string[]) => `datasets:\n${datasets.join('')}`;

/** As above: raw is in line 3, day 4, columns 5, by 6, measures 7, output 8, and what is added in 9. */
const mistakesOf = (lines: Readonly<Record<string, string | null>>) =>
  mistakesIn(file(dataset(lines)));

function columnsOf(text: string): ColumnsDefinition {
  const { datasets, mistakes } = read(text);
  expect(mistakes).toEqual([]);
  return datasets[0]?.definition as ColumnsDefinition;
}

describe('a sound file', () => {
  it('has its datasets in their order, with paths relative to the file', () => {
    const wide = {
      columns: null,
      by: null,
      measures: null,
      wide: '{ by: { hour: order_hour, store: { column: s, from: 1, to: 9 } }, ignore: [id] }',
    };
    const { datasets, mistakes } = read(
      file(
        dataset({ ...wide, raw: '../raw/{day}/*.csv', day: 'index' }, 'orders'),
        dataset({ output: '/var/out.csv', checkpoint: 'k', adopt: 'trust', raw_ctime: 'false' }),
      ),
    );
    expect(mistakes).toEqual([]);
    expect(datasets).toMatchObject([
      {
        name: 'orders',
        raw: '/srv/raw/{day}/*.csv',
        rawDir: '/srv/raw',
        outputFile: '/srv/conf/out/orders.csv',
        checkpointKey: 'daymark:orders:last_processed_day',
        engine: 'scan',
        adopt: 'compare',
        rawCtime: true,
        ignoredColumns: ['id'],
        definition: { kind: 'wide', dayName: 'day_of_week', dayColumn: null },
      },
      {
        name: 'trips',
        rawDir: '/srv/conf/trips',
        outputFile: '/var/out.csv',
        checkpointKey: 'k',
        engine: 'duckdb',
        adopt: 'trust',
        rawCtime: false,
        definition: { kind: 'columns' },
      },
    ]);
    expect(datasets[0]?.definition).toMatchObject({
      by: [
        { name: 'hour', column: 'order_hour', least: 0, most: 23 },
        { name: 'store', column: 's', least: 1, most: 9 },
      ],
    });
  });

  it('keeps names that are numbers as they are written, and in their order', () => {
    const { columns, measures } = columnsOf(
      file(
        dataset({
          columns: '{ b: text, 2: integer, 1: integer, 010: integer, true: text }',
          by: '["2", true]',
          measures: '{ 9: count(), 3: sum("010"), x: max(b) }',
        }).replace('["2", true]', '["2", "true"]'),
      ),
    );
    expect(columns.map(({ name }) => name)).toEqual(['b', '2', '1', '010', 'true']);
    expect(measures.map(({ name }) => name)).toEqual(['9', '3', 'x']);
  });

  it.each(['[hour: hour(at)]', '\n      - hour: hour(at)', '["hour: hour(at)"]'])(
    'takes a key with a name, with quotes and without: by: %s',
    (by) => {
      const { by: keys } = columnsOf(
        file(dataset({ columns: '{ at: timestamp, fare: integer }', by })),
      );
      expect(keys).toEqual([{ name: 'hour', column: 'at', part: 'hour' }]);
    },
  );

  it('may use anchors, aliases and merge keys; what stands there itself counts', () => {
    const { datasets, mistakes } = read(`datasets:
  a: &base
    raw: a/{day}/*.csv
    day: date
    columns: &columns { b: text, 2: text, 1: integer }
    by: [b]
    measures: { n: count() }
    output: out/a.csv
  b:
    output: out/b.csv
    <<: *base
    columns:
      <<: *columns
      1: text
      3: date
`);
    expect(mistakes).toEqual([]);
    const second = datasets[1]?.definition;
    const columns = second?.kind === 'columns' ? second.columns : [];
    expect(columns.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      '1 text',
      '3 date',
      'b text',
      '2 text',
    ]);
    expect(datasets.map(({ outputFile }) => outputFile)).toEqual([
      '/srv/conf/out/a.csv',
      '/srv/conf/out/b.csv',
    ]);
  });

  it('two datasets may share a key where checkpoints are not in Redis', () => {
    const text = file(dataset({ checkpoint: 'k' }), dataset({ checkpoint: 'k' }, 'b'));
    expect(read(text, false).mistakes).toEqual([]);
    expect(read(text, true).mistakes).toEqual([
      'daymark.yaml:17:5 The datasets trips and b have one checkpoint key, k. Give each a key of its own.',
    ]);
  });
});

describe('what is no file of datasets', () => {
  const begin =
    'It begins with datasets: and, below it, the name of each dataset with its settings.';
  it.each<[text: string, mistake: string]>([
    ['', `1:1 It is empty. ${begin}`],
    ['# nothing\n', `1:1 It is empty. ${begin}`],
    ['- a\n', `1:1 It is not a map. ${begin}`],
    ['x', `1:1 It is not a map. ${begin}`],
    [
      'datasets:\n',
      '1:1 There must be at least one dataset: its name and, below it, its settings.',
    ],
    [
      'datasets: []\n',
      '1:1 There must be at least one dataset: its name and, below it, its settings.',
    ],
    [
      'datasets: {}\n',
      '1:1 There must be at least one dataset: its name and, below it, its settings.',
    ],
    ['datasets:\n\ta: 1\n', '2:1 It is not well-formed YAML: Tabs are not allowed as indentation.'],
    ['datasets: !env X\n', '1:11 It is not well-formed YAML: Unresolved tag: !env.'],
    ['datasets: {}\n---\na: 1\n', '2:1 A second document begins here, but there may be only one.'],
    [
      'datasets:\n  a:\n    raw: {day}/*.csv\n',
      '3:15 A text that begins with { must be quoted: "{day}/*.csv".',
    ],
    ['datasets:\n  a: *x\n', '2:6 There is no anchor &x before this alias.'],
    ['datasets: &x\n  a: *x\n', '2:3 This alias leads back to itself.'],
    ['datasets:\n  ? [a]\n  : 1\n', '2:5 A name must be text, not a list or a map.'],
    ['datasets:\n  a:\n    <<: [1]\n', '3:5 << takes only maps, each by its alias.'],
  ])('%j', (text, mistake) => {
    expect(mistakesIn(text)).toEqual([mistake]);
  });

  it('all names that stand twice are told, also where one is a number', () => {
    expect(
      mistakesIn(
        file(dataset({ '"day"': 'date', columns: '{ 1: text, "1": text }' }), '  trips: {}\n'),
      ),
    ).toEqual([
      '5:25 1 appears twice in one map. Remove one of them.',
      '9:5 day appears twice in one map. Remove one of them.',
      '10:3 trips appears twice in one map. Remove one of them.',
    ]);
  });

  it('aliases that stand for very much are refused at once', () => {
    const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const bomb = levels.map((name, level) => {
      const below = level === 0 ? 'x' : `*${levels[level - 1]}`;
      return `${name}: &${name} [${Array(10).fill(below).join(', ')}]\n`;
    });
    expect(mistakesIn(bomb.join(''))).toEqual([
      expect.stringMatching(/ Its aliases expand to more than 10000 values in all\.$/),
    ]);
  });

  it('lists without an end of depth are refused', () => {
    expect(mistakesIn('['.repeat(500_000))).toHaveLength(1);
  });
});

describe('a mistake of shape', () => {
  it.each<[lines: Record<string, string | null>, ...mistakes: string[]]>([
    [
      { raw: null },
      '2:3 raw is missing: where its days are: a path with {day} for the day and a pattern for the files, such as data/raw/dt={day}/*.csv{,.gz}.',
    ],
    [
      { output: null },
      '2:3 output is missing: the output, a CSV file; its state is kept next to it.',
    ],
    [
      { day: null },
      '2:3 day is missing: how days are named: index (0, 1, …) or date (2026-11-23).',
    ],
    [{ day: 'daily' }, '4:5 day must be one of: index, date, and is "daily".'],
    [{ raw: '' }, '3:5 raw must be a text, and is empty.'],
    [{ raw: '" "' }, '3:5 raw must not be empty.'],
    [{ raw: '[a, b]' }, '3:5 raw must be a text, and is a list.'],
    [{ output: '12' }, '8:5 output must be a text, and is 12: write it in quotes, "12".'],
    [{ output: 'out/' }, '8:5 output must name a file, not a folder.'],
    [
      { output: 'trips/x.csv' },
      '8:5 output lies in the folder where raw files are looked for, /srv/conf/trips, where Daymark never writes. Name a file elsewhere.',
    ],
    [{ colums: '{}' }, '9:5 colums is not known here. Did you mean columns?'],
    [{ delimiter: '";"' }, '9:5 delimiter is not known here. It belongs under csv.'],
    [{ csv: '{ nul: [] }' }, '9:12 nul is not known here. Did you mean nulls?'],
    [
      { csv: '{ nulls: [NA, -999] }' },
      '9:24 Entry 2 of nulls must be a text, and is -999: write it in quotes, "-999".',
    ],
    [
      { csv: '{ delimiter: ";;" }' },
      '9:12 csv.delimiter: it must be one ASCII character, but not a letter, digit, line end or NUL.',
    ],
    [
      { require_success_file: '"yes"' },
      '9:5 require_success_file must be true or false, and is "yes".',
    ],
    [
      { identical_files: 'maybe' },
      '9:5 identical_files must be one of: fail, count, and is "maybe".',
    ],
    [
      { spark_raw_root: 'mnt' },
      '9:5 spark_raw_root must be a URI such as hdfs://namenode/raw, s3a://bucket/raw or file:///mnt/raw.',
    ],
    [
      { engine: 'scan' },
      '9:5 engine scan reads only wide; duckdb, csv and spark read columns. Leave out engine, or choose one of them.',
    ],
    [
      { engine: 'spark' },
      '9:5 engine spark needs DAYMARK_SPARK_MASTER, such as spark://host:7077, yarn or local[4].',
    ],
    [
      { engine: 'auto' },
      '9:5 engine auto needs DAYMARK_SPARK_MASTER, such as spark://host:7077, yarn or local[4].',
    ],
    [{ columns: '[zone]' }, '5:5 columns must be a map, and is a list.'],
    [{ by: 'zone' }, '6:5 by must be a list, and is "zone".'],
    [
      { columns: null },
      '2:3 wide or columns is missing. A dataset has either columns, with by and measures or with sql, or wide, for files with one column for each category.',
    ],
    [
      { wide: '{}' },
      '5:5 There are both wide and columns. A dataset has either columns, with by and measures or with sql, or wide, for files with one column for each category.',
    ],
  ])('%j', (lines, ...mistakes) => {
    expect(mistakesOf(lines)).toEqual(mistakes);
  });

  it.each<[wide: string, ...mistakes: string[]]>([
    [
      '{ by: { h: { column: x, from: 1.5, too: 3 } } }',
      '6:19 to is missing: its highest value.',
      '6:35 from must be a whole number, and is 1.5.',
      '6:46 too is not known here. Did you mean to?',
    ],
    ['{ by: { h: 1 } }', '6:19 h must be a text or a map, and is 1: write it in quotes, "1".'],
    [
      '{ by: { h: x }, category: h }',
      '6:27 wide.category: two columns of the output are named "h": a column of by and the categories.',
    ],
    [
      '{ by: { h: { column: x, from: 3, to: 1 } } }',
      '6:19 wide.by.h: it ends at 1, which is below its start, 3.',
    ],
  ])('wide: %s', (wide, ...mistakes) => {
    const none = { columns: null, by: null, measures: null, output: null };
    expect(mistakesOf({ ...none, wide, output: 'o.csv' })).toEqual(mistakes);
  });

  it('wide is not for duckdb', () => {
    const none = { columns: null, by: null, measures: null };
    expect(mistakesOf({ ...none, wide: '{ by: { h: hour } }', engine: 'duckdb' })).toEqual([
      expect.stringMatching(
        /engine duckdb reads only datasets with columns; scan, csv and spark read wide\. Leave out/,
      ),
    ]);
  });

  it('wide takes nothing that stands beside columns', () => {
    expect(mistakesOf({ columns: null, by: null, wide: '{}', measures: '{}', csv: '{}' })).toEqual([
      '5:5 measures goes with columns, not with wide; wide has none.',
      expect.stringMatching(/^\d:5 csv goes with columns/),
    ]);
  });

  it('a name that no dataset can have', () => {
    expect(mistakesIn(file(dataset({}, 'Trips')))).toEqual([
      '2:3 "Trips" cannot be the name of a dataset: it must begin with a lower-case letter and hold only lower-case letters, digits, _ and -, at most 63 in all.',
    ]);
  });

  it('a dataset that is no map, and what stands at the wrong level', () => {
    expect(mistakesIn(`raw: x\nport: 1\ndataset: 1\n${file('  a:\n', '  b: text\n')}`)).toEqual([
      '1:1 raw is not known here; the file holds only datasets. raw belongs to a dataset: put it below datasets and the name of a dataset.',
      '2:1 port is not known here; the file holds only datasets. Everything else is set by environment variables such as DAYMARK_REDIS_URL.',
      '3:1 dataset is not known here. Did you mean datasets?',
      '5:3 a is empty: it needs raw, day, output, and wide or columns.',
      '6:3 b must be a map: it needs raw, day, output, and wide or columns.',
    ]);
  });
});

describe('a mistake in a text is told at its character', () => {
  it.each<[lines: Record<string, string>, mistake: RegExp]>([
    [{ raw: 'trips/{dag}/*.csv' }, /^3:16 \{dag\} is not known/],
    [{ raw: "'it''s/{dag}/*.csv'" }, /^3:17 \{dag\}/],
    [{ raw: '"a\\u00e4/{dag}/*.csv"' }, /^3:19 \{dag\}/],
    [{ columns: '{ zone: text, fare: decimal(3) }' }, /^5:41 Decimal needs/],
    [{ columns: '{ zone: text, fare: 12 }' }, /^5:34 "12" is not a type/],
    [
      { columns: '{ zone: text, fare: { type: integer } }' },
      /^5:28 fare must be a text, and is a map/,
    ],
    [
      { measures: '{ fare: sum(faer) }' },
      /^7:27 There is no column "faer".* Did you mean "fare"\?$/,
    ],
    [{ measures: '{ fare: \'sum("faer")\' }' }, /^7:28 There is no column "faer"/],
    [{ measures: '{ n: }' }, /^7:20 The text ends where/],
    [{ by: '[zone, hour: hour(zone)]' }, /^6:27 Hour takes a column of type timestamp/],
    [{ by: '\n      - { h: hour(zone) }' }, /^7:18 Hour takes/],
  ])('%j', (lines, mistake) => {
    expect(mistakesOf(lines)).toEqual([expect.stringMatching(mistake)]);
  });

  it('a comma between braces that was meant to be within a value', () => {
    const columns = '{ zone: text, fare: decimal(12,2)?, tip: integer }';
    expect(mistakesOf({ columns, measures: '{ mean: avg(fare, 2), n: sum(tip) }' })).toEqual([
      '5:28 fare: between { and } a comma ends a value. Quote it: fare: "decimal(12, 2)?".',
      '7:17 mean: between { and } a comma ends a value. Quote it: mean: "avg(fare, 2)".',
    ]);
  });
});

it('all mistakes of all datasets come at once, each once, in the order of the file', () => {
  const bad = dataset({
    raw: 'trips/{dag}/*.csv',
    day: 'daily',
    columns: '{ zone: [text], fare: "decimal(12,2)?" }',
    by: '[zon]',
    measures: '{ fare: sum(faer), zones: max(zone) }',
    output: null,
    colour: 'red',
    identical_files: 'maybe',
  });
  const worse = dataset(
    { measures: '{ n: cuont() }', csv: '{ delimiter: 5 }', engine: 'fast' },
    'b',
  );
  expect(
    mistakesIn(file(bad, dataset({}, 'sound'), worse)).map((each) => each.slice(0, 40)),
  ).toEqual([
    '2:3 output is missing: the output, a CSV',
    '3:16 {dag} is not known: write {day} for',
    '4:5 day must be one of: index, date, and',
    '5:16 zone must be a text, and is a list.',
    '6:10 There is no column "zon"; columns d',
    '7:27 There is no column "faer"; columns ',
    '8:5 colour is not known here. There are ',
    '9:5 identical_files must be one of: fail',
    '22:20 There is no function "cuont"; for ',
    '24:12 delimiter must be a text, and is 5',
    '25:5 engine must be one of: scan, duckdb',
  ]);
});

it('two datasets have no output together, and none lies in the raw root of another', () => {
  const one = dataset({ output: 'out/x.csv' });
  expect(mistakesIn(file(one, dataset({ output: './out/x.csv' }, 'b')))).toEqual([
    '15:5 The datasets trips and b have one output, /srv/conf/out/x.csv. Give each a file of its own.',
  ]);
  expect(
    mistakesIn(file(one, dataset({ raw: 'out/{day}/*.csv', output: 'o/b.csv' }, 'b'))),
  ).toEqual([
    '8:5 The output of the dataset trips, /srv/conf/out/x.csv, lies in the raw root of b, /srv/conf/out, where nothing is ever written. Move it elsewhere.',
  ]);
  const inState = dataset({ output: 'out/_daymark/x.csv/commits/b.csv' }, 'b');
  expect(mistakesIn(file(one, inState))).toEqual([
    '15:5 The output of the dataset b, /srv/conf/out/_daymark/x.csv/commits/b.csv, lies in /srv/conf/out/_daymark/x.csv, where Daymark keeps the state of trips. Move it elsewhere.',
  ]);
});

it.each([
  ['1.50', 'and is 1.50: write it in quotes, "1.50".'],
  ['0x10', 'and is 0x10: write it in quotes, "0x10".'],
  ['~', 'and is ~: write it in quotes, "~".'],
  ['null', 'and is null: write it in quotes, "null".'],
  ['true', 'and is true: write it in quotes, "true".'],
  ['"a\\0b"', 'must hold no NUL character.'],
])('what is taken for no text is told as it is written: %s', (written, why) => {
  const [mistake] = mistakesIn(file(dataset({ output: written })));
  expect(mistake).toContain(why);
});

it('more datasets than a service can have are refused at once', () => {
  const names = Array.from({ length: 1_001 }, (_, index) => `  d${index}: {}\n`);
  expect(mistakesIn(`datasets:\n${names.join('')}`)).toEqual([
    '1:1 There are 1001 datasets, and 1000 are the most for one service. Share them out among several.',
  ]);
});

describe('the file on the disk', () => {
  async function opened(
    path: string,
    env: Record<string, string> = {},
  ): Promise<Config | readonly string[]> {
    try {
      return await readConfigAndFiles({ DAYMARK_DATASETS: path, ...env });
    } catch (error) {
      if (error instanceof ConfigError) return error.mistakes;
      throw error;
    }
  }

  it.each<[what: string, make: (root: string) => Promise<unknown>, why: string]>([
    ['missing', async () => {}, 'there is no such file'],
    [
      'a folder',
      (root) => mkdir(join(root, 'daymark.yaml')),
      'it is a folder; name the file in it',
    ],
    [
      'too large',
      (root) => writeFile(join(root, 'daymark.yaml'), '#'.repeat(1_048_577)),
      'it has 1048577 bytes; 1048576 are the most',
    ],
    [
      'not UTF-8',
      (root) => writeFile(join(root, 'daymark.yaml'), Buffer.from('datasets: \xe4', 'latin1')),
      'its text is not UTF-8; save it as UTF-8',
    ],
  ])('%s', async (_, make, why) => {
    const root = await makeTempDir();
    await make(root);
    const path = join(root, 'daymark.yaml');
    expect(await opened(path)).toEqual([`DAYMARK_DATASETS ${path} cannot be read: ${why}.`]);
  });

  it('a device without an end is refused', async () => {
    expect(await opened('/dev/zero')).toEqual([
      'DAYMARK_DATASETS /dev/zero cannot be read: it is not a regular file.',
    ]);
  });

  it('what is about a dataset is set in one place, and all is told at once', async () => {
    const root = await makeTempDir();
    const path = join(root, 'daymark.yaml');
    await writeFile(path, `\ufeff${file(dataset({ day: 'daily' }))}`);
    const env = { DAYMARK_RAW_DIR: 'x', DAYMARK_ENGINE: 'csv', DAYMARK_PORT: 'x' };
    expect(await opened(path, env)).toEqual([
      'DAYMARK_PORT must be an integer from 0 to 65535.',
      'DAYMARK_RAW_DIR belongs to a dataset, and DAYMARK_DATASETS names a file of datasets. Set it only in that file.',
      'DAYMARK_ENGINE belongs to a dataset, and DAYMARK_DATASETS names a file of datasets. Set it only in that file.',
      `${path}:4:5 day must be one of: index, date, and is "daily".`,
    ]);
  });

  it('paths in it are relative to its folder', async () => {
    const root = await makeTempDir();
    const path = join(root, 'daymark.yaml');
    await writeFile(path, file(dataset()));
    expect(await opened(path)).toMatchObject({
      dataset: { rawDir: join(root, 'trips'), outputFile: join(root, 'out/trips.csv') },
    });
  });
});

describe('messages about a dataset of a file name what stands in it', () => {
  it('of places', async () => {
    const root = await makeTempDir();
    const path = join(root, 'daymark.yaml');
    await mkdir(join(root, 'out/trips.csv'), { recursive: true });
    await writeFile(path, file(dataset()));
    const failure: unknown = await readConfigAndFiles({ DAYMARK_DATASETS: path }).catch(
      (error) => error,
    );
    expect((failure as ConfigError).mistakes).toEqual([
      expect.stringContaining('output of trips in daymark.yaml'),
    ]);
    expect((failure as ConfigError).message).not.toContain('DAYMARK_OUTPUT_FILE');
  });

  it.each([
    ['set DAYMARK_ALLOW_EMPTY_RAW=true.', 'set allow_empty_raw: true of trips in daymark.yaml.'],
    ['x (DAYMARK_RAW_DIR) lost', 'x (raw of trips in daymark.yaml) lost'],
    ['to DAYMARK_IGNORED_COLUMNS', 'to wide.ignore of trips in daymark.yaml'],
    ['set DAYMARK_PORT or DAYMARK_SPARK_STAGING', 'set DAYMARK_PORT or DAYMARK_SPARK_STAGING'],
  ])('%s', (message, said) => {
    expect(read(file(dataset())).datasets[0]?.say(message)).toBe(said);
  });
});

describe('the files that raw names', () => {
  const wide = { columns: null, by: null, measures: null, wide: '{ by: { hour: h } }' };

  it.each([
    ['*.{csv,tsv,jsonl}{,.gz,.zst}', {}],
    ['*.TSV', { csv: '{ nulls: [NA] }' }],
    ['*.tsv', { csv: '{ delimiter: "\\t" }' }],
    ['*.{csv,tsv}', { csv: '{ delimiter: ";" }' }],
    ['*.csv{,.gz,.zst}', wide],
  ])('may be %s', (names, lines) => {
    expect(mistakesOf({ raw: `'trips/{day}/${names}'`, ...lines })).toEqual([]);
  });

  const byDuckDb = 'engine csv reads no files that end with .parquet; duckdb would.';
  it.each<[string, Readonly<Record<string, string | null>>, string]>([
    [
      '*.parquet.zst',
      {},
      '3:23 Files that end with .parquet.zst cannot be read: Parquet compresses itself.',
    ],
    ['*.parquet', { engine: 'csv' }, `9:5 ${byDuckDb}`],
    ['*.{csv,parquet}', { engine: 'csv' }, `9:5 ${byDuckDb}`],
    [
      '*.tsv',
      { engine: 'spark' },
      '9:5 engine spark reads no files that end with .tsv; csv and duckdb would.',
    ],
    [
      '*.jsonl',
      { engine: 'auto' },
      '9:5 engine auto takes spark for large runs, which reads no files that end with .jsonl; csv and duckdb would.',
    ],
    [
      '*.csv{,.zst}',
      { ...wide, engine: 'spark' },
      'engine spark reads no files that end with .csv.zst; scan and csv would.',
    ],
    [
      '*.{csv,tsv}',
      wide,
      '3:23 Files that end with .tsv are not for wide, which reads .csv, compressed or not.',
    ],
    [
      '*.tsv',
      { csv: '{ delimiter: ";", quote: "\\t" }' },
      'delimiter is for .csv files: in .tsv files tabs stand between the cells. Leave it out, or name the files .csv.',
    ],
    [
      '*.{csv,tsv}',
      { csv: '{ quote: "\\t" }' },
      'quote is the delimiter of .tsv files; they must differ.',
    ],
    [
      '*.jsonl.gz',
      { csv: '{ nulls: [NA] }' },
      'csv is for .csv and .tsv files, and raw names none. Leave it out.',
    ],
  ])('are refused as %s with %o', (names, lines, mistake) => {
    const { mistakes } = read(
      file(dataset({ raw: `'trips/{day}/${names}'`, ...lines })),
      true,
      true,
    );
    expect(mistakes).toContainEqual(expect.stringContaining(mistake));
  });
});
