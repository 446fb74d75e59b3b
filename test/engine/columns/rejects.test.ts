/** What the reference says of files that are wrong: file, line, column and value, and what to do. */
import { describe, expect, it } from 'vitest';
import { Groups } from '../../../src/engine/csv/columns/groups.js';
import { Memory } from '../../../src/engine/csv/columns/memory.js';
import { type Place, problem } from '../words.js';
import { definitionOf, type ShortSource } from './job.js';
import { problemsOf, rejection, source } from './rejection.js';

const emptyCell =
  'it is empty; a ? after the type of this column, under columns of the dataset, would allow that';
const wholeNumber = 'it must be a whole number of 64 bits, such as 3 or -12';
const decimal =
  'it must be a number with at most 4 digits before the point and 2 digits after it, such as 3.5';

describe('cells', () => {
  const header = 'fare,zone,seconds';
  it.each<[string, string, Place[]]>([
    [
      'not of their type',
      '1.505,a,1.5',
      [
        { line: 3, column: 'fare', value: '1.505', message: decimal },
        { line: 3, column: 'seconds', value: '1.5', message: wholeNumber },
      ],
    ],
    [
      'empty where none may be',
      ',,',
      [
        { line: 3, column: 'zone', value: '', message: emptyCell },
        { line: 3, column: 'seconds', value: '', message: emptyCell },
      ],
    ],
    ['empty in quotes', '1,a,""', [{ line: 3, column: 'seconds', value: '', message: emptyCell }]],
    [
      'with blanks around them',
      '1, a, 7',
      [{ line: 3, column: 'seconds', value: ' 7', message: wholeNumber }],
    ],
    [
      'told in the order in which they stand in the file',
      'x,,1',
      [
        { line: 3, column: 'fare', value: 'x', message: decimal },
        { line: 3, column: 'zone', value: '', message: emptyCell },
      ],
    ],
    ['too few', '1,a', [{ line: 3, message: 'the row has 2 cells, the header 3' }]],
    ['too many', '1,a,1,', [{ line: 3, message: 'the row has 4 cells, the header 3' }]],
  ])('%s', async (_, row, places) => {
    expect(await problemsOf(`${header}\n1,a,1\n${row}\n1,a,1\n`)).toEqual(places.map(problem));
  });

  it('that stand for nothing where nothing may stand', async () => {
    const csv = { nulls: ['NA', '-'] };
    const found = await problemsOf('zone,fare,seconds\nNA,NA,NA\na,,-\n', { csv });
    expect(found).toEqual([
      problem({ line: 2, column: 'zone', value: 'NA', message: emptyCell }),
      problem({ line: 2, column: 'seconds', value: 'NA', message: emptyCell }),
      problem({ line: 3, column: 'seconds', value: '-', message: emptyCell }),
    ]);
    expect(await problemsOf('zone,fare,seconds\na,NA,1\n')).toMatchObject([
      { column: 'fare', value: 'NA', message: decimal },
    ]);
  });

  it('by physical line, behind blank lines and quoted line ends', async () => {
    const text = '\n\r\nzone,fare,seconds,"a\nb"\n\n"two\r\nlines",1,2,\n\n"a",1,x,\n';
    expect(await problemsOf(text)).toEqual([
      problem({ line: 9, column: 'seconds', value: 'x', message: wholeNumber }),
    ]);
  });

  it('of another day, whether the column was declared or not', async () => {
    const day = 'it must be 2026-11-23, the day of its folder';
    const cells = ['2026-11-24', '', '23.11.2026', '2026-11-23.0'];
    const text = ['zone,fare,seconds,d', ...cells.map((cell) => `a,1,1,${cell}`)].join('\n');
    const told = cells.map((value, at) =>
      problem({ line: at + 2, column: 'd', value, message: day }),
    );
    expect(await problemsOf(text, { dayColumn: 'd' })).toEqual(told);
    for (const type of ['date?', 'text?']) {
      const columns = { ...source.columns, d: type };
      expect(await problemsOf(text, { columns, dayColumn: 'd' })).toEqual(told);
    }
    const index: Partial<ShortSource> = { dayKind: 'index', dayColumn: 'd' };
    expect(await problemsOf('zone,fare,seconds,d\na,1,1,4\n', index)).toMatchObject([
      { column: 'd', value: '4', message: 'it must be 3, the day of its folder' },
    ]);
  });

  it.each<[string, string | Buffer, Place]>([
    [
      'Latin-1',
      Buffer.from('zone,fare,seconds\né,1,1\n', 'latin1'),
      {
        ...{ line: 2, value: '0xE9' },
        message: 'a byte that is not valid UTF-8; save the file as UTF-8',
      },
    ],
    [
      'NUL',
      'zone,fare,seconds\n\0,1,1\n',
      {
        ...{ line: 2, value: '0x00' },
        message: 'a NUL byte; the file is damaged, or not UTF-8 text',
      },
    ],
    [
      'UTF-16',
      Buffer.from('\ufeffzone', 'utf16le'),
      {
        message: 'the file is UTF-16; save it as UTF-8',
      },
    ],
    [
      'an open quote',
      'zone,fare,seconds\n"a,1,1\n',
      {
        ...{ line: 2, column: 'zone', message: 'a quote in this row is never closed' },
      },
    ],
    [
      'a quote in a cell',
      'zone,fare,seconds\n5" flat,1,1\n',
      {
        ...{ line: 2, column: 'zone' },
        message: 'a quote stands inside a field that is not quoted; quote the whole field',
      },
    ],
    [
      'text behind a quote',
      'zone,fare,seconds\n"a";1,1\n',
      {
        ...{ line: 2, column: 'zone' },
        message: 'text follows a closing quote; a quote inside quotes is written twice',
      },
    ],
  ])('%s', async (_, text, place) => {
    expect(await problemsOf(text)).toEqual([problem(place)]);
  });

  it('in single quotes that are never closed, where those are quotes', async () => {
    const csv = { delimiter: ';', quote: "'" };
    const text = `zone;fare;seconds\n'it''s';1;1\n'a\n"b";1;1\n`;
    expect(await problemsOf(text, { csv })).toEqual([
      problem({ line: 3, column: 'zone', message: 'a quote in this row is never closed' }),
    ]);
  });

  it('old Mac line ends, which no quote hides where there are none', async () => {
    const csv = { quote: null };
    expect(await problemsOf('zone,fare,seconds\n"a\r",1,1\n', { csv })).toMatchObject([
      { line: 2, message: expect.stringContaining('CR alone') },
    ]);
  });
});

