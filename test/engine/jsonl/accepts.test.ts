/** What the reference makes of sound JSON Lines. */
import { describe, expect, it } from 'vitest';
import { aggregateColumns } from '../../../src/engine/csv/columns/aggregate-columns.js';
import { columnsJob, definitionOf, linesOf, type ShortSource } from '../columns/job.js';
import { type Contents, writeFiles } from '../job.js';

async function dayOf(contents: Contents, source: ShortSource, complete = false) {
  const files = await writeFiles(contents);
  return aggregateColumns(columnsJob(files, definitionOf(source), { complete }));
}

/** The cells of the one column, with how many rows have each. */
async function cellsOf(type: string, ...lines: string[]) {
  const source = { columns: { x: type }, by: ['x'], measures: { n: 'count()' } };
  return linesOf(await dayOf({ 'a.jsonl': lines.join('\n') }, source));
}

describe('values', () => {
  it.each<[string, string, string[]]>([
    ['integer', '-0 7 -12 3.0 1e3 1.5e1 -2E+2', ['-200', '-12', '0', '3', '7', '15', '1000']],
    [
      'integer',
      '9223372036854775807 -9223372036854775808',
      ['-9223372036854775808', '9223372036854775807'],
    ],
    [
      'decimal(38,2)',
      '0.1 0.30 1e-2 12345678901234567890123456789012345.67',
      ['0.01', '0.10', '0.30', '12345678901234567890123456789012345.67'],
    ],
    ['decimal(5,0)', '1e4 12.0', ['12', '10000']],
    ['boolean', 'true false', ['false', 'true']],
    ['date', '"2026-11-23" "2024-02-29"', ['2024-02-29', '2026-11-23']],
    [
      'timestamp',
      '"2026-11-23T10:00:00+01:00" "2026-11-23T10:00:00.50"',
      ['2026-11-23T09:00:00Z', '2026-11-23T10:00:00.5Z'],
    ],
    [
      'text',
      '"a" "\\u00e9" "\\ud83d\\ude00" "true" "1.0" "null" "x\\"y\\\\z"',
      [...['1.0', 'a', 'null', 'true', 'x"y\\z', 'é', '\ud83d\ude00']],
    ],
  ])('of type %s: %s', async (type, values, cells) => {
    const lines = values.split(' ').map((value) => `{"x":${value}}`);
    expect(await cellsOf(type, ...lines)).toEqual(cells.map((cell) => `${cell}: 1`));
  });

  it('are empty where a field is null or missing, or a string is', async () => {
    expect(await cellsOf('text?', '{"x":null}', '{}', '{"x":""}', '{"y":1}')).toEqual([': 4']);
    expect(await cellsOf('date?', '{"x":""}', '{"x":"2026-11-23"}')).toEqual([
      ': 1',
      '2026-11-23: 1',
    ]);
    expect(await cellsOf('integer?', '{"x":null}', '{}')).toEqual([': 2']);
  });

  it('that stand for nothing in CSV are texts', async () => {
    const source = {
      ...{ columns: { x: 'text' }, by: ['x'], measures: { n: 'count()' }, csv: { nulls: ['NA'] } },
    };
    expect(linesOf(await dayOf({ 'a.jsonl': '{"x":"NA"}\n' }, source))).toEqual(['NA: 1']);
  });

  it('keep long texts apart from the file', async () => {
    const long = 'a text that is longer than thirteen characters';
    expect(await cellsOf('text', `{"x":"${long}"}`, `{"x":"${long}"}`)).toEqual([`${long}: 2`]);
  });
});

describe('fields', () => {
  const nested: ShortSource = {
    columns: { 'user.id': 'integer?', 'user.name.first': 'text?', user: 'text?' },
    by: ['user.id'],
    measures: { n: 'count()', first: 'min("user.name.first")', user: 'min(user)' },
  };
  const rows = async (...lines: string[]) =>
    linesOf(await dayOf({ 'a.jsonl': `${lines.join('\n')}\n` }, nested));

  it('within others are found by their path', async () => {
    const { user: _, ...columns } = nested.columns;
    const source = {
      ...nested,
      columns,
      measures: { n: 'count()', first: 'min("user.name.first")' },
    };
    const text =
      '{"user":{"x":[{}],"name":{"first":"Ann"},"id":5}}\n{"user":null}\n{}\n{"user":{"name":null}}\n';
    expect(linesOf(await dayOf({ 'a.jsonl': text }, source))).toEqual([': 3,', '5: 1,Ann']);
  });

  it('may have the whole name', async () => {
    expect(await rows('{"user.id":5,"user.name.first":"Ann","user":"x"}')).toEqual(['5: 1,Ann,x']);
  });

  it('may stand in any order, and others are left out', async () => {
    const source = { columns: { a: 'text', b: 'integer' }, by: ['a'], measures: { b: 'sum(b)' } };
    const lines = [
      '{"a":"x","b":1}',
      '{ "c" : { "b" : 9, "d": [1, {"a": "]}"}] } , "b" : 2 , "a" : "x" }',
      '\t{"\\u0061":"x","b":4, "": null, "c": 1, "c": 2}\t',
    ];
    expect(linesOf(await dayOf({ 'a.jsonl': lines.join('\r\n') }, source))).toEqual(['x: 7']);
  });

  it('that hold the day are compared with it, as text or number', async () => {
    const source = { columns: { a: 'text' }, by: ['a'], measures: { n: 'count()' } };
    const text = '{"a":"x","dow":3}\n{"a":"x","dow":"3"}\n{"a":"x","dow":3.0}\n';
    const days = { 'a.jsonl': text, 'b.jsonl': '{"a":"x"}\n' };
    const found = await dayOf(days, { ...source, dayKind: 'index', dayColumn: 'dow' });
    expect(linesOf(found)).toEqual(['x: 4']);
  });
});

describe('files', () => {
  const source = { columns: { a: 'text' }, by: ['a'], measures: { n: 'count()' } };
  const line = '{"a":"x"}';

  it.each<[string, string, number]>([
    ['without a last line end', `${line}\n${line}`, 2],
    ['with CRLF', `${line}\r\n${line}\r\n`, 2],
    ['with blank lines', `\n${line}\n\n \t\r\n${line}\n\n`, 2],
    ['with byte order marks', `\ufeff\ufeff${line}\n`, 1],
  ])('%s', async (_, text, rows) => {
    for (const name of ['a.jsonl', 'A.JSONL.GZ', 'a.jsonl.zst']) {
      const day = await dayOf({ [name]: text }, source);
      expect(linesOf(day)).toEqual([`x: ${rows}`]);
      expect(day).toMatchObject({
        records: rows,
        files: [
          {
            ...{ name, rows, columns: [], textBytes: Buffer.byteLength(text) },
            endsWithLineFeed: text.endsWith('\n'),
          },
        ],
      });
    }
  });

  it('without rows are fine beside others, or where the day is complete', async () => {
    const beside = { 'a.jsonl': '', 'b.jsonl': `${line}\n`, 'c.jsonl': '\n' };
    expect(linesOf(await dayOf(beside, source))).toEqual(['x: 1']);
    expect(linesOf(await dayOf({ 'a.jsonl': '' }, source, true))).toEqual([]);
  });

  it('may lie beside CSV files', async () => {
    const all = {
      'a.csv': 'a\nx\n',
      'b.tsv': 'b\ta\n1\tx\n',
      'c.jsonl': line,
      'd.csv.gz': 'a\ny\n',
    };
    expect(linesOf(await dayOf(all, source))).toEqual(['x: 3', 'y: 1']);
  });
});
