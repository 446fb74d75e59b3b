/** Files that every engine must refuse, and with which problems. */
import { h, type Place } from './words.js';

const wrongCount = 'it must be a count: a non-negative integer';
const wrongHour = 'it must be an integer from 0 to 23';
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

/** Names with something around them cannot stand in a list. */
function nearly(meant: string, how: string): string {
  const orIgnore = ', or add it as it is to DAYMARK_IGNORED_COLUMNS';
  const renaming = `it is probably the column "${meant}" ${how}, and would be counted as a category; rename it`;
  return /blanks around|in front/.test(how) ? renaming : `${renaming}${orIgnore}`;
}

/** Names of ignored columns as files have them, and as they are told. */
const nearMisses = (
  [
    ['order_id ', 'order_id ', 'with blanks around it'],
    ['\torder_id', '<U+0009>order_id', 'with blanks around it'],
    ['order_id\u00a0', 'order_id<U+00A0>', 'with blanks around it'],
    ['ORDER_ID', 'ORDER_ID', 'with other capitals'],
    ['OrderId', 'OrderId', 'with another spelling'],
    ['order id', 'order id', 'with another spelling'],
    ['order-id', 'order-id', 'with another spelling'],
    ['ｏｒｄｅｒ＿ｉｄ', 'ｏｒｄｅｒ＿ｉｄ', 'with another spelling'],
    ['\ufefforder_id', '<U+FEFF>order_id', 'with a byte order mark in front'],
    ['ï»¿order_id', 'ï»¿order_id', 'with another spelling'],
    ["'order_id'", "'order_id'", 'with another spelling'],
    [
      '\ufeff order_id',
      '<U+FEFF> order_id',
      'with a byte order mark in front and blanks around it',
    ],
    ['order\u200b_id', 'order<U+200B>_id', 'with invisible characters in it (U+200B)'],
    ['order\u00ad_id', 'order<U+00AD>_id', 'with invisible characters in it (U+00AD)'],
    [
      '\u202aorder_id\u202c',
      '<U+202A>order_id<U+202C>',
      'with invisible characters in it (U+202A, U+202C)',
    ],
    ['order_id\u0007', 'order_id<U+0007>', 'with invisible characters in it (U+0007)'],
  ] as const
).map(([name, column, how]): [string, string, Place[]] => [
  `the ignored column order_id as ${JSON.stringify(column)}`,
  `${h},${name},x\n5,7,1\n`,
  [{ line: 1, column, message: nearly('order_id', how) }],
]);

const artefacts = (
  [
    ['Unnamed: 0', 'an index that pandas wrote'],
    ['Unnamed: 0.1', 'an index that pandas wrote'],
    ['unnamed_0', 'an index that pandas wrote'],
    ['level_0', 'an index that pandas wrote'],
    ['__index_level_0__', 'an index that pandas wrote'],
    ['__null_dask_index__', 'an index that Dask wrote'],
    ['_c0', 'a column without a name that Spark wrote'],
    ['...1', 'a column without a name, such as row names, that R wrote'],
  ] as const
).map(([column, what]): [string, string, Place[]] => [
  `the column ${column}`,
  `${column},${h},x\n0,5,1\n`,
  [
    {
      line: 1,
      column,
      message: `it is probably ${what}, and would be counted as a category; write the file without it, or add it as it is to DAYMARK_IGNORED_COLUMNS`,
    },
  ],
]);

export const badTables: readonly [what: string, text: string | Uint8Array, problems: Place[]][] = [
  ...['-1', '1.5', '1e3', '0x10', ' 1', '1 ', '+1', '3.', '.0', 'abc', 'NaN', '٣', '3.01'].map(
    cell,
  ),
  ...['24', '-1', '', '5.', '5.5', '.0', '24.0', '005', '005.0', ' 5', 'x'].map(hour),
  ...['2', '03', '', '3.', '3.5', '03.0', '4.0', ' 3', '33'].map(day),
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
    [{ line: 4, column: 'x', value: '1', message: 'with it the sum exceeds 2^53 − 1' }],
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
  [
    'rows that go wrong between empty lines, by physical line',
    `\n\r\n${h},"x\n\ny"\n\n5,a\n\n\r\n5,1\n5,"b"\n\n`,
    [
      { line: 7, column: 'x\n\ny', value: 'a', message: wrongCount },
      { line: 11, column: 'x\n\ny', value: 'b', message: wrongCount },
    ],
  ],
  [
    'a broken quote behind empty lines, by physical line',
    `${h},x\n\n5,1\n\n\n5,"2"3\n`,
    [
      {
        line: 6,
        column: 'x',
        message: 'text follows a closing quote; a quote inside quotes is written twice',
      },
    ],
  ],
  [
    'a broken quote and bad bytes behind empty lines, by physical line',
    Buffer.from(`${h},x\n\n5,a\n\n\n5,"1é`, 'latin1'),
    [
      { line: 3, column: 'x', value: 'a', message: wrongCount },
      { line: 6, value: '0xE9', message: notUtf8 },
    ],
  ],
  [
    'a header behind empty lines that is faulty, by physical line',
    `\n\n${h},x,x\n`,
    [{ line: 3, column: 'x', message: 'columns 2 and 3 of the header are both named x' }],
  ],
  [
    'an empty cell in quotes, which is no empty line',
    `${h}\n5\n""\n`,
    [{ line: 3, column: h, value: '', message: wrongHour }],
  ],
  [
    'a line of blanks in a table of one column',
    `${h}\n \n`,
    [{ line: 2, column: h, value: ' ', message: wrongHour }],
  ],
  ['a line of blanks', `${h},x\n  \n`, [{ line: 2, message: 'the row has 1 cell, the header 2' }]],
  ['an empty file', '', [{ message: empty }]],
  ['a file that is only a byte order mark', '\ufeff', [{ message: empty }]],
  ['a file of nothing but line ends', '\n\r\n\n', [{ message: empty }]],
  ['several byte order marks and nothing else', '\ufeff\ufeff\n', [{ message: empty }]],
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
    'a name that no one sees',
    `${h},\u200b\n5,1\n`,
    [{ line: 1, value: '\u200b', message: 'column 2 of the header has no name' }],
  ],
  ...nearMisses,
  ...artefacts,
  [
    'an hour column that is nearly one, which is not also missing',
    `Order_Hour_Of_Day ,x\n5,1\n`,
    [
      {
        line: 1,
        column: 'Order_Hour_Of_Day ',
        message: `it is probably the column "${h}" with blanks around it and other capitals; rename it`,
      },
    ],
  ],
  [
    'a day column that is nearly one, before its cells are looked at',
    `order_dow ,${h},x\n0,5,1\n`,
    [
      {
        line: 1,
        column: 'order_dow ',
        message: 'it is probably the column "order_dow" with blanks around it; rename it',
      },
    ],
  ],
  [
    'names that are nearly ignored ones, in the order of the header, and what else is wrong',
    `Order_ID,user_id,User_Id,x,x\n1,2,3,4,5\n`,
    [
      { line: 1, column: 'Order_ID', message: nearly('order_id', 'with other capitals') },
      { line: 1, column: 'User_Id', message: nearly('user_id', 'with other capitals') },
      { line: 1, column: 'x', message: 'columns 4 and 5 of the header are both named x' },
      { line: 1, column: h, message: 'the header lacks this column' },
    ],
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
