/** What the reference says of JSON Lines that are wrong: file, line, column and value, and what to do. */
import { describe, expect, it } from 'vitest';
import type { ShortSource } from '../columns/job.js';
import { rejection } from '../columns/rejection.js';
import { type Place, problem } from '../words.js';

const own = (place: Place) => problem({ file: 'a.jsonl', ...place });

async function problemsOf(text: string | Uint8Array, of: Partial<ShortSource> = {}) {
  return (await rejection({ 'a.jsonl': text }, of)).problems;
}

const good = '{"zone":"a","seconds":1}';
const wholeNumber = 'it must be a whole number of 64 bits, such as 3 or -12';
const decimal =
  'it must be a number with at most 4 digits before the point and 2 digits after it, such as 3.5';
const allowed = 'a ? after the type of this column, under columns of the dataset, would allow that';

describe('values', () => {
  it.each<[what: string, fields: string, places: Omit<Place, 'line'>[]]>([
    [
      'not whole',
      '"zone":"a","seconds":1.5',
      [{ column: 'seconds', value: '1.5', message: wholeNumber }],
    ],
    [
      'beyond 64 bits, which a float would round',
      '"zone":"a","seconds":9223372036854775808',
      [{ column: 'seconds', value: '9223372036854775808', message: wholeNumber }],
    ],
    [
      'with more decimals than declared, which a float would lose',
      '"zone":"a","seconds":1,"fare":0.10000000000000000001',
      [{ column: 'fare', value: '0.10000000000000000001', message: decimal }],
    ],
    [
      'beyond any number of digits',
      '"zone":"a","seconds":1e999999',
      [{ column: 'seconds', value: '1e999999', message: wholeNumber }],
    ],
    [
      'numbers in quotes',
      '"zone":"a","seconds":"1","fare":"2.5"',
      [
        { column: 'fare', value: '2.5', message: `it is a string; ${decimal}, without quotes` },
        {
          column: 'seconds',
          value: '1',
          message: `it is a string; ${wholeNumber}, without quotes`,
        },
      ],
    ],
    [
      'an empty string for a number',
      '"zone":"a","seconds":""',
      [{ column: 'seconds', value: '', message: `it is a string; ${wholeNumber}, without quotes` }],
    ],
    [
      'numbers where texts belong',
      '"zone":7,"seconds":1',
      [{ column: 'zone', value: '7', message: 'it is a number; it must be a text, in quotes' }],
    ],
    [
      'true where a text belongs',
      '"zone":true,"seconds":1',
      [
        {
          column: 'zone',
          value: 'true',
          message: 'it is true or false; it must be a text, in quotes',
        },
      ],
    ],
    [
      'objects and arrays',
      '"zone":{"a": 1},"seconds":[1, 2]',
      [
        {
          column: 'zone',
          value: '{"a": 1}',
          message: 'it is an object; it must be a text, in quotes',
        },
        { column: 'seconds', value: '[1, 2]', message: `it is an array; ${wholeNumber}` },
      ],
    ],
    [
      'null where none may be',
      '"zone":null,"seconds":1',
      [{ column: 'zone', value: 'null', message: `it is empty; ${allowed}` }],
    ],
    [
      'an empty text where none may be',
      '"zone":"","seconds":1',
      [{ column: 'zone', value: '', message: `it is empty; ${allowed}` }],
    ],
    [
      'missing where none may be',
      '"seconds":1',
      [{ column: 'zone', message: `the field is missing; ${allowed}` }],
    ],
    [
      'missing under another name',
      '"seconds":1,"Zone":"a"',
      [
        {
          column: 'zone',
          message: `the field is missing; ${allowed}, but "Zone" is probably the same with other capitals`,
        },
      ],
    ],
    [
      'NUL in a text',
      '"zone":"a\\u0000b","seconds":1',
      [
        {
          ...{ column: 'zone', value: 'a\0b' },
          message: 'the string has a NUL, or half of a surrogate pair; it is not text',
        },
      ],
    ],
    [
      'half a character',
      '"zone":"\\ud83d","seconds":1',
      [
        {
          ...{ column: 'zone', value: '\ud83d' },
          message: 'the string has a NUL, or half of a surrogate pair; it is not text',
        },
      ],
    ],
    [
      'two of one name',
      '"zone":"a","seconds":1,"z\\u006fne":"a"',
      [{ column: 'zone', message: 'the object has two fields of this name' }],
    ],
  ])('%s', async (_, fields, places) => {
    const found = await problemsOf(`${good}\n{${fields}}\n${good}\n`);
    expect(found).toEqual(places.map((place) => own({ line: 2, ...place })));
  });

  const booleans: Partial<ShortSource> = {
    columns: { x: 'boolean', t: 'timestamp?', d: 'date?' },
    ...{ by: ['x'], measures: { n: 'count()' } },
  };
  it.each<[string, Omit<Place, 'line'>]>([
    [
      '{"x":"true"}',
      {
        column: 'x',
        value: 'true',
        message: 'it is a string; it must be true or false, without quotes',
      },
    ],
    ['{"x":1}', { column: 'x', value: '1', message: 'it is a number; it must be true or false' }],
    [
      '{"x":true,"d":20261123}',
      {
        column: 'd',
        value: '20261123',
        message: 'it is a number; it must be a date that exists, such as 2026-11-23, in quotes',
      },
    ],
    [
      '{"x":true,"d":"2026-02-30"}',
      {
        column: 'd',
        value: '2026-02-30',
        message: 'it must be a date that exists, such as 2026-11-23',
      },
    ],
    [
      '{"x":true,"t":1763856000}',
      {
        ...{ column: 't', value: '1763856000' },
        message:
          'it is a number; it must be a time in ISO 8601, such as 2026-11-23T09:12:00Z or 2026-11-23 09:12:00.5+01:00, in quotes',
      },
    ],
  ])('%s', async (line, place) => {
    expect(await problemsOf(`${line}\n`, booleans)).toEqual([own({ line: 1, ...place })]);
  });
});

