/** What Spark itself must do of `columns`: cells at the edges of their types, read by compiled expressions. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { DayAggregate, DayRejection } from '../../src/core/ports/engine.js';
import {
  aggregateColumns,
  type ColumnsJob,
} from '../../src/engine/csv/columns/aggregate-columns.js';
import type { ColumnsDefinition } from '../../src/model/columns-definition.js';
import { columnsJob, definitionOf, linesOf } from '../engine/columns/job.js';
import { type Contents, writeFiles } from '../engine/job.js';
import { keepTempDirs } from '../support/temp-dir.js';
import { countingSpark, describeSpark, type SparkChanges } from './support/subject.js';

keepTempDirs();

const patienceMs = 300_000;

const types = definitionOf({
  columns: {
    ...{ k: 'text', i: 'integer?', d: 'decimal(38,6)?', e: 'decimal(3,3)?' },
    ...{ b: 'boolean?', on: 'date?', at: 'timestamp?' },
  },
  by: ['k', 'i', 'd', 'e', 'b', 'on', 'at', 'h: hour(at)', 'w: weekday(at)', 'o: date(at)'],
  measures: {
    ...{
      n: 'count()',
      ni: 'count(i)',
      i_: 'sum(i)',
      least: 'min(i)',
      d_: 'sum(d)',
      most: 'max(d)',
    },
    ...{ mean: 'avg(e, 2)', meani: 'avg(i, 0)', last: 'max(at)', different: 'distinct(at)' },
  },
  csv: { nulls: ['NA'] },
});

const header = 'k,i,d,e,b,on,at';

/** Each as the one cell of its column. */
const soundCells: Readonly<Record<string, readonly string[]>> = {
  k: ['x', ' x ', '\ue000', '😀', '"a,""b"""', '\t', '00', '-', 'é', 'e\u0301', "'"],
  i: [
    '9223372036854775807',
    '-9223372036854775808',
    '-0',
    '-0.0',
    '00012.000',
    `${'0'.repeat(50)}7`,
  ],
  d: ['99999999999999999999999999999999.999999', '-0', '-0.0000000', '1.50', '007.1000000000'],
  e: ['0.999', '-000.001', '0', '0.5000'],
  b: ['True', 'FALSE', 'true'],
  on: ['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '0004-02-29'],
  at: [
    ...['2026-11-23T09:12:00Z', '2026-11-23 00:12:00.500000000+00:13', '2026-12-31T23:59:59-00:01'],
    ...[
      '2024-03-01T00:00:00.000000001+14:00',
      '0001-01-01T00:00:00+00:00',
      '1582-10-10T12:00:00+01',
    ],
    ...['2024-02-28T23:59:59.9-0100', '1969-12-31T23:59:59.25+0030', '9999-12-31 23:59:59-00:00'],
  ],
};

const badCells: Readonly<Record<string, readonly string[]>> = {
  k: ['', 'NA'],
  i: [
    '9223372036854775808',
    '-9223372036854775809',
    '1.5',
    '+1',
    ' 1',
    '1 ',
    '1L',
    '1.',
    '.0',
    '١',
  ],
  d: ['100000000000000000000000000000000', '0.0000001', '1e3', '1.', '.5', '-', '--1', 'NaN'],
  e: ['1', '1.0', '0.0005'],
  b: ['tRUE', '1', 'yes', 'true '],
  on: ['2023-02-29', '1900-02-29', '2026-11-31', '0000-01-01', '2026-1-1', '2026-11-23T00:00:00Z'],
  at: [
    ...['2026-11-23', '2026-11-23T24:00:00Z', '2026-11-23T09:12:60Z', '2026-11-23T09:12:00.', '1'],
    ...['2026-11-23T09:12:00+14:01', '2026-11-23T09:12:00+15', '2026-11-23T09:12:00z'],
    ...['0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', '2026-02-30T00:00:00Z'],
    ...['2026-11-23T09:12:00.1234567891Z', '2026-11-23T09:12:00+1:00', '2026-11-23T09:12:00+01:60'],
  ],
};

function lineWith(column: string, cell: string): string {
  return header
    .split(',')
    .map((name) => (name === column ? cell : name === 'k' ? 'z' : ''))
    .join();
}

/** Of one application; whether each day was read here again. */
async function readAll(jobs: readonly ColumnsJob[], changes: SparkChanges = {}) {
  const { engine, counted } = countingSpark({ timeoutMs: patienceMs, ...changes });
  const session = engine.session?.(jobs, () => undefined);
  const results: { found: DayAggregate | DayRejection | Error; isLocal: boolean }[] = [];
  for (const job of jobs) {
    const before = counted.days;
    const found = await session?.aggregate(job).catch((error: Error) => error);
    results.push({ found: found as DayAggregate, isLocal: counted.days > before });
  }
  await session?.close();
  return results;
}

/** Without quotes, grouped by nothing, with a day in its rows. */
const unquoted = definitionOf({
  columns: { day: 'integer', x: 'text' },
  measures: { n: 'count()', x: 'max(x)', different: 'distinct(x)' },
  dayKind: 'index',
  dayColumn: 'day',
  csv: { delimiter: '^', quote: null },
});

interface Planted {
  readonly definition?: ColumnsDefinition;
  readonly [file: string]: Contents[string] | ColumnsDefinition | undefined;
}

async function dayOf({ definition = types, ...contents }: Planted): Promise<ColumnsJob> {
  return columnsJob(await writeFiles(contents as Contents), definition);
}

function problemsOf(found: DayAggregate | DayRejection | Error | undefined) {
  return found && 'problems' in found ? found.problems : [];
}

describeSpark('columns on Spark', () => {
  test('reads cells at the edges of their types by itself, and calls others odd', {
    timeout: patienceMs,
  }, async () => {
    const all = Object.entries(soundCells).flatMap(([column, cells]) =>
      cells.map((cell) => lineWith(column, cell)),
    );
    const text = `${header}\n${all.join('\n')}\n`;
    const ordinary: Planted[] = [
      { 'a.csv': text },
      { 'a.csv': `\ufeff${text.replaceAll('\n', '\r\n')}` },
      { 'a.csv.gz': text, 'b.csv': '', 'c.csv': `${header}\n` },
      { 'a.csv': text.slice(0, -1) },
      // Columns in another order, and one that is not declared.
      { 'a.csv': 'at,on,b,e,d,i,other,k\n,,,,,5,x,k\nNA,NA,NA,NA,NA,NA,NA,k\n\n' },
      { 'a.csv': 'day^x\n03^"a\n3.0^b"c\n3^]\n', definition: unquoted },
      { 'a.csv': 'day^x\n', definition: unquoted },
    ];
    const odd: Planted[] = [
      ...Object.entries(badCells).flatMap(([column, cells]) =>
        cells.map((cell) => ({ 'a.csv': `${header}\n${lineWith(column, cell)}\n` })),
      ),
      { 'a.csv': `${text}a,b\n` },
      { 'a.csv': `${text}"a\nb",,,,,,\n` },
      { 'a.csv': text, 'b.csv.gz': gzipSync(text).subarray(0, -9) },
      { 'a.csv': text, 'b.csv': 'k\nx\n' },
      { 'a.csv': 'day^x\n4^a\n', definition: unquoted },
      // Sums beyond 64 bits, and beyond 38 digits.
      { 'a.csv': `${header}\n${'z,9223372036854775807,,,,,\n'.repeat(2)}` },
      { 'a.csv': `${header}\n${`z,,${'9'.repeat(32)},,,,\n`.repeat(2)}` },
    ];
    const jobs = await Promise.all([...ordinary, ...odd].map(dayOf));
    const results = await readAll(jobs);
    for (const [index, { found, isLocal }] of results.entries()) {
      const what = JSON.stringify([...ordinary, ...odd][index]).slice(0, 300);
      expect(found, what).toEqual(await aggregateColumns(jobs[index] as ColumnsJob));
      expect({ what, isLocal }).toEqual({ what, isLocal: index >= ordinary.length });
      if (index < ordinary.length) expect(found).toMatchObject({ kind: 'aggregated' });
    }
  });

  test('of days too large to be read again it tells what it saw, and of too many groups no row', {
    timeout: patienceMs,
  }, async () => {
    const small = definitionOf({
      columns: { k: 'text', x: 'integer' },
      by: ['k'],
      measures: { x: 'sum(x)' },
    });
    const many = Array.from({ length: 60 }, (_, index) => `k${index},1\n`).join('');
    const [wrong, tooMany, sound] = await readAll(
      [
        await dayOf({ 'a.csv': 'k,x\na,1.5\n,2\na,1,1\n', definition: small }),
        await dayOf({ 'a.csv': `k,x\n${many}`, definition: small }),
        await dayOf({ 'a.csv': 'k,x\na,1\n', 'b.csv': 'x,k\n2,a\n', definition: small }),
      ],
      { explainUpToBytes: 0, mostResultRows: 50 },
    );
    expect(wrong?.found).toMatchObject({ kind: 'rejected', problemCount: 3 });
    const problems = problemsOf(wrong?.found);
    expect(problems.map(({ column, value }) => [column, value]).sort()).toEqual([
      [null, null],
      ['k', ''],
      ['x', '1.5'],
    ]);
    expect(tooMany?.found).toMatchObject({
      message: expect.stringMatching(/^the day has more groups than Spark is asked for/),
    });
    expect(linesOf(sound?.found as DayAggregate)).toEqual(['a: 3']);
  });
});
