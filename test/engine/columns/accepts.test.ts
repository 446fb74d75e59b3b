/** What the reference makes of sound files. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { aggregateColumns } from '../../../src/engine/csv/columns/aggregate-columns.js';
import { type Contents, writeFiles } from '../job.js';
import {
  type ColumnsJobOptions,
  columnsJob,
  definitionOf,
  linesOf,
  type ShortSource,
} from './job.js';

async function dayOf(contents: Contents, source: ShortSource, options: ColumnsJobOptions = {}) {
  const files = await writeFiles(contents);
  return aggregateColumns(columnsJob(files, definitionOf(source), options));
}

const rowsOf = async (...of: Parameters<typeof dayOf>) => linesOf(await dayOf(...of));

const count = { n: 'count()' };

describe('measures', () => {
  const columns = { k: 'text', x: 'integer?', d: 'decimal(5,2)?', t: 'text?' };
  const text = ['k,x,d,t', 'a,5,1.5,x', 'a,,,', 'b,,,', 'a,-7,2.25,X', 'a,5,0.001000,x'].join('\n');

  it.each([
    ['count()', ['a: 4', 'b: 1']],
    ['count(x)', ['a: 3', 'b: 0']],
    ['count(k)', ['a: 4', 'b: 1']],
    ['sum(x)', ['a: 3', 'b: ']],
    ['min(x)', ['a: -7', 'b: ']],
    ['max(x)', ['a: 5', 'b: ']],
    ['min(t)', ['a: X', 'b: ']],
    ['max(t)', ['a: x', 'b: ']],
    ['avg(x, 0)', ['a: 1', 'b: ']],
    ['avg(x, 3)', ['a: 1.000', 'b: ']],
    ['distinct(x)', ['a: 2', 'b: 0']],
    ['distinct(t)', ['a: 2', 'b: 0']],
    ['distinct(k)', ['a: 1', 'b: 1']],
  ])('%s', async (measure, rows) => {
    const sound = text.replace('0.001000', '0.25');
    expect(
      await rowsOf({ 'a.csv': sound }, { columns, by: ['k'], measures: { m: measure } }),
    ).toEqual(rows);
  });

  it.each([
    ['sum(d)', 'a: 4.00'],
    ['min(d)', 'a: 0.25'],
    ['max(d)', 'a: 2.25'],
    ['avg(d, 0)', 'a: 1'],
    ['avg(d, 1)', 'a: 1.3'],
    ['avg(d, 4)', 'a: 1.3333'],
    ['distinct(d)', 'a: 3'],
  ])('%s of decimals', async (measure, row) => {
    const sound = text.replace('0.001000', '0.25');
    const source = { columns, by: ['k'], measures: { m: measure } };
    expect((await rowsOf({ 'a.csv': sound }, source))[0]).toBe(row);
  });

  it.each([
    ['1,2', 0, '2'],
    ['-1,-2', 0, '-2'],
    ['1,2,2', 0, '2'],
    ['0,0,1', 0, '0'],
    ['0,0,-1', 2, '-0.33'],
    ['0,0,0,-1', 0, '0'],
    ['1,0', 1, '0.5'],
    ['9223372036854775807,9223372036854775807', 2, '9223372036854775807.00'],
  ])(
    'the average of %s, rounded half away from zero to %d digits, is %s',
    async (cells, scale, average) => {
      const source = { columns: { x: 'integer' }, measures: { m: `avg(x, ${scale})` } };
      expect(await rowsOf({ 'a.csv': `x\n${cells.replaceAll(',', '\n')}` }, source)).toEqual([
        `: ${average}`,
      ]);
    },
  );

  it('minima and maxima are those of the type, not of the text', async () => {
    const types: readonly [string, string[], string][] = [
      ['integer', ['9', '10', '-9', '-10'], '-10,10'],
      ['decimal(6,1)', ['9', '10', '-9', '-10'], '-10.0,10.0'],
      ['text', ['\ue000', '😀', 'z'], 'z,😀'],
      ['boolean', ['true', 'FALSE'], 'false,true'],
      ['date', ['2026-11-23', '0999-01-01'], '0999-01-01,2026-11-23'],
      [
        'timestamp',
        ['2026-11-23 10:00:00.5', '2026-11-23 10:00:00', '2026-11-23 10:30:00+01:00'],
        '2026-11-23T09:30:00Z,2026-11-23T10:00:00.5Z',
      ],
    ];
    for (const [type, cells, found] of types) {
      const source = { columns: { x: type }, measures: { least: 'min(x)', most: 'max(x)' } };
      const contents = { 'a.csv': ['x', ...cells].join('\n') };
      expect(await rowsOf(contents, source)).toEqual([`: ${found}`]);
    }
  });

  it('sums of many numbers that a float holds, where it does not hold their sum', async () => {
    const source = { columns: { x: 'integer' }, measures: { x: 'sum(x)', mean: 'avg(x, 0)' } };
    const text = `x\n${'999999999999999\n'.repeat(11)}`;
    expect(await rowsOf({ 'a.csv': text }, source)).toEqual([
      ': 10999999999999989,999999999999999',
    ]);
  });

  it('sums of 64 bits and of 38 digits, exact at every step', async () => {
    const big = '99999999999999999999999999999999999.999';
    const source = {
      columns: { x: 'integer', d: 'decimal(38,3)' },
      measures: { x: 'sum(x)', d: 'sum(d)' },
    };
    const rows = [
      ['9223372036854775807', big],
      ['9223372036854775807', big],
      ['-9223372036854775807', `-${big}`],
      ['-1', '-0.001'],
      ['-9223372036854775807', '0'],
      ['9007199254740993', '0.001'],
      ['0.0', '-0'],
    ];
    const text = ['x,d', ...rows.map((row) => row.join())].join('\n');
    expect(await rowsOf({ 'a.csv': text }, source)).toEqual([`: 9007199254740992,${big}`]);
  });
});

describe('keys', () => {
  const columns = { at: 'timestamp?', on: 'date?' };
  const text = [
    'at,on',
    '2026-11-23T00:30:00+01:00,2026-11-22',
    '2026-11-23 09:00:00.25,2026-11-23',
    ',',
    '0004-02-29 23:59:59,0004-02-29',
  ].join('\n');

  it.each([
    ['hour(at)', [': 1', '9: 1', '23: 2']],
    ['weekday(at)', [': 1', '1: 1', '7: 2']],
    ['weekday(on)', [': 1', '1: 1', '7: 2']],
    ['date(at)', [': 1', '0004-02-29: 1', '2026-11-22: 1', '2026-11-23: 1']],
    ['date(on)', [': 1', '0004-02-29: 1', '2026-11-22: 1', '2026-11-23: 1']],
  ])('%s', async (key, rows) => {
    const source = { columns, by: [`k: ${key}`], measures: count };
    expect(await rowsOf({ 'a.csv': text }, source)).toEqual(rows);
  });

  it('of a week: Monday is 1 and Sunday 7', async () => {
    const days = ['23', '24', '25', '26', '27', '28', '29'].map((day) => `2026-11-${day}`);
    const source = { columns: { on: 'date' }, by: ['on', 'w: weekday(on)'], measures: count };
    expect(await rowsOf({ 'a.csv': ['on', ...days].join('\n') }, source)).toEqual(
      days.map((day, index) => `${day},${index + 1}: 1`),
    );
  });

  it('are equal where their cells are, however they are written', async () => {
    const same: Readonly<Record<string, string[]>> = {
      integer: ['3', '3.0', '003', '"3"'],
      'decimal(4,2)': ['3', '3.0', '3.000', '03.00'],
      boolean: ['true', 'True', '"TRUE"'],
      timestamp: ['2026-11-23 10:00:00', '2026-11-23T11:00:00.000+01', '2026-11-23T10:00:00Z'],
    };
    for (const [type, cells] of Object.entries(same)) {
      const source = { columns: { k: type }, by: ['k'], measures: count };
      const rows = await rowsOf({ 'a.csv': ['k', ...cells].join('\n') }, source);
      expect(rows).toEqual([expect.stringMatching(new RegExp(`: ${cells.length}$`))]);
    }
  });

  it('are sorted: numbers as numbers, text by code point, null first, the first key first', async () => {
    const cells = ['10,😀', '9,b', ',b', '-1,', '10,\ue000', '9,', '10,', '9,B'];
    const source = { columns: { x: 'integer?', t: 'text?' }, by: ['x', 't'], measures: count };
    expect(await rowsOf({ 'a.csv': ['x,t', ...cells].join('\n') }, source)).toEqual(
      [',b', '-1,', '9,', '9,B', '9,b', '10,', '10,\ue000', '10,😀'].map((key) => `${key}: 1`),
    );
  });

  it('that run into each other stay apart', async () => {
    const cells = ['ab,c', 'a,bc', 'abc,', ',abc'];
    const source = { columns: { x: 'text?', y: 'text?' }, by: ['x', 'y'], measures: count };
    const rows = await rowsOf({ 'a.csv': ['x,y', ...cells].join('\n') }, source);
    expect(rows.sort()).toEqual([',abc: 1', 'a,bc: 1', 'ab,c: 1', 'abc,: 1']);
  });

  it('none: the day is one row, and a day without rows has none', async () => {
    const source = { columns: { x: 'integer' }, measures: { n: 'count()', x: 'sum(x)' } };
    expect(await rowsOf({ 'a.csv': 'x\n1\n2\n' }, source)).toEqual([': 2,3']);
    expect(await rowsOf({ 'a.csv': 'x\n' }, source)).toEqual([]);
  });
});

describe('files', () => {
  const source = { columns: { k: 'text', x: 'integer' }, by: ['k'], measures: { x: 'sum(x)' } };

  it('have columns in any order, and others that are told and left alone', async () => {
    const contents = {
      'a.csv': '\ufeffk,note,x\r\na,"1, 2",5\r\n',
      'b.csv.gz': 'x,other,k,note\n7,yes,a,\n\n\n1,é,b,',
      'c.csv': '',
    };
    const day = await dayOf(contents, source);
    expect(linesOf(day)).toEqual(['a: 12', 'b: 1']);
    const told = (
      name: string,
      textBytes: number,
      rows: number,
      ends: boolean,
      columns: string[],
    ) => ({
      ...{ name, textBytes, rows, endsWithLineFeed: ends, columns },
    });
    expect(day).toMatchObject({
      records: 3,
      files: [
        told('a.csv', 25, 1, true, ['note']),
        told('b.csv.gz', 33, 2, false, ['other', 'note']),
        told('c.csv', 0, 0, false, []),
      ],
    });
  });

  it.each([
    [';', '"'],
    ['\t', '"'],
    ['|', "'"],
    ['\x01', '"'],
    [' ', "'"],
    ['.', '"'],
  ])('are kept apart by %j, and quoted by %j', async (delimiter, quote) => {
    const cell = (text: string) => `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
    const awkward = `a${delimiter}${quote}\n,"'b`;
    const text = [
      ['k', cell('x')],
      [cell(awkward), '5'],
      [cell(''), ''],
      [cell('NA'), 'NA'],
      ['b', cell('1')],
    ];
    const contents = { 'a.csv': text.map((row) => row.join(delimiter)).join('\r\n') };
    const nullable = {
      columns: { k: 'text?', x: 'integer?' },
      by: ['k'],
      measures: { x: 'sum(x)' },
    };
    const csv = { delimiter, quote, nulls: ['NA'] };
    expect(await rowsOf(contents, { ...nullable, csv })).toEqual([': ', `${awkward}: 5`, 'b: 1']);
  });

  it('without quotes take every sign as it is', async () => {
    const contents = { 'a.csv': 'k\tx\n"a\t1\n"\t2\n5\'\t3\n' };
    const csv = { delimiter: '\t', quote: null };
    expect(await rowsOf(contents, { ...source, csv })).toEqual(['": 2', '"a: 1', "5': 3"]);
  });

  it('may have the day of their folder in each row', async () => {
    const days: readonly [ShortSource['dayKind'], string, string[]][] = [
      ['date', 'text', ['2026-11-23']],
      ['date', 'date', ['2026-11-23']],
      ['index', 'text', ['3', '3.0']],
      ['index', 'integer', ['3', '3.0']],
    ];
    for (const [dayKind = 'date', type, cells] of days) {
      const text = ['d,x', ...cells.map((cell) => `${cell},1`)].join('\n');
      const rows = [`: ${cells.length}`];
      for (const columns of [{ x: 'integer' }, { x: 'integer', d: type }]) {
        const with_ = { dayKind, columns, measures: { x: 'sum(x)' }, dayColumn: 'd' };
        expect(await rowsOf({ 'a.csv': text }, with_)).toEqual(rows);
      }
    }
    const padded = { dayKind: 'index', columns: { d: 'integer' }, measures: count } as const;
    expect(await rowsOf({ 'a.csv': 'd\n03\n' }, { ...padded, dayColumn: 'd' })).toEqual([': 1']);
    const without = { columns: { x: 'integer' }, measures: count, dayColumn: 'd' };
    const day = await dayOf({ 'a.csv': 'x\n1\n', 'b.csv': 'd,x\n2026-11-23,1\n' }, without);
    expect(day).toMatchObject({ records: 2, files: [{ columns: [] }, { columns: [] }] });
  });

  it('longer than a chunk, in several gzip members', async () => {
    const half = gzipSync(`k,x\n${'a,1\nb,2\n'.repeat(50_000)}`);
    const contents = { 'a.csv.gz': Buffer.concat([half, gzipSync('a,5\n'.repeat(50_000))]) };
    expect(await rowsOf(contents, source)).toEqual(['a: 300000', 'b: 100000']);
  });

  it('that are empty beside _SUCCESS are a day without rows', async () => {
    expect(await rowsOf({ 'a.csv': '' }, source, { complete: true })).toEqual([]);
  });
});