describe('paths', () => {
  const nested: Partial<ShortSource> = {
    columns: { 'user.id': 'integer?', a: 'text?' },
    ...{ by: ['user.id'], measures: { n: 'count()' } },
  };
  it.each<[string, Omit<Place, 'line'>]>([
    ['{"user":5}', { column: 'user.id', message: 'what should hold this field is not an object' }],
    [
      '{"user":[{"id":5}]}',
      { column: 'user.id', message: 'what should hold this field is not an object' },
    ],
    [
      '{"user.id":5,"user":{"id":5}}',
      {
        column: 'user.id',
        message:
          'the object has a field of this name, and one along the path as well; it is unclear which of them is meant',
      },
    ],
    [
      '{"user":{"id":1},"user":{"x":2}}',
      { column: 'user', message: 'the object has two fields of this name' },
    ],
    [
      '{"user":{"id":1,"id":1}}',
      { column: 'id', message: 'the object has two fields of this name' },
    ],
    [
      '{"user":{"id":"1"}}',
      { column: 'user.id', value: '1', message: `it is a string; ${wholeNumber}, without quotes` },
    ],
  ])('%s', async (line, place) => {
    expect(await problemsOf(`{"user":{"id":1}}\n${line}\n`, nested)).toEqual([
      own({ line: 2, ...place }),
    ]);
  });
});

const notJson = 'the line is not an object of JSON: ';

