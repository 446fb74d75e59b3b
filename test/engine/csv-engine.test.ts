import { readdir, readlink, symlink, unlink } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { RawProblem } from '../../src/core/ports.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { type Contents, type JobOptions, jobOver, writeFiles } from './job.js';

const engine = createCsvEngine();

async function aggregate(contents: Contents, options?: JobOptions) {
  return engine.aggregate(jobOver(await writeFiles(contents), options));
}

type Row = readonly [hour: number, category: string, items: number];

async function rowsOf(contents: Contents, options?: JobOptions) {
  const result = await aggregate(contents, options);
  if (result.kind === 'rejected') throw new Error(JSON.stringify(result.problems, null, 2));
  const rows = result.rows.map(({ hour, category, items }): Row => [hour, category, items]);
  return { orders: result.orders, rows };
}

async function problemsOf(contents: Contents, options?: JobOptions) {
  const result = await aggregate(contents, options);
  if (result.kind === 'aggregated') throw new Error('the day was accepted');
  return result;
}

const h = 'order_hour_of_day';

describe('accepts', () => {
  const table: [what: string, text: string, orders: number, rows: Row[]][] = [
    [
      'a plain table',
      `order_id,order_dow,${h},x,y\n1,3,5,2,0\n2,3,5,1,4\n`,
      2,
      [
        [5, 'x', 3],
        [5, 'y', 4],
      ],
    ],
    ['CRLF', `${h},x\r\n5,2\r\n`, 1, [[5, 'x', 2]]],
    [
      'LF and CRLF mixed',
      `${h},x\r\n5,2\n6,1\r\n`,
      2,
      [
        [5, 'x', 2],
        [6, 'x', 1],
      ],
    ],
    ['a missing last newline', `${h},x\n5,2`, 1, [[5, 'x', 2]]],
    ['a missing last newline after a quote', `${h},x\n5,"2"`, 1, [[5, 'x', 2]]],
    ['a missing last newline after a comma', `${h},x\n5,`, 1, []],
    ['a byte order mark', `\ufeff${h},x\n5,2\n`, 1, [[5, 'x', 2]]],
    ['a byte order mark and a quoted header', `\ufeff"${h}",x\n5,2\n`, 1, [[5, 'x', 2]]],
    ['quoted cells', `"${h}","x"\n"5","2"\n`, 1, [[5, 'x', 2]]],
    ['a header and no rows', `${h},x\n`, 0, []],
    ['a header without newline', `${h},x`, 0, []],
    ['no category at all', `${h}\n5\n6\n`, 2, []],
    ['only zeros', `${h},x,y\n5,0,\n`, 1, []],
    ['empty cells as 0', `${h},x,y\n5,,1\n`, 1, [[5, 'y', 1]]],
    ['a quoted empty cell as 0', `${h},x,y\n5,"",1\n`, 1, [[5, 'y', 1]]],
    ['3.0 as 3', `${h},x\n5,3.0\n5,4.000\n`, 2, [[5, 'x', 7]]],
    ['leading zeros', `${h},x\n05,007\n`, 1, [[5, 'x', 7]]],
    ['0.0 and 00 as 0', `${h},x\n5,0.0\n5,00\n`, 2, []],
    ['the largest exact number', `${h},x\n5,9007199254740991\n`, 1, [[5, 'x', 9007199254740991]]],
    [
      'the largest number as a sum',
      `${h},x\n5,9007199254740990\n5,1\n`,
      2,
      [[5, 'x', 9007199254740991]],
    ],
    [
      'hours 0 and 23',
      `${h},x\n0,1\n00,1\n23,1\n`,
      3,
      [
        [0, 'x', 2],
        [23, 'x', 1],
      ],
    ],
    [
      'hours in numeric order',
      `${h},x\n10,1\n9,1\n`,
      2,
      [
        [9, 'x', 1],
        [10, 'x', 1],
      ],
    ],
    ['any column order', `x,order_dow,${h},order_id\n2,3,5,77\n`, 1, [[5, 'x', 2]]],
    ['a category with a comma', `${h},"a,b"\n5,2\n`, 1, [[5, 'a,b', 2]]],
    ['a category with quotes', `${h},"a ""b"" c"\n5,2\n`, 1, [[5, 'a "b" c', 2]]],
    ['a category that is a quote', `${h},""""\n5,2\n`, 1, [[5, '"', 2]]],
    ['a category with line ends', `${h},"a\nb\r\nc\rd"\n5,2\n`, 1, [[5, 'a\nb\r\nc\rd', 2]]],
    ['a category that looks like a formula', `${h},=1+1\n5,2\n`, 1, [[5, '=1+1', 2]]],
    [
      'a category with outer blanks, kept apart',
      `${h}, x,x\n5,2,1\n`,
      1,
      [
        [5, ' x', 2],
        [5, 'x', 1],
      ],
    ],
    [
      'categories that differ by case',
      `${h},X,x\n5,2,1\n`,
      1,
      [
        [5, 'X', 2],
        [5, 'x', 1],
      ],
    ],
    [
      'categories named like properties',
      `${h},__proto__,constructor\n5,2,1\n`,
      1,
      [
        [5, '__proto__', 2],
        [5, 'constructor', 1],
      ],
    ],
    ['text of every UTF-8 length', `${h},aé€😀\n5,2\n`, 1, [[5, 'aé€😀', 2]]],
    [
      'categories by code point, not by UTF-16 unit',
      `${h},😀,～\n5,1,2\n`,
      1,
      [
        [5, '～', 2],
        [5, '😀', 1],
      ],
    ],
    ['quotes in an ignored column', `order_id,${h},x\n"a, ""b""\nc",5,2\n`, 1, [[5, 'x', 2]]],
    ['a lone CR within quotes', `order_id,${h},x\n"a\rb",5,2\n`, 1, [[5, 'x', 2]]],
  ];

  test.each(table)('%s', async (_, text, orders, rows) => {
    expect(await rowsOf({ 'a.csv': text })).toEqual({ orders, rows });
    expect(await rowsOf({ 'a.csv.gz': text })).toEqual({ orders, rows });
  });

  test('files of one day with different columns: the union counts', async () => {
    const contents = {
      'a.csv': `${h},x,y\n5,1,2\n`,
      'b.csv.gz': `z,${h},x\n7,5,10\n`,
      'c.csv': `${h},z\n6,1\n`,
    };
    const rows = [
      [5, 'x', 11],
      [5, 'y', 2],
      [5, 'z', 7],
      [6, 'z', 1],
    ];
    expect(await rowsOf(contents)).toEqual({ orders: 3, rows });
  });

  test('the date layout, whose day column is order_date', async () => {
    const options = { layout: 'date', day: '2026-11-23' } as const;
    const text = `order_date,order_dow,${h},x\n2026-11-23,1,5,2\n`;
    expect(await rowsOf({ 'a.csv': text }, options)).toEqual({ orders: 1, rows: [[5, 'x', 2]] });
  });

  test('other ignored columns, as configured; the day and hour columns are never categories', async () => {
    const ignored = { ignoredColumns: new Set(['y']) };
    const text = `order_id,order_dow,${h},x,y\n7,3,5,2,abc\n`;
    const rows = [
      [5, 'order_id', 7],
      [5, 'x', 2],
    ];
    expect(await rowsOf({ 'a.csv': text }, ignored)).toEqual({ orders: 1, rows });
  });

  test('several gzip members, and zero bytes after the last', async () => {
    const members = [gzipSync(`${h},x\n5,`), gzipSync('2\n5,1\n'), Buffer.alloc(700)];
    const rows = [[5, 'x', 3]];
    expect(await rowsOf({ 'a.csv.gz': Buffer.concat(members) })).toEqual({ orders: 2, rows });
  });

  test('a day without files', async () => {
    expect(await rowsOf({})).toEqual({ orders: 0, rows: [] });
  });

  test('files far longer than a chunk', async () => {
    const line = `5,1,"a ""quoted"" cell, é"\n`;
    const text = `${h},x,order_id\n${line.repeat(100_000)}`;
    const expected = { orders: 100_000, rows: [[5, 'x', 100_000]] };
    expect(await rowsOf({ 'a.csv': text })).toEqual(expected);
    expect(await rowsOf({ 'a.csv.gz': text })).toEqual(expected);
  });
});

