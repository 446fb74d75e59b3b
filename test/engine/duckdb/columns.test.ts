/** DuckDB beside the reference: cells and texts at the edges of what each of the two takes. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readColumnsHeader } from '../../../src/engine/csv/columns/header.js';
import { createCsvEngine } from '../../../src/engine/csv/engine.js';
import { lookAtText } from '../../../src/engine/duckdb/look-at-text.js';
import type { ColumnsDefinition } from '../../../src/model/columns-definition.js';
import { columnsJob, definitionOf, type ShortSource } from '../columns/job.js';
import { type Contents, writeFiles } from '../job.js';
import { type EngineParts, openDuckDbEngine } from './open-engine.js';

const csv = createCsvEngine();

interface Case {
  readonly name: string;
  readonly contents: Contents;
  readonly source?: Partial<ShortSource>;
  readonly day?: string;
  readonly complete?: boolean;
  /** Whether the day is left to the reference. */
  readonly left: boolean;
}

const usual: ShortSource = {
  columns: { a: 'text?', b: 'text?' },
  by: ['a'],
  measures: { n: 'count()', least: 'min(b)', most: 'max(b)', kinds: 'distinct(b)' },
};

function definitionIn(source: Partial<ShortSource> = {}): ColumnsDefinition {
  return definitionOf({ ...usual, ...source });
}

/** Each is a job of its own, and the engine one for all of them. */
async function agree(cases: readonly Case[], parts?: EngineParts): Promise<void> {
  const { engine, count } = openDuckDbEngine(parts);
  for (const { name, contents, source, left, day, complete = false } of cases) {
    const job = columnsJob(await writeFiles(contents), definitionIn(source), {
      complete,
      ...(day !== undefined && { day }),
    });
    const before = count.left;
    expect(await engine.aggregate(job), name).toEqual(await csv.aggregate(job));
    expect(count.left - before, `${name}: days left to the reference`).toBe(left ? 1 : 0);
  }
}