describe('lines', () => {
  it.each<[line: string, message: string]>([
    ['{"zone":"a","seconds":1', 'the line ends where , is expected, at character 24'],
    ['{"zone":"a"', 'the line ends where , is expected, at character 12'],
    ['{"zone":"a","sec', 'the string is never closed, at character 13'],
    ['{"zone":"a","x":[1,', 'what begins here is not closed in its line, at character 17'],
    ['{"zone":"a","x":[1,}]}', 'the array that begins here is not JSON, at character 17'],
    ['{"zone":"a","x":{"y" 1}}', 'the object that begins here is not JSON, at character 17'],
    [`${good}{"zone":"b"}`, 'there is "{" where the end of the line is expected, at character 25'],
    [`${good},`, 'there is "," where the end of the line is expected, at character 25'],
    ['{"zone":"a",}', 'there is "}" where a name in quotes is expected, at character 13'],
    ['{zone:"a"}', 'there is "z" where a name in quotes is expected, at character 2'],
    ["{'zone':'a'}", 'there is "\'" where a name in quotes is expected, at character 2'],
    ['{"zone":"a","seconds":01}', 'there is "1" where , is expected, at character 24'],
    ['{"zone":"a","seconds":+1}', 'there is "+" where a value is expected, at character 23'],
    [
      '{"zone":"a","seconds":NaN}',
      'NaN is no value of JSON; null stands for what is unknown, at character 23',
    ],
    [
      '{"zone":"a","x":-Infinity}',
      '-Infinity is no value of JSON; null stands for what is unknown, at character 17',
    ],
    [
      '{"zone":"a\\x"}',
      'the string has a control character, or a \\ that escapes nothing, at character 9',
    ],
    [
      '{"zone":"a\tb"}',
      'the string has a control character, or a \\ that escapes nothing, at character 9',
    ],
    ['{"zone":None}', 'there is "N" where a value is expected, at character 9'],
    ['{"zone" "a"}', 'there is "\\"" where : is expected, at character 9'],
    ['{"zone":"a"} // x', 'there is "/" where the end of the line is expected, at character 14'],
    ['[1]', 'it is an array, at character 1'],
    ['"a"', 'it is a string, at character 1'],
    ['null', 'it is null, at character 1'],
    ['zone,seconds', 'there is "z" where a value is expected, at character 1'],
  ])('%s', async (line, message) => {
    const place = { line: 2, message: `${notJson}${message}` };
    expect(await problemsOf(`${good}\n${line}\n${good}\n`)).toEqual([own(place)]);
    // As the last line, without an end.
    expect(await problemsOf(`${good}\n${line}`)).toEqual([own(place)]);
  });

  it('are read on behind one that is wrong', async () => {
    const found = await problemsOf(`${good}\nx\n{"zone":"a","seconds":"1"}\n{`);
    expect(found.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it('longer than 1 MiB, or with what no text has, end the file', async () => {
    const cases: [string | Uint8Array, Place][] = [
      [
        `${good}\n{"x":"${'a'.repeat(1_048_576)}"}\n`,
        { line: 2, message: 'the row is longer than 1 MiB' },
      ],
      [
        `${good}\n{"zone":"\0"}\n`,
        { line: 2, value: '0x00', message: 'a NUL byte; the file is damaged, or not UTF-8 text' },
      ],
      [
        Buffer.from(`${good}\n{"zone":"é"}\n`, 'latin1'),
        {
          line: 2,
          value: '0xE9',
          message: 'a byte that is not valid UTF-8; save the file as UTF-8',
        },
      ],
      [
        `${good}\r${good}\n`,
        {
          line: 1,
          message: 'a line ends with CR alone (old Mac line ends); LF or CRLF is expected',
        },
      ],
      [
        Buffer.from(`\ufeff${good}\n`, 'utf16le'),
        { message: 'the file is UTF-16; save it as UTF-8' },
      ],
    ];
    for (const [text, place] of cases) expect(await problemsOf(text)).toEqual([own(place)]);
  });
});

describe('files', () => {
  const isArray =
    'the file is a JSON array, not JSON Lines: one object in each line is expected, without brackets around them';
  const isSpread =
    'the line ends within an object; JSON Lines is expected, with each object whole in one line';

  it.each<[what: string, text: string, places: Place[]]>([
    ['an array over lines', `[\n${good},\n${good}\n]\n`, [{ line: 1, message: isArray }]],
    ['an array in one line', `\n[${good},${good}]\n`, [{ line: 2, message: isArray }]],
    [
      'objects over lines',
      '{\n  "zone": "a",\n  "seconds": 1\n}\n',
      [{ line: 1, message: isSpread }],
    ],
    ['nothing', '', [{ message: 'the file is empty; at least one object is expected' }]],
    ['blank lines', '\n \n', [{ message: 'the file is empty; at least one object is expected' }]],
    [
      'a column under another name in all rows',
      '{"zone":"a","seconds":1}\n{"zone":"a","seconds":1,"FARE":2.5}\n',
      [
        {
          ...{ line: 2, column: 'fare' },
          message:
            'no object has this field, but "FARE" is probably the same with other capitals; name it in the dataset as the file does',
        },
      ],
    ],
    [
      'gzip data that is named otherwise',
      '\u001f\u008b',
      [{ message: 'the file is gzip data; name it .jsonl.gz' }],
    ],
  ])('%s', async (_, text, places) => {
    const bytes = text.startsWith('\u001f') ? Buffer.from(text, 'latin1') : text;
    expect(await problemsOf(bytes)).toEqual(places.map(own));
  });

  it.each<[what: string, rows: string[], line: number, message: string]>([
    [
      'first',
      ['{"a":"x"}', '{"a":"x","dow":3}'],
      2,
      'line 1 of the file lacks this field; either all rows have it, or none',
    ],
    [
      'later',
      ['{"a":"x","dow":3}', '{"a":"x"}'],
      2,
      'line 1 of the file has this field; either all rows have it, or none',
    ],
    ['not', ['{"a":"x","dow":3}', '{"a":"x","dow":4}'], 2, 'it must be 3, the day of its folder'],
    ['as null', ['{"a":"x","dow":null}'], 1, 'it must be 3, the day of its folder'],
    ['as true', ['{"a":"x","dow":true}'], 1, 'it must be 3, the day of its folder'],
    [
      'under another name',
      ['{"a":"x","Dow":3}'],
      1,
      'no object has this field, but "Dow" is probably the same with other capitals; name it in the dataset as the file does',
    ],
  ])('whose rows tell the day %s', async (_, rows, line, message) => {
    const of: Partial<ShortSource> = {
      ...{ columns: { a: 'text' }, by: ['a'], measures: { n: 'count()' } },
      ...{ dayKind: 'index', dayColumn: 'dow' },
    };
    const [found] = await problemsOf(`${rows.join('\n')}\n`, of);
    expect(found).toMatchObject({ line, column: 'dow', message });
  });

  it('with many problems are read up to 10,000 of them', async () => {
    const day = await rejection({
      'a.jsonl': '{"zone":1,"seconds":2}\n'.repeat(12_000),
      'b.jsonl': 'x',
    });
    expect(day).toMatchObject({
      problemCount: 10_000,
      stoppedAt: { file: 'a.jsonl', line: 10_000 },
    });
    expect(day.problems).toHaveLength(20);
  });
});
