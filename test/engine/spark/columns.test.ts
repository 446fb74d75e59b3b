/** What is made of the rows of `columns` that an application tells: a real process, only that it is not Spark. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { aggregateColumns } from '../../../src/engine/csv/columns/aggregate-columns.js';
import { readCsvFile } from '../../../src/engine/csv/csv-file.js';
import { unpackRows } from '../../../src/engine/spark/columns-rows.js';
import { createSparkEngine } from '../../../src/engine/spark/engine.js';
import { lookAtFile } from '../../../src/engine/spark/look-at-file.js';
import { makePlan } from '../../../src/engine/spark/plan.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { columnsJob, definitionOf, linesOf } from '../columns/job.js';
import { type Contents, writeFiles } from '../job.js';

const submit = fileURLToPath(new URL('./fake-submit.mjs', import.meta.url));

const definition = definitionOf({
  columns: { zone: 'text', fare: 'decimal(6,2)?', at: 'timestamp' },
  by: ['zone', 'hour: hour(at)'],
  measures: { trips: 'count()', fare: 'sum(fare)', mean: 'avg(fare, 1)', last: 'max(at)' },
  dayColumn: 'zone',
});

const text =
  'zone,fare,at\n2026-11-23,1.50,2026-11-23T05:00:00Z\n2026-11-23,,2026-11-23T05:00:00.5Z\n';

const row = (...cells: string[]) => `${cells.join('\0')}\n`;
const sound = row('2', '2026-11-23', '5', '2', '150', '150/1', '2026-11-23T05:00:00.5');

interface Making {
  readonly mode?: string;
  readonly rows?: string | null;
  readonly explainUpToBytes?: number;
  readonly contents?: Contents;
}

/** The day as it is taken, and how often the reference was asked. */
async function take({ mode = 'well', rows = sound, explainUpToBytes = 0, contents }: Making) {
  const files = await writeFiles(contents ?? { 'a.csv': text });
  const staging = join(await makeTempDir(), 'spark');
  let local = 0;
  const engine = createSparkEngine({
    rawDir: dirname(dirname(files[0]?.path as string)),
    rawRoot: null,
    stagingRoot: staging,
    local: readCsvFile,
    localColumns: (job) => {
      local += 1;
      return aggregateColumns(job);
    },
    settings: {
      ...{ master: 'spark://elsewhere:7077', submit, conf: {}, staging: null, timeoutMs: 20_000 },
      explainUpToBytes,
      environment: {
        ...{ PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, FAKE: mode },
        FAKE_ROWS: JSON.stringify(rows),
      },
    },
  });
  let consumed = 0;
  const onBytes = (count: number) => {
    consumed += count;
  };
  try {
    const result = await engine.aggregate(columnsJob(files, definition, { onBytes }));
    return { result, local, consumed, bytes: files.reduce((sum, each) => sum + each.sizeBytes, 0) };
  } finally {
    expect(await readdir(staging).catch(() => [])).toEqual([]);
  }
}

test('rows that are sound are taken as the reference would have them', async () => {
  const files = await writeFiles({ 'a.csv': text });
  const { result, local, consumed, bytes } = await take({});
  expect(result).toEqual(await aggregateColumns(columnsJob(files, definition)));
  expect({ local, consumed }).toEqual({ local: 0, consumed: bytes });
});

test('an empty file beside others is a part without rows', async () => {
  const { result, local } = await take({ contents: { 'a.csv': text, 'b.csv': '' } });
  expect(linesOf(result)).toEqual(['2026-11-23,5: 2,1.50,1.5,2026-11-23T05:00:00.5Z']);
  expect(local).toBe(0);
});

test.each<[string, Making]>([
  ['a sum that went beyond', { rows: sound.replace('\x00150\x00', '\0!\0') }],
  ['more groups than it is asked for', { rows: null }],
  ['cells that are not of their type', { mode: 'bad-cells' }],
  ['a header that is not for Spark', { contents: { 'a.csv': text, 'b.csv': `\n${text}` } }],
])('%s: the day is read by the reference', async (_, making) => {
  const { result, local, consumed, bytes } = await take({ ...making, explainUpToBytes: 100_000 });
  const files = await writeFiles(making.contents ?? { 'a.csv': text });
  expect(result).toEqual(await aggregateColumns(columnsJob(files, definition)));
  expect({ local, consumed }).toEqual({ local: 1, consumed: bytes });
});

test('bad cells of a day that is too large are told by Spark’s own examples', async () => {
  const { result, local } = await take({ mode: 'bad-cells' });
  expect(local).toBe(0);
  const place = { file: 'a.csv', line: null };
  expect(result).toMatchObject({
    kind: 'rejected',
    problemCount: 3,
    problems: [
      { ...place, column: 'fare', value: 'x', message: expect.stringContaining('a number with') },
      { ...place, column: 'zone', value: '', message: expect.stringMatching(/^it is empty/) },
      { ...place, column: 'zone', message: 'it must be 2026-11-23, the day of its folder' },
    ],
  });
});