type Place = Partial<RawProblem> & Pick<RawProblem, 'message'>;

function problem(place: Place): RawProblem {
  return { file: 'a.csv', line: null, column: null, value: null, ...place };
}

const wrongCount = 'it must be a number of items: a non-negative integer';
const wrongHour = 'it must be an hour: an integer from 0 to 23';
const wrongDay = 'it must be 3, the day of its folder';
const loneCr = 'a line ends with CR alone (old Mac line ends); LF or CRLF is expected';
const notUtf8 = 'a byte that is not valid UTF-8; save the file as UTF-8';
const tooLong = 'the row is longer than 1 MiB; perhaps a quote in it is never closed';
const empty = 'the file is empty; a header is expected';

describe('rejects', () => {
  const cell = (value: string): [string, string, Place[]] => [
    `the cell ${value}`,
    `${h},x\n5,1\n5,${value}\n`,
    [{ line: 3, column: 'x', value, message: wrongCount }],
  ];
  const hour = (value: string): [string, string, Place[]] => [
    `the hour '${value}'`,
    `${h},x\n${value},1\n`,
    [{ line: 2, column: h, value, message: wrongHour }],
  ];
  const day = (value: string): [string, string, Place[]] => [
    `the day '${value}' in folder 3`,
    `order_dow,${h},x\n${value},5,1\n`,
    [{ line: 2, column: 'order_dow', value, message: wrongDay }],
  ];

  const table: [what: string, text: string | Uint8Array, problems: Place[]][] = [
    ...['-1', '1.5', '1e3', '0x10', ' 1', '1 ', '+1', '3.', '.0', 'abc', 'NaN', '٣', '3.01'].map(
      cell,
    ),
    ...['24', '-1', '', '5.0', '005', ' 5', 'x'].map(hour),
    ...['2', '03', '', '3.0', ' 3', '33'].map(day),
    [
      'a number beyond 2^53 − 1',
      `${h},x\n5,9007199254740992\n`,
      [
        {
          line: 2,
          column: 'x',
          value: '9007199254740992',
          message: 'the number is larger than 2^53 − 1',
        },
      ],
    ],
    [
      'a sum beyond 2^53 − 1',
      `${h},x\n5,9007199254740991\n6,1\n5,1\n`,
      [{ line: 4, column: 'x', value: '1', message: 'the sum of this hour exceeds 2^53 − 1' }],
    ],
    [
      'everything wrong in a row, in the order day, hour, cells',
      `x,order_dow,y,${h}\na,4,b,99\n`,
      [
        { line: 2, column: 'order_dow', value: '4', message: wrongDay },
        { line: 2, column: h, value: '99', message: wrongHour },
        { line: 2, column: 'x', value: 'a', message: wrongCount },
        { line: 2, column: 'y', value: 'b', message: wrongCount },
      ],
    ],
    [
      'a short row',
      `${h},x,y\n5,1\n5,1,1\n`,
      [{ line: 2, message: 'the row has 2 cells, the header 3' }],
    ],
    [
      'a row of one cell',
      `${h},x\n5\n`,
      [{ line: 2, message: 'the row has 1 cell, the header 2' }],
    ],
    ['a long row', `${h},x\n5,1,\n`, [{ line: 2, message: 'the row has 3 cells, the header 2' }]],
    ['a blank line', `${h},x\n\n5,1\n`, [{ line: 2, message: 'a blank line' }]],
    ['a blank line at the end', `${h},x\n5,1\n\n`, [{ line: 3, message: 'a blank line' }]],
    [
      'a blank line in a table of one column',
      `${h}\n5\n\n6\n`,
      [{ line: 3, message: 'a blank line' }],
    ],
    ['a blank line with CRLF', `${h},x\r\n5,1\r\n\r\n`, [{ line: 3, message: 'a blank line' }]],
    [
      'a line of blanks',
      `${h},x\n  \n`,
      [{ line: 2, message: 'the row has 1 cell, the header 2' }],
    ],
    ['an empty file', '', [{ message: empty }]],
    ['a file that is only a byte order mark', '\ufeff', [{ message: empty }]],
    [
      'a blank line before the header',
      `\n${h},x\n`,
      [
        { line: 1, value: '', message: 'column 1 of the header has no name' },
        { line: 1, column: h, message: 'the header lacks this column' },
      ],
    ],
    [
      'a header without hours',
      'order_id,x\n1,2\n',
      [{ line: 1, column: h, message: 'the header lacks this column' }],
    ],
    [
      'a header twice',
      `x,${h},x,x\n1,5,2,z\n`,
      [
        { line: 1, column: 'x', message: 'columns 1 and 3 of the header are both named x' },
        { line: 1, column: 'x', message: 'columns 1 and 4 of the header are both named x' },
      ],
    ],
    [
      'the hour column twice',
      `${h},${h}\n5,5\n`,
      [{ line: 1, column: h, message: `columns 1 and 2 of the header are both named ${h}` }],
    ],
    [
      'an empty name',
      `${h},x,\n5,1,\n`,
      [{ line: 1, value: '', message: 'column 3 of the header has no name' }],
    ],
    [
      'a name of blanks',
      `${h}, \u00a0\n5,1\n`,
      [{ line: 1, value: ' \u00a0', message: 'column 2 of the header has no name' }],
    ],
    [
      'rows that go wrong after quoted line ends, by physical line',
      `${h},"x\r\n\r\ny"\r\n5,a\r\n"5","1\n1"\r\n5,b\r\n`,
      [
        { line: 4, column: 'x\r\n\r\ny', value: 'a', message: wrongCount },
        { line: 5, column: 'x\r\n\r\ny', value: '1\n1', message: wrongCount },
        { line: 7, column: 'x\r\n\r\ny', value: 'b', message: wrongCount },
      ],
    ],
    [
      'a quote that is never closed',
      `${h},x\n5,1\n5,"2\n5,3\n`,
      [{ line: 3, column: 'x', message: 'a quote in this row is never closed' }],
    ],
    [
      'text after a closing quote',
      `${h},x\n5,"2"3\n5,z\n`,
      [
        {
          line: 2,
          column: 'x',
          message: 'text follows a closing quote; a quote inside quotes is written twice',
        },
      ],
    ],
    [
      'a quote inside an unquoted field',
      `order_id,${h},x\nTV 5" flat,5,1\n`,
      [
        {
          line: 2,
          column: 'order_id',
          message: 'a quote stands inside a field that is not quoted; quote the whole field',
        },
      ],
    ],
    [
      'a broken quote in the header',
      `${h},"x"y\n5,1\n`,
      [
        {
          line: 1,
          message: 'text follows a closing quote; a quote inside quotes is written twice',
        },
      ],
    ],
    [
      'a broken quote after bad rows, which come first',
      `${h},x\n5,a\n5,"2"3\n5,b\n`,
      [
        { line: 2, column: 'x', value: 'a', message: wrongCount },
        {
          line: 3,
          column: 'x',
          message: 'text follows a closing quote; a quote inside quotes is written twice',
        },
      ],
    ],
    ['old Mac line ends', `${h},x\r5,1\r`, [{ line: 1, message: loneCr }]],
    ['one old Mac line end', `${h},x\n5,1\r5,2\n`, [{ line: 2, message: loneCr }]],
    ['a CR at the very end', `${h},x\n5,1\r`, [{ line: 2, message: loneCr }]],
    ['two CRs before LF', `${h},x\n5,1\r\r\n`, [{ line: 2, message: loneCr }]],
    [
      'a NUL byte',
      `${h},x\n5,\0\n`,
      [{ line: 2, value: '0x00', message: 'a NUL byte; the file is damaged, or not UTF-8 text' }],
    ],
    [
      'a NUL byte in quotes, on its physical line',
      `${h},"x\n\0"\n5,1\n`,
      [{ line: 2, value: '0x00', message: 'a NUL byte; the file is damaged, or not UTF-8 text' }],
    ],
    [
      'Latin-1',
      Buffer.from(`${h},café\n5,1\n`, 'latin1'),
      [{ line: 1, value: '0xE9', message: notUtf8 }],
    ],
    [
      'a stray continuation byte',
      Buffer.concat([Buffer.from(`${h},é\n5,1\n5,`), Buffer.from([0x80])]),
      [{ line: 3, value: '0x80', message: notUtf8 }],
    ],
    [
      'a surrogate in UTF-8',
      Buffer.concat([Buffer.from(`${h},`), Buffer.from([0xed, 0xa0, 0x80])]),
      [{ line: 1, value: '0xED', message: notUtf8 }],
    ],
    [
      'an overlong sequence',
      Buffer.concat([Buffer.from(`${h},x\n`), Buffer.from([0xc0, 0xaf])]),
      [{ line: 2, value: '0xC0', message: notUtf8 }],
    ],
    [
      'a character cut off by the end',
      Buffer.from(`${h},x\n5,1\n€`).subarray(0, -1),
      [{ line: 3, value: '0xE2', message: notUtf8 }],
    ],
    [
      'bad bytes after bad rows, which come first; their own row is not judged',
      Buffer.from(`${h},x\n5,a\n5,b\né`, 'latin1'),
      [
        { line: 2, column: 'x', value: 'a', message: wrongCount },
        { line: 3, column: 'x', value: 'b', message: wrongCount },
        { line: 4, value: '0xE9', message: notUtf8 },
      ],
    ],
    [
      'a bad byte within quotes that were to be closed',
      Buffer.from(`${h},x\n5,"1\né"\n`, 'latin1'),
      [{ line: 3, value: '0xE9', message: notUtf8 }],
    ],
    [
      'UTF-16 with little ends first',
      Buffer.from(`\ufeff${h}\n`, 'utf16le'),
      [{ message: 'the file is UTF-16; save it as UTF-8' }],
    ],
    [
      'UTF-16 with big ends first',
      Buffer.from([0xfe, 0xff, 0, 0x61]),
      [{ message: 'the file is UTF-16; save it as UTF-8' }],
    ],
    [
      'a file of two bytes that mark UTF-16',
      Buffer.from([0xff, 0xfe]),
      [{ message: 'the file is UTF-16; save it as UTF-8' }],
    ],
    [
      'UTF-16 without a mark',
      Buffer.from('order', 'utf16le'),
      [{ line: 1, value: '0x00', message: 'a NUL byte; the file is damaged, or not UTF-8 text' }],
    ],
    [
      'gzip data named .csv',
      Buffer.from([0x1f, 0x8b, 8, 0]),
      [{ message: 'the file is gzip data; name it .csv.gz' }],
    ],
    [
      'a gigantic line',
      `${h},x\n5,1\n5,${'1'.repeat(1_100_000)}\n`,
      [{ line: 3, message: tooLong }],
    ],
    [
      'a gigantic line of nothing but commas',
      `${h},x\n${','.repeat(1_100_000)}\n`,
      [{ line: 2, message: tooLong }],
    ],
    [
      'a quote that swallows a mebibyte',
      `${h},x\n5,"1\n${'5,1\n'.repeat(300_000)}`,
      [{ line: 2, message: tooLong }],
    ],
    [
      'a broken quote long before the end',
      `${h},x\n5,1"\n${'5,1\n'.repeat(300_000)}`,
      [
        {
          line: 2,
          column: 'x',
          message: 'a quote stands inside a field that is not quoted; quote the whole field',
        },
      ],
    ],
  ];

  test.each(table)('%s', async (_, text, places) => {
    const expected = {
      kind: 'rejected',
      problems: places.map(problem),
      problemCount: places.length,
    };
    expect(await problemsOf({ 'a.csv': text })).toEqual(expected);
  });

  test('with long values cut for people, never through a character', async () => {
    const { problems } = await problemsOf({ 'a.csv': `${h},x\n5,${'a'.repeat(99)}😀\n` });
    expect(problems[0]?.value).toBe(`${'a'.repeat(99)}…`);
  });

  test('a wrong date in the date layout', async () => {
    const options = { layout: 'date', day: '2026-11-23' } as const;
    const text = `order_date,${h},x\n2026-11-24,5,2\n`;
    const { problems } = await problemsOf({ 'a.csv': text }, options);
    const message = 'it must be 2026-11-23, the day of its folder';
    expect(problems).toEqual([
      problem({ line: 2, column: 'order_date', value: '2026-11-24', message }),
    ]);
  });

  test('with the first 20 problems of all files in order, and how many there are', async () => {
    const rows = (count: number) => `${h},x\n${'5,a\n'.repeat(count)}`;
    const contents = { 'a.csv': rows(15), 'b.csv': '', 'c.csv': `${rows(30)}5,\0` };
    const { problems, problemCount } = await problemsOf(contents);
    expect(problemCount).toBe(15 + 1 + 30 + 1);
    expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
      ...Array.from({ length: 15 }, (_, index) => `a.csv:${index + 2}`),
      'b.csv:null',
      ...Array.from({ length: 4 }, (_, index) => `c.csv:${index + 2}`),
    ]);
  });

  test('a sum of several files beyond 2^53 − 1, in the file that crosses it', async () => {
    const contents = { 'a.csv': `${h},x\n5,9007199254740991\n`, 'b.csv': `${h},x\n5,1\n` };
    const { problems } = await problemsOf(contents);
    const message = 'the sum of this hour exceeds 2^53 − 1';
    expect(problems).toEqual([
      problem({ file: 'b.csv', line: 2, column: 'x', value: '1', message }),
    ]);
  });
});

