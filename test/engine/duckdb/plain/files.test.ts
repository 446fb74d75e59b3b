/** Files one by one: what is plain, and what is not. */
import { describe, expect, test } from 'vitest';
import type { CsvForm } from '../../../../src/model/columns-definition.js';
import type { Day } from '../../../../src/model/day.js';
import { definitionOf } from '../../columns/job.js';
import { day, jobOf, openChecks, tiny, written } from './checks.js';
import { openDuck, referenceCells } from './readings.js';

const openCheck = openChecks();

const columns = { n: 'integer', d: 'decimal(5,2)?', s: 'text', t: 'timestamp' };
const header = 'n,d,s,t,other\n';
const row = '1,2.50,x,2026-11-23T10:00:00Z,any\n';
const rowWith = (cells: Partial<Record<'n' | 'd' | 's' | 't' | 'other', string>>) =>
  `${Object.values({ n: '1', d: '2.50', s: 'x', t: '2026-11-23T10:00:00Z', other: 'any', ...cells }).join()}\n`;

describe('one file', () => {
  const measures = { rows: 'count()' };
  const plainOnes: readonly [what: string, text: string, rows: number][] = [
    ['rows', header + row + row, 2],
    ['no row', header, 0],
    ['a header without line end', header.slice(0, -1), 0],
    ['a byte order mark', `\ufeff${header}${row}`, 1],
    ['no last line end', (header + row).slice(0, -1), 1],
    ['CRLF', (header + row + row).replaceAll('\n', '\r\n'), 2],
    ['a quoted name', `n,d,s,t,"oth""er"\n${row}`, 1],
    ['characters of two, three and four bytes', header + rowWith({ s: 'é€😀', other: '😀' }), 1],
    ['a mark within', header + rowWith({ s: 'x\ufeff' }), 1],
    ['an empty cell', header + rowWith({ d: '', other: '' }), 1],
    ['zeros beyond the scale', header + rowWith({ n: '-007.00', d: '002.5000' }), 1],
    [
      'the largest and least integer',
      header + rowWith({ n: '9223372036854775807' }) + rowWith({ n: '-9223372036854775808' }),
      2,
    ],
    ['no offset', header + rowWith({ t: '2026-11-23 10:00:00.123456+00:00' }), 1],
    ['blanks around a text', header + rowWith({ s: ' x ' }), 1],
    ['a long line', header + rowWith({ s: 'x'.repeat(200_000) }) + row, 2],
    ['a name that is no pattern', header + rowWith({ s: '#*\\N' }), 1],
  ];

  const oddOnes: readonly [what: string, text: string | Uint8Array][] = [
    ['nothing', ''],
    ['a quoted cell', header + rowWith({ s: '"x"' })],
    ['a quote in an undeclared cell', header + rowWith({ other: 'a"b' })],
    ['a blank line', `${header}\n${row}`],
    ['a blank line at the end', `${header}${row}\n`],
    ['a row too short', `${header}1,2,x,2026-11-23T10:00:00Z\n`],
    ['a row too wide', header + rowWith({ other: 'a,b' })],
    ['a NUL', header + rowWith({ other: 'a\0b' })],
    ['a CR alone', header + rowWith({ s: 'a\rb' })],
    ['CRLF after LF', `${header}${row}${row.replace('\n', '\r\n')}`],
    ['LF after CRLF', `${header.replace('\n', '\r\n')}${row}`],
    ['CRCRLF', (header + row).replaceAll('\n', '\r\n').replace('any\r', 'any\r\r')],
    ['a CR at the end', `${header}${row.slice(0, -1)}\r`],
    ['half a character', Buffer.from(header + rowWith({ s: '\xe9' }), 'latin1')],
    ['half a character, undeclared', Buffer.from(header + rowWith({ other: '\xe9' }), 'latin1')],
    ['an overlong character', Buffer.from(header + rowWith({ s: '\xc0\xaf' }), 'latin1')],
    ['a surrogate', Buffer.from(header + rowWith({ s: '\xed\xa0\x80' }), 'latin1')],
    [
      'a character beyond the last',
      Buffer.from(header + rowWith({ s: '\xf4\x90\x80\x80' }), 'latin1'),
    ],
    ['an empty cell that may not be', header + rowWith({ n: '' })],
    ['a mark at the start of a text', header + rowWith({ s: '\ufeffx' })],
    ['an empty text', header + rowWith({ s: '' })],
    ['a fraction', header + rowWith({ n: '1.5' })],
    ['an integer beyond 64 bits', header + rowWith({ n: '9223372036854775808' })],
    ['an exponent', header + rowWith({ n: '1e3' })],
    ['hexadecimal', header + rowWith({ n: '0x10' })],
    ['blanks around a number', header + rowWith({ n: ' 1' })],
    ['an underscore', header + rowWith({ n: '1_000' })],
    ['a plus', header + rowWith({ d: '+1' })],
    ['too many decimals', header + rowWith({ d: '1.555' })],
    ['too many digits', header + rowWith({ d: '1000' })],
    ['an offset', header + rowWith({ t: '2026-11-23T10:00:00+01:00' })],
    ['nanoseconds', header + rowWith({ t: '2026-11-23T10:00:00.123456789Z' })],
    ['the 30th of February', header + rowWith({ t: '2026-02-30T10:00:00Z' })],
    ['the 29th of February of no leap year', header + rowWith({ t: '2100-02-29T10:00:00Z' })],
    ['the year 0', header + rowWith({ t: '0000-01-01T10:00:00Z' })],
    ['a leap second', header + rowWith({ t: '2026-11-23T23:59:60Z' })],
    ['another day', header + row.replace('2026', '')],
    ['a header that lacks a column', `n,d,s,other\n${row}`],
    ['two byte order marks', `\ufeff\ufeff${header}${row}`],
    ['UTF-16', Buffer.from(header + row, 'utf16le')],
    ['a line beyond the limit', header + rowWith({ s: 'x'.repeat(1_100_000) })],
  ];

  const definition = definitionOf({ columns, measures });
  const large = `${row.repeat(9_000)}`;

  test.each(plainOnes)('with %s is plain', async (_, text, rows) => {
    const duck = await openDuck();
    for (const check of [openCheck(), openCheck({ ...tiny, blockBytes: 4096 })]) {
      const raw = await written('a.csv', text);
      const facts = await check(raw, jobOf(definition));
      const [textBytes, endsWithLineFeed] = [Buffer.byteLength(text), text.endsWith('\n')];
      expect(facts).toMatchObject({ rows, textBytes, endsWithLineFeed });
      const cells = await referenceCells(raw, definition, day);
      expect(cells).toHaveLength(rows);
      expect(facts && (await duck(raw, definition, facts))).toEqual(cells);
    }
  });

  test.each(oddOnes)('with %s is not', async (_, text) => {
    const raw = await written('a.csv', text);
    for (const check of [openCheck(), openCheck({ ...tiny, blockBytes: 4096 })])
      expect(await check(raw, jobOf(definition))).toBeNull();
    const behind = Buffer.concat([Buffer.from(header + large), afterHeader(text)]);
    if (afterHeader(text).length === 0) return;
    expect(await openCheck()(await written('large.csv', behind), jobOf(definition))).toBeNull();
  });

  /** Nothing where the header is at fault. */
  function afterHeader(text: string | Uint8Array): Buffer {
    const bytes = Buffer.from(text);
    const start = bytes.subarray(0, header.length).toString();
    return start === header ? bytes.subarray(header.length) : Buffer.alloc(0);
  }

  test('that is large is read by threads, with the rows of all stretches', async () => {
    const raw = await written('a.csv', header + row.repeat(400_000));
    const read: number[] = [];
    const job = { ...jobOf(definition), onBytes: (count: number) => read.push(count) };
    const check = openCheck();
    expect(await check(raw, job)).toMatchObject({ rows: 400_000, textBytes: raw.sizeBytes });
    expect(read.reduce((a, b) => a + b)).toBe(raw.sizeBytes);
  });

  test('that is compressed is read here', async () => {
    const check = openCheck();
    const raw = await written('a.csv.gz', header + row.repeat(20_000));
    const textBytes = header.length + 20_000 * row.length;
    expect(await check(raw, jobOf(definition))).toMatchObject({ rows: 20_000, textBytes });
    expect(
      await check(await written('b.csv.gz', Buffer.from(header)), jobOf(definition)),
    ).toBeNull();
  });

  test('of one column has no empty cell, which would be a blank line', async () => {
    const one = definitionOf({ columns: { a: 'text?' }, measures });
    const check = openCheck();
    expect(await check(await written('a.csv', 'a\nx\ny\n'), jobOf(one))).toMatchObject({ rows: 2 });
    expect(await check(await written('a.csv', 'a\nx\n\ny\n'), jobOf(one))).toBeNull();
  });

  test('with its day in each row is plain if it is the day', async () => {
    const check = openCheck();
    for (const type of ['date', 'text', null]) {
      const own = { ...(type && { when: type }), n: 'integer' };
      const definition = definitionOf({ columns: own, measures, dayColumn: 'when' });
      const told = async (text: string) =>
        check(await written('a.csv', `n,when\n1,${day}\n2,${text}\n`), jobOf(definition));
      expect(await told(day)).toMatchObject({ rows: 2 });
      for (const other of ['2026-11-24', '', `${day} `, `${day}.0`])
        expect(await told(other), other).toBeNull();
    }
  });

  test('of a day by number may have it as a float', async () => {
    const definition = definitionOf({
      dayKind: 'index',
      columns: { n: 'integer' },
      measures,
      dayColumn: 'day',
    });
    const check = openCheck();
    const job = { ...jobOf(definition), day: '3' as Day };
    expect(await check(await written('a.csv', 'n,day\n1,3\n2,3.0\n'), job)).toMatchObject({
      rows: 2,
    });
    expect(await check(await written('a.csv', 'n,day\n1,3\n2,30\n'), job)).toBeNull();
    expect(
      await check(await written('a.csv', 'n,day\n1,4\n'), { ...job, day: '4' as Day }),
    ).toMatchObject({ rows: 1 });
  });
});

