/** Files that every engine must refuse, and with which problems. */
import { h, type Place } from './words.js';

const wrongCount = 'it must be a number of items: a non-negative integer';
const wrongHour = 'it must be an hour: an integer from 0 to 23';
const wrongDay = 'it must be 3, the day of its folder';
const loneCr = 'a line ends with CR alone (old Mac line ends); LF or CRLF is expected';
const notUtf8 = 'a byte that is not valid UTF-8; save the file as UTF-8';
const tooLong = 'the row is longer than 1 MiB; perhaps a quote in it is never closed';
const empty = 'the file is empty; a header is expected';

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

export const badTables: readonly [what: string, text: string | Uint8Array, problems: Place[]][] = [
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
  ['a row of one cell', `${h},x\n5\n`, [{ line: 2, message: 'the row has 1 cell, the header 2' }]],
  ['a long row', `${h},x\n5,1,\n`, [{ line: 2, message: 'the row has 3 cells, the header 2' }]],
  ['a blank line', `${h},x\n\n5,1\n`, [{ line: 2, message: 'a blank line' }]],
  ['a blank line at the end', `${h},x\n5,1\n\n`, [{ line: 3, message: 'a blank line' }]],
  [
    'a blank line in a table of one column',
    `${h}\n5\n\n6\n`,
    [{ line: 3, message: 'a blank line' }],
  ],
  ['a blank line with CRLF', `${h},x\r\n5,1\r\n\r\n`, [{ line: 3, message: 'a blank line' }]],
  ['a line of blanks', `${h},x\n  \n`, [{ line: 2, message: 'the row has 1 cell, the header 2' }]],
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
    'Latin-1 in an ignored column',
    Buffer.from(`order_id,${h},x\n7,5,1\né,5,1\n`, 'latin1'),
    [{ line: 3, value: '0xE9', message: notUtf8 }],
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
  ['a gigantic line', `${h},x\n5,1\n5,${'1'.repeat(1_100_000)}\n`, [{ line: 3, message: tooLong }]],
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