test('a sum that went beyond, and a faulty header, of a day that is too large', async () => {
  const beyond = await take({ rows: sound.replace('\x00150/1', '\0!/1') });
  expect(beyond.result).toMatchObject({
    problemCount: 1,
    problems: [{ message: expect.stringMatching(/^a sum of the measure mean is too large .*csv/) }],
  });
  const { result } = await take({ contents: { 'a.csv': text, 'b.csv': 'zone\n' } });
  expect(result).toMatchObject({ problems: [{ file: 'b.csv', line: 1 }] });
});

test('a sum of integers beyond 64 bits is for the reference', async () => {
  const integers = definitionOf({ columns: { x: 'integer' }, measures: { x: 'sum(x)' } });
  const most = '9223372036854775807';
  expect(await unpackRows(Buffer.from(row('2', most)), integers)).toMatchObject({ records: 2 });
  for (const sum of ['9223372036854775808', '-9223372036854775809']) {
    expect(await unpackRows(Buffer.from(row('2', sum)), integers)).toEqual({
      ...{ kind: 'overflow', measure: 'x' },
    });
  }
});

describe('results are not taken where', () => {
  test.each<[string, Making, RegExp]>([
    ['rows are altered', { mode: 'rows-altered' }, /day-0\.rows is not what its manifest says/],
    ['a row is cut', { rows: sound.slice(0, -1) }, /not well-formed, or not in their order/],
    ['a row lacks a cell', { rows: row('2', 'a', '5', '2') }, /not well-formed/],
    ['a row is there twice', { rows: sound + sound }, /not in their order/],
    ['a key is empty', { rows: sound.replace('2026-11-23', '') }, /not well-formed/],
    ['a key is not of its type', { rows: sound.replace('\x005', '\0x') }, /not well-formed/],
    ['a time is not one', { rows: sound.replace('T05', 'T25') }, /not well-formed/],
    ['a sum is a float', { rows: sound.replace('\x00150\x00', '\x001.5\0') }, /not well-formed/],
    ['an average is over nothing', { rows: sound.replace('/1', '/0') }, /not well-formed/],
    [
      'rows are of another number',
      { rows: sound.replace('2', '3') },
      /has 2 rows, and its groups 3/,
    ],
    ['rows are missing', { rows: '' }, /has 2 rows, and its groups 0/],
    ['an example is of no column', { mode: 'example-beyond' }, /that the file does not have/],
  ])('%s', async (_, making, message) => {
    const failure = await take(making).catch((error) => error);
    expect(failure).toMatchObject({ slug: 'engine-failed' });
    expect(failure.message).toMatch(message);
  });

  test('there are more groups than Spark is asked for, in a day that is too large', async () => {
    await expect(take({ rows: null })).rejects.toThrow(/more groups than Spark is asked for/);
  });
});

test('days of one definition are read together, each as a whole; others by queries of their own', async () => {
  const other = definitionOf({
    columns: { zone: 'text', fare: 'integer' },
    measures: { n: 'count()' },
    csv: { delimiter: ';', nulls: ['NA'], quote: null },
  });
  const sight = async (day: number, contents: Contents, of = definition) => {
    const job = columnsJob(await writeFiles(contents), of);
    const looks = job.files.map(async (file) => ({
      ...{ job, day, file },
      look: await lookAtFile(file, job),
    }));
    return (await Promise.all(looks)).flatMap(({ look, ...rest }) =>
      look === null ? [] : [{ ...rest, look }],
    );
  };
  const { plan } = makePlan(
    [
      ...(await sight(0, { 'a.csv': text, 'b.csv.gz': text })),
      ...(await sight(1, { 'a.csv': 'fare;zone\n1;x\n' }, other)),
      ...(await sight(2, { 'a.csv': text })),
    ],
    { token: 't', owner: 1, explainUpToBytes: 100, uriOf: () => 'file:///x' },
  );
  expect(plan.batches).toEqual([
    { definition: 0, files: [0, 1, 3] },
    { definition: 1, files: [2] },
  ]);
  // Of the first day, both files together are larger than what is read again.
  expect(plan.files.map(({ examples }) => examples)).toEqual([true, true, false, false]);
  const [sighted] = await sight(3, { 'a.csv': text });
  const many = Array.from({ length: 600 }, () => sighted as NonNullable<typeof sighted>);
  const large = makePlan(many, { token: 't', owner: 1, explainUpToBytes: 0, uriOf: () => 'x' });
  expect(large.plan.batches.map(({ files }) => files.length)).toEqual([600]);
  expect(plan.definitions[1]).toEqual({
    ...{ kind: 'columns', delimiter: ';', quote: null, nulls: ['', 'NA'], dayColumn: null },
    columns: [
      { kind: 'text', nullable: false, precision: 0, scale: 0 },
      { kind: 'integer', nullable: false, precision: 0, scale: 0 },
    ],
    keys: [],
    measures: [{ measure: 'count', column: null }],
  });
  expect(plan.tables).toMatchObject([
    { read: [0, 1, 2], day: 0, dayText: '2026-11-23', categories: [] },
    { read: [1, 0], day: null, dayText: '' },
  ]);
});