describe('while reading', () => {
  test('reports the stored bytes that it consumes', async () => {
    const files = await writeFiles({
      'a.csv': `${h},x\n${'5,1\n'.repeat(50_000)}`,
      'b.csv.gz': `${h},x\n${'5,1\n'.repeat(50_000)}`,
    });
    let consumed = 0;
    const onBytes = (count: number) => {
      consumed += count;
    };
    await engine.aggregate(jobOver(files, { onBytes }));
    expect(consumed).toBe(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  });

  test.each(['a.csv', 'a.csv.gz'])(
    'throws the reason of an abort, in the midst of %s',
    async (name) => {
      const noise = Array.from({ length: 200_000 }, (_, index) => `5,${(index * 7919) % 9973}\n`);
      const files = await writeFiles({ [name]: `${h},x\n${noise.join('')}` });
      const abort = new AbortController();
      const reason = new Error('cancelled');
      let chunks = 0;
      const onBytes = () => {
        chunks += 1;
        if (chunks === 2) abort.abort(reason);
      };
      const reading = engine.aggregate(jobOver(files, { signal: abort.signal, onBytes }));
      await expect(reading).rejects.toBe(reason);
      expect(chunks).toBeLessThan(5);
    },
  );

  test('throws at once when the job was called off before', async () => {
    const files = await writeFiles({ 'a.csv': `${h}\n` });
    const reason = new Error('cancelled');
    const job = jobOver(files, { signal: AbortSignal.abort(reason) });
    await expect(engine.aggregate(job)).rejects.toBe(reason);
  });

  test('leaves nothing open after a file that ends early', async () => {
    const files = await writeFiles({
      'a.csv': `${h},x\n5,1"\n${'5,1\n'.repeat(300_000)}`,
      'b.csv.gz': `${h},x\n5,1"\n${'5,1\n'.repeat(300_000)}`,
    });
    const before = await openFiles();
    await engine.aggregate(jobOver(files));
    expect(await openFiles()).toEqual(before);
  });

  test('a file that is gone is unreadable', async () => {
    const files = await writeFiles({ 'a.csv': `${h}\n` });
    await unlink(files[0]?.path as string);
    await expect(engine.aggregate(jobOver(files))).rejects.toMatchObject({
      name: 'RawReadError',
      file: 'a.csv',
      message: 'a.csv is gone: it was there when the day was listed.',
    });
  });

  test('a link that took the place of a file is not followed', async () => {
    const files = await writeFiles({ 'a.csv': `${h}\n`, 'b.csv': `${h}\n` });
    const [a, b] = files.map(({ path }) => path) as [string, string];
    await unlink(a);
    await symlink(b, a);
    await expect(engine.aggregate(jobOver(files))).rejects.toMatchObject({
      name: 'RawReadError',
      message: 'a.csv is a link by now: it was a file when the day was listed.',
    });
  });
});

async function openFiles(): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd').catch(() => []);
  const paths = numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => ''));
  return (await Promise.all(paths)).filter((path) => path.includes('.csv'));
}
