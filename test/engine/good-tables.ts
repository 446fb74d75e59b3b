/** Files that every engine must take, and what they add up to. */
import { h, type Row } from './words.js';

export const goodTables: readonly [what: string, text: string, orders: number, rows: Row[]][] = [
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