describe('sums', () => {
  const most = '9223372036854775807';

  it('that end beyond 64 bits, where they leave them for good', async () => {
    const contents = {
      'a.csv': `zone,fare,seconds\na,1,${most}\na,1,1\nb,1,-${most}\na,1,-1\n`,
      'b.csv': 'zone,fare,seconds\nb,1,-1\nb,1,-1\na,1,0\na,1,7\nc,1,5\n',
    };
    const message = (row: string, end: string) =>
      `from this row on seconds of zone "${row}" is too large, and ends as ${end}; an integer has 64 bits; a column of type decimal(19,0) gives sums of up to 38 digits`;
    expect((await rejection(contents)).problems).toEqual([
      problem({
        ...{ file: 'b.csv', line: 3, column: 'seconds', value: '-1' },
        message: message('b', '-9223372036854775809'),
      }),
      problem({
        ...{ file: 'b.csv', line: 5, column: 'seconds', value: '7' },
        message: message('a', '9223372036854775814'),
      }),
    ]);
  });

  it('of decimals beyond 38 digits', async () => {
    const of = { columns: { d: 'decimal(38,2)' }, by: [], measures: { d: 'sum(d)' } };
    const nines = `${'9'.repeat(36)}.99`;
    expect(await problemsOf(`d\n${nines}\n0.01\n`, of)).toEqual([
      problem({
        ...{ line: 3, column: 'd', value: '0.01' },
        message: `from this row on d is too large, and ends as 1${'0'.repeat(36)}.00; a decimal has 38 digits at most`,
      }),
    ]);
  });
});

describe('a day', () => {
  it('is told by its first 20 problems, and read up to its 10,000th', async () => {
    const bad = (rows: number) => `zone,fare,seconds\n${'a,1,x\n'.repeat(rows)}`;
    const few = await rejection({ 'a.csv': bad(15), 'b.csv': bad(30) });
    expect(few.problemCount).toBe(45);
    expect(few.problems.map(({ file, line }) => `${file}:${line}`).slice(14, 17)).toEqual([
      'a.csv:16',
      'b.csv:2',
      'b.csv:3',
    ]);
    expect(few.problems).toHaveLength(20);
    const many = await rejection({ 'a.csv': bad(6_000), 'b.csv': bad(6_000), 'c.csv': bad(1) });
    expect(many).toMatchObject({ problemCount: 10_000, stoppedAt: { file: 'b.csv', line: 4_001 } });
  });

  it('with more groups than fit into memory says so, and what to do', () => {
    const definition = definitionOf({
      columns: { k: 'text' },
      by: ['k'],
      measures: { n: 'count()' },
    });
    const groups = new Groups(definition, new Memory(1_048_576));
    const addMany = () => {
      for (let row = 1; row < 1_000_000; row += 1) {
        groups.add([`key ${row}`], { file: 'a.csv', line: row + 1, row });
      }
    };
    expect(addMany).toThrow(
      /^by line \d{4} of a\.csv the day has \d,\d{3} groups, which with the measures take more than 1 MiB; group by fewer columns/,
    );
  });

  it.each([
    ['distinct cells', 'distinct(k)', (row: number) => `key ${row}`],
    [
      'the longest cells',
      'max(k)',
      (row: number) => `${String(row).padStart(3, '0')}${'x'.repeat(row * 1000)}`,
    ],
  ])('counts %s to what it holds', (_, measure, cell) => {
    const definition = definitionOf({ columns: { k: 'text' }, measures: { m: measure } });
    const groups = new Groups(definition, new Memory(100_000));
    const addMany = () => {
      for (let row = 1; row < 10_000; row += 1) {
        groups.add([cell(row)], { file: 'a.csv', line: row + 1, row });
      }
    };
    expect(addMany).toThrow('the day has 1 group, which with the measures take more');
  });
});