test('texts as files hold them', { timeout: 120_000 }, async () => {
  const text = (
    name: string,
    content: string | Uint8Array,
    left: boolean,
    more?: Partial<Case>,
  ) => ({
    ...{ name, contents: { 'a.csv': content }, left },
    ...more,
  });
  const half = { csv: { delimiter: ';', quote: "'" } };
  await agree([
    text('CRLF', 'a,b\r\n1,2\r\n3,4\r\n', false),
    text('CRLF, none at the end', 'a,b\r\n1,2\r\n3,4', false),
    text('no line end', 'a,b\n1,2\n3,4', false),
    text('line ends of both kinds', 'a,b\r\n1,2\n3,4\r\n', true),
    text('blank lines', 'a,b\n\n1,2\n\n\n3,4\n\n', false),
    text('blank lines of CRLF', 'a,b\r\n\r\n1,2\r\n\r\n', false),
    text('a blank line before the header', '\na,b\n1,2\n', true),
    text('a byte order mark', '\ufeffa,b\n1,2\n', false),
    text('a byte order mark before a quote', '\ufeff"a","b"\n1,2\n', false),
    text('two byte order marks', '\ufeff\ufeffa,b\n1,2\n', true),
    text('quotes', '"a","b"\n"x, ""y""","two\nlines"\n"","two\r\nlines"\n', false),
    text('a quote amid a cell', 'a,b\nx"y,2\n', true),
    text('text behind a quote', 'a,b\n"x"y,2\n', true),
    text('a blank behind a quote', 'a,b\n"x" ,2\n', true),
    text('a blank before a quote', 'a,b\n "x",2\n', true),
    text('a quote that is never closed', 'a,b\n"x,2\n3,4\n', true),
    text('blanks', 'a,b\n x , y\n\t,  \n', false),
    text(
      'marks of comments and escapes',
      'a,b\n#x,\\N\n\\,"\\"\n\\"\\"'.replace('\n\\"\\"', ''),
      false,
    ),
    text('a cell too many', 'a,b\n1,2,3\n', true),
    text('an empty cell too many', 'a,b\n1,2,\n', true),
    text('a cell too few', 'a,b\n1\n', true),
    text('a header alone', 'a,b\n', false),
    text('a header alone, without its line end', 'a,b', false),
    text('an empty file', '', false),
    text('an empty file with _SUCCESS', '', false, { complete: true }),
    text('a NUL', 'a,b\n1,\0\n', true),
    text('CR alone', 'a,b\r1,2\r', true),
    text('CR alone at the end', 'a,b\n1,2\r', true),
    text('CR amid a cell', 'a,b\n1\r2,3\n', true),
    text('CR in quotes', 'a,b\n"1\r2",3\n', false),
    text('Latin-1', Buffer.from('a,b\n1,\xe9\n', 'latin1'), true),
    text('a character that is cut off', Buffer.from('a,b\n1,\xe2\x82', 'latin1'), true),
    text('a cell that begins with a byte order mark', 'a,b\n\ufeffx,\ufeff\nx,2\n', false),
    text('a quoted one', 'a,b\n"\ufeffx","\ufeff"\nx,2\n', false),
    text('UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), true),
    text('characters of four bytes', 'a,b\n\u{1f600},\uff5e\n\u{1f600},\ue000\n', false),
    text('a row of 1 MiB', `a,b\n1,${'x'.repeat(1_048_573)}\n2,3\n`, false),
    text('a row of more than 1 MiB', `a,b\n1,${'x'.repeat(1_048_574)}\n2,3\n`, true),
    text('a quoted row of more than 1 MiB', `a,b\n1,"${'x\n'.repeat(524_288)}"\n`, true),
    text('semicolons and apostrophes', "a;b\n'1;2';\"3\n'it''s';,\n", false, { source: half }),
    text('no quotes', 'a|b\n"1|2\n', false, { source: { csv: { delimiter: '|', quote: null } } }),
    text('another delimiter', 'a;b\n1;2\n', true),
    text('a header twice', 'a,b,a\n1,2,3\n', true),
    text('a column that is missing', 'a,c\n1,2\n', true),
    text('a header over two lines', '"a","b\nb",b\n1,2,3\n', true),
    text('nulls, quoted or not', 'a,b\nNA,"NA"\n-,na\n"",\n', false, {
      source: { csv: { nulls: ['', 'NA', '-'] } },
    }),
    text('a null that is quoted wherever it stands', 'a,b\n"x,y",1\n"x,y",\n', true, {
      source: { csv: { nulls: ['', 'x,y'] } },
    }),
    text('a single column', 'a\n1\n""\n2', false, { source: single }),
    text('a single column with blank lines', 'a\n1\n\n2\n', true, { source: single }),
    text('an empty cell that must not be', 'a,b\n1,\n', true, {
      source: { columns: { a: 'text', b: 'text' } },
    }),
  ]);
});

const single = { columns: { a: 'text?' }, measures: { n: 'count()', some: 'count(a)' } };

test('several files of a day', { timeout: 120_000 }, async () => {
  const zipped = gzipSync('a,b\n1,2\n3,4\n');
  await agree([
    {
      name: 'columns in other orders, and others beside them',
      contents: {
        'a.csv': 'a,b\n1,2\n',
        'b.csv': 'x,b,a\n9,2,1\n',
        'c.csv': 'b,"y,z",a,w\n7,,1,\n',
      },
      left: false,
    },
    {
      name: 'parts without rows',
      contents: { 'a.csv': 'a,b\n1,2\n', 'b.csv': '', 'c.csv': 'b,a\n' },
      left: false,
    },
    {
      name: 'compressed or not, in capitals too',
      contents: { 'a.csv': 'a,b\n1,2\n', 'B.CSV.GZ': zipped, 'c.csv.gz': 'a,b\n3,9' },
      left: false,
    },
    {
      name: 'tabs beside commas',
      contents: { 'a.csv': 'a,b\n"1\t",2\n', 'b.tsv': 'a\tb\n1,\t2\n' },
      left: false,
    },
    {
      name: 'members of gzip data',
      contents: { 'a.csv.gz': Buffer.concat([zipped, gzipSync('5,6\n')]) },
      left: false,
    },
    {
      name: 'zeros behind gzip data',
      contents: { 'a.csv.gz': Buffer.concat([zipped, Buffer.alloc(512)]) },
      left: true,
    },
    { name: 'gzip data cut off', contents: { 'a.csv.gz': zipped.subarray(0, -9) }, left: true },
    {
      name: 'something behind gzip data',
      contents: { 'a.csv.gz': Buffer.concat([zipped, Buffer.alloc(9), zipped]) },
      left: true,
    },
    { name: 'no gzip data', contents: { 'a.csv.gz': Buffer.from('a,b\n1,2\n') }, left: true },
    { name: 'gzip data of nothing', contents: { 'a.csv.gz': gzipSync('') }, left: true },
    {
      name: 'one odd file among sound ones',
      contents: { 'a.csv': 'a,b\n1,2\n', 'b.csv': 'a,b\n1\n', 'c.csv': 'a,b\n1,2\n' },
      left: true,
    },
    {
      name: 'names that mean something elsewhere',
      contents: Object.fromEntries(
        ["it's {1,2}.csv", '%20é #.csv', '\\.csv', '$HOME;--.csv', '~.csv', 'a\nb.csv'].map(
          (name, at) => [name, `a,b\n${at},2\n`],
        ),
      ),
      left: false,
    },
    // As patterns, these mean each other.
    ...['[1].csv', '?.csv', '*.csv', '**.csv'].map((name) => ({
      name,
      contents: { [name]: 'a,b\n1,2\n', '1.csv': 'a,b\n3,4\n' },
      left: true,
    })),
  ]);
});

const sound: Readonly<Record<string, readonly string[]>> = {
  integer: [
    ...['0', '-0', '7', '-12', '007', '-007', '3.0', '-3.000', '0.0'],
    ...['9223372036854775807', '-9223372036854775808', '-9223372036854775807.0'],
    `${'0'.repeat(40)}5`,
  ],
  'decimal(5,2)': [
    '0',
    '1',
    '-1.5',
    '123.45',
    '0.00',
    '-0.00',
    '007.50',
    '1.2000',
    '12.',
    '.5',
  ].filter((text) => !/^[.]|[.]$/.test(text)),
  'decimal(38,0)': ['9'.repeat(38), `-${'9'.repeat(38)}`, '1.000'],
  'decimal(38,38)': [`0.${'9'.repeat(38)}`, '-0', '0.5'],
  'decimal(3,3)': ['0.123', '-0.999', '00.1', '0'],
  boolean: ['true', 'True', 'TRUE', 'false', 'False', 'FALSE'],
  date: ['2026-11-23', '0001-01-01', '9999-12-31', '2024-02-29', '2000-02-29'],
  timestamp: [
    ...['2026-11-23T10:00:00Z', '2026-11-23 10:00:00', '2026-11-23T10:00:00.5Z'],
    ...['2026-11-23T10:00:00.123456', '2026-11-23T10:00:00.120000000Z', '2026-11-23T10:00:00.000'],
    ...['2026-11-23T23:30:00-05:00', '2026-11-23 00:30:00+0530', '2026-11-23T10:00:00+14'],
    ...['2026-11-23T10:00:00.250-00:30', '2026-11-23T10:00:00+14:00', '2026-11-23T10:00:00-00'],
    ...['0001-01-01T00:00:00', '9999-12-31T23:59:59.999999', '2024-02-28T23:59:59-01:00'],
    ...['0001-01-01T14:00:00+14:00', '9999-12-31T09:59:59-14'],
  ],
};

const odd: Readonly<Record<string, readonly string[]>> = {
  integer: [
    ...[
      '1.5',
      '1e3',
      '0x10',
      '+1',
      ' 1',
      '1 ',
      '1_000',
      '1,0',
      '.5',
      '1.',
      '--1',
      '−1',
      'inf',
      'nan',
    ],
    ...[
      '9223372036854775808',
      '-9223372036854775809',
      '9'.repeat(40),
      '9223372036854775807.5',
      '1.0.0',
    ],
    ...['true', '0b1', '١', '1\n', '-'],
  ],
  'decimal(5,2)': [
    '1.234',
    '1000',
    '1e2',
    '+1',
    '1.',
    '.5',
    ' 1',
    '1 ',
    'inf',
    'NaN',
    '0x1',
    '1,5',
    '1_0',
    '-',
  ],
  'decimal(38,0)': ['1'.padEnd(39, '0'), '1.5'],
  'decimal(38,38)': ['1', '1.0', `0.${'0'.repeat(38)}1`],
  'decimal(3,3)': ['1', '0.1234'],
  boolean: ['1', '0', 't', 'f', 'yes', 'tRUE', ' true', 'true '],
  date: [
    ...[
      '2026-02-30',
      '2026-2-3',
      '2023-02-29',
      '1900-02-29',
      '0000-01-01',
      '10000-01-01',
      '2026/11/23',
    ],
    ...[
      ' 2026-11-23',
      '2026-11-23 ',
      '2026-11-23T00:00:00',
      'infinity',
      'epoch',
      '20261123',
      '-2026-11-23',
    ],
    ...['2026-13-01', '2026-00-10', '0001-01-01 (BC)'],
  ],
  timestamp: [
    ...['2026-11-23', '2026-11-23T10:00', '2026-11-23T24:00:00', '2026-11-23T23:59:60Z', 'now'],
    ...[
      '2026-02-30T00:00:00',
      '2026-11-23t10:00:00',
      '2026-11-23T10:00:00z',
      '2026-11-23T10:00:00 Z',
    ],
    ...[
      '2026-11-23T10:00:00+14:01',
      '2026-11-23T10:00:00+15',
      '2026-11-23T10:00:00+1',
      '2026-11-23T10:00:00.',
    ],
    ...[
      '2026-11-23T10:00:00.1234567890',
      '2026-11-23T10:00:00 UTC',
      '2026-11-23T10:00:00 Europe/Paris',
    ],
    ...[
      '0001-01-01T00:00:00+00:01',
      '9999-12-31T23:59:59-00:01',
      '0000-12-31T23:00:00-05',
      'infinity',
    ],
    ...[
      '2026-11-23  10:00:00',
      '26-11-23T10:00:00',
      '2026-11-23T10:60:00',
      '2026-11-23T10:00:00+05:60',
    ],
    // Sound, and finer than DuckDB's times.
    '2026-11-23T10:00:00.123456789Z',
  ],
};

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

/** Keys and measures over a column of the type. */
function sourceOf(written: string): Partial<ShortSource> {
  const type = written.replace('?', '');
  const isNumber = /^(integer|decimal)/.test(type);
  const parts: Readonly<Record<string, string[]>> = {
    timestamp: ['h: hour(b)', 'w: weekday(b)', 'd: date(b)'],
    date: ['w: weekday(b)'],
  };
  return {
    columns: { b: written },
    by: ['b', ...(parts[type] ?? [])],
    measures: {
      ...{ n: 'count()', some: 'count(b)', least: 'min(b)', most: 'max(b)', kinds: 'distinct(b)' },
      ...(isNumber && { all: 'sum(b)' }),
      ...(isNumber && !type.includes('38') && { mean: 'avg(b, 3)' }),
    },
  };
}

test.each(Object.keys(sound))('sound cells of %s', { timeout: 120_000 }, async (type) => {
  const cells = sound[type] ?? [];
  const of = sourceOf(type);
  await agree([
    { name: type, contents: { 'a.csv': ['b', ...cells].join('\n') }, source: of, left: false },
    {
      name: `${type} in quotes, in one group`,
      contents: {
        'a.csv': ['b', ...cells.filter((cell) => !/9{30}/.test(cell)).map(quoted)].join('\n'),
      },
      source: { ...of, by: [] },
      left: false,
    },
    {
      name: `${type}, some empty`,
      contents: {
        'a.csv': ['"b",c', ...cells.flatMap((cell) => [`,${cell}`, `${quoted(cell)},`])].join('\n'),
      },
      source: { ...of, columns: { b: `${type}?`, c: 'text?' } },
      left: false,
    },
  ]);
});

test.each(Object.keys(odd))('cells that are no %s', { timeout: 120_000 }, async (type) => {
  await agree(
    (odd[type] ?? []).map((cell) => ({
      name: `${type} ${JSON.stringify(cell)}`,
      contents: { 'a.csv': `b\n${(sound[type] ?? [])[0]}\n${quoted(cell)}\n` },
      source: sourceOf(type),
      left: true,
    })),
  );
});

const canonical = Object.entries({
  integer: ['0', '-12', '922337203685477580', '', '7'],
  'decimal(5,2)': ['0.00', '-1.50', '123.45', '', '999.99'],
  'decimal(38,38)': [`0.${'1'.repeat(38)}`, ''],
  boolean: ['true', 'false', ''],
  date: ['2026-11-23', '0001-01-01', '9999-12-31', ''],
  timestamp: ['2026-11-23T10:00:00', '2026-11-23 10:00:00.5', '0001-01-01T00:00:00', ''],
  text: ['x', ' y ', '\u{1f600}', '', '#'],
});

test('a file whose cells are plain is read by types, beside others that are not', {
  timeout: 120_000,
}, async () => {
  const plain: EngineParts['plain'] = async (file, { definition, ...signals }) => {
    const look = await lookAtText(file, definition, signals);
    // The test says which are plain.
    if (look === null || !file.name.startsWith('plain')) return null;
    return { ...look, header: readColumnsHeader(look.names, '', definition, 1) };
  };
  await agree(
    canonical.flatMap(([type, cells]) =>
      (['date', 'index'] as const).map((dayKind) => {
        const day = dayKind === 'date' ? '2026-11-23' : '3';
        const lines = cells.map((cell) => `${day},${cell},z,`);
        return {
          name: `${type} by ${dayKind}`,
          contents: {
            'plain.csv': ['day,b,other,"d,2"', ...lines].join('\n'),
            'plain-2.csv': ['"b",other', ...cells.map((cell) => `${cell},`)].join('\r\n'),
            'quoted.csv': ['other,b', ...cells.map((cell) => `,"${cell}"`)].join('\n'),
          },
          source: { ...sourceOf(`${type}?`), dayKind, dayColumn: 'day' },
          left: false,
        };
      }),
    ),
    { plain },
  );
});