test('any delimiter, quote and null of a definition', async () => {
  const duck = await openDuck();
  const check = openCheck();
  const signs = [...',;\t|^~ .:-+/#\\\'"`_', '\x01', '\x7f'];
  let plain = 0;
  for (const delimiter of signs) {
    for (const quote of [null, '"', "'", '-', '\\', ' ']) {
      if (quote === delimiter) continue;
      const csv: CsvForm = { delimiter, quote, nulls: ['', 'NA', '-', '0', 'é', "it's", ' '] };
      const definition = definitionOf({
        columns: { n: 'integer?', s: 'text?', d: 'date?', f: 'boolean' },
        measures: { rows: 'count()' },
        csv,
      });
      const rows = [
        ['n', 's', 'd', 'f'],
        ...[
          ['1', 'x', '2026-11-23', 'true'],
          ['0', 'NA', '', 'TRUE'],
        ],
        ...[
          ['-', 'é', 'NA', 'False'],
          ['00', '#', '0', 'false'],
          ['-0', "it's", ' ', 'true'],
        ],
      ];
      for (const kept of [rows, rows.slice(0, 3)]) {
        const text = `${kept.map((each) => each.join(delimiter)).join('\n')}\n`;
        const raw = await written('a.csv', text);
        const facts = await check(raw, jobOf(definition));
        if (facts === null) continue;
        plain += 1;
        const cells = await referenceCells(raw, definition, day);
        expect(cells, JSON.stringify({ delimiter, quote })).toHaveLength(kept.length - 1);
        const found = await duck(raw, definition, facts).catch((error: unknown) => String(error));
        expect(found, JSON.stringify({ delimiter, quote })).toEqual(cells);
      }
    }
  }
  expect(plain).toBeGreaterThan(60);
});
