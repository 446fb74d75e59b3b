import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellReaderOf, expectedOf } from '../../src/model/cell-of.js';
import { parseColumnType } from '../../src/model/column-type.js';
import { judgedMs } from '../support/judged-time.js';

const read = (type: string, text: string) => cellReaderOf(parseColumnType(type).type)(text);

/** By type: texts, and the cells that they are. */
const good: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  text: { x: 'x', ' x ': ' x ', '0': '0', NULL: 'NULL', 'two\nlines': 'two\nlines', '😀': '😀' },
  integer: {
    ...{ '0': '0', '-0': '0', '00': '0', '7': '7', '007': '7', '-007': '-7', '3.0': '3' },
    ...{ '-3.000': '-3', '-0.0': '0', '999999999999999999': '999999999999999999' },
    '9223372036854775807': '9223372036854775807',
    '-9223372036854775808': '-9223372036854775808',
    '0000000000000000000000009223372036854775807.00': '9223372036854775807',
  },
  'decimal(5,2)': {
    ...{ '0': '0.00', '-0': '0.00', '-0.00': '0.00', '1.5': '1.50', '01.5': '1.50' },
    ...{ '999.99': '999.99', '-999.99': '-999.99', '1.500000': '1.50', '-0.01': '-0.01' },
  },
  'decimal(3,0)': { '999': '999', '-1.0': '-1', '000999': '999' },
  'decimal(2,2)': { '0.25': '0.25', '0': '0.00', '00.5': '0.50' },
  'decimal(38,10)': {
    '1234567890123456789012345678.0123456789': '1234567890123456789012345678.0123456789',
  },
  boolean: {
    ...{ true: 'true', True: 'true', TRUE: 'true' },
    ...{ false: 'false', False: 'false', FALSE: 'false' },
  },
  date: {
    ...{ '2026-11-23': '2026-11-23', '2024-02-29': '2024-02-29', '2000-02-29': '2000-02-29' },
    ...{ '0001-01-01': '0001-01-01', '9999-12-31': '9999-12-31' },
  },
  timestamp: {
    '2026-11-23T09:12:00Z': '2026-11-23T09:12:00Z',
    '2026-11-23 09:12:00': '2026-11-23T09:12:00Z',
    '2026-11-23T09:12:00': '2026-11-23T09:12:00Z',
    '2026-11-23T09:12:10.500': '2026-11-23T09:12:10.5Z',
    '2026-11-23T09:12:10.000Z': '2026-11-23T09:12:10Z',
    '2026-11-23T09:12:00.0': '2026-11-23T09:12:00Z',
    '2026-11-23T09:12:00.123456789Z': '2026-11-23T09:12:00.123456789Z',
    '2026-11-23T00:30:59.000000001+01:00': '2026-11-22T23:30:59.000000001Z',
    '2026-12-31 23:00:00-02': '2027-01-01T01:00:00Z',
    '2024-02-28T23:45:00-0030': '2024-02-29T00:15:00Z',
    '2026-11-23T09:12:00+00:00': '2026-11-23T09:12:00Z',
    '2026-11-23T09:12:00-00': '2026-11-23T09:12:00Z',
    '2026-11-23T09:12:00+14:00': '2026-11-22T19:12:00Z',
    '0001-01-01T14:00:00+14:00': '0001-01-01T00:00:00Z',
    '0099-06-01T00:00:00+01:00': '0099-05-31T23:00:00Z',
  },
};

const noNumbers = ['x', '1e3', '1E3', '0x10', ' 1', '1 ', '+1', '3.', '.5', '1,5', '1_000', '٣'];
const oddNumbers = [...noNumbers, '--1', '-', 'NaN', 'Infinity', '1.2.3', '1\n', '−1', '½'];

/** By type: texts that are not of it. */
const bad: Readonly<Record<string, readonly string[]>> = {
  integer: [
    ...oddNumbers,
    ...['1.5', '3.01', '9223372036854775808', '-9223372036854775809', '10000000000000000000'],
    ...['9'.repeat(40), '9'.repeat(1000), '-.0'],
  ],
  'decimal(5,2)': [...oddNumbers, '1000', '-1000', '999.991', '0.001', '1.505'],
  'decimal(3,0)': ['1000', '0.1', '1.05'],
  'decimal(2,2)': ['1', '1.00', '0.255'],
  'decimal(38,10)': ['12345678901234567890123456789', '1.01234567891'],
  boolean: ['tRUE', 'yes', 'no', '1', '0', 't', ' true', 'true ', 'toString', '__proto__'],
  date: [
    ...['2026-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00'],
    ...['0000-01-01', '2026-1-1', '20261123', '23.11.2026', '11/23/2026', '2026-11-23T00:00:00'],
    ...[' 2026-11-23', '2026-11-23\n', '+2026-11-23', '12026-11-23', '٢٠٢٦-11-23', 'today'],
  ],
  timestamp: [
    ...['2026-11-23', '2026-11-23T24:00:00Z', '2026-11-23T23:59:60Z', '2026-11-23T25:00:00'],
    ...['2026-11-23T09:60:00', '2026-02-30T09:12:00', '2026-11-23T9:12:00', '2026-11-23T09:12'],
    ...['2026-11-23T09:12:00.', '2026-11-23T09:12:00.1234567890', '2026-11-23T09:12:00,5'],
    ...['2026-11-23t09:12:00z', '2026-11-23T09:12:00 Z', '2026-11-23  09:12:00', '1763889120'],
    ...['2026-11-23T09:12:00+1', '2026-11-23T09:12:00+15:00', '2026-11-23T09:12:00+14:01'],
    ...['2026-11-23T09:12:00+01:60', '2026-11-23T09:12:00CET', '2026-11-23T09:12:00 Europe/Paris'],
    ...['0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59-00:01', '0000-06-01T00:00:00Z'],
  ],
};

describe('cells', () => {
  const sound = Object.entries(good).flatMap(([type, cells]) =>
    Object.entries(cells).map(([text, cell]) => ({ type, text, cell })),
  );
  it.each(sound)('$type: $text is $cell', ({ type, text, cell }) => {
    expect(read(type, text)).toBe(cell);
    expect(read(type, cell)).toBe(cell);
  });

  const damaged = Object.entries(bad).flatMap(([type, texts]) =>
    texts.map((text) => ({ type, text })),
  );
  it.each(damaged)('$type: $text is not', ({ type, text }) => {
    expect(read(type, text)).toBeNull();
  });

  it('of a mebibyte are judged at once', () => {
    const zeros = '0'.repeat(1_000_000);
    const started = performance.now();
    for (const type of ['integer', 'decimal(38,2)']) {
      expect(read(type, `${zeros}x`)).toBeNull();
      expect(read(type, '9'.repeat(1_000_000))).toBeNull();
      expect(read(type, `0.${zeros}1`)).toBeNull();
      expect(read(type, `${zeros}7.${zeros}`)).toMatch(/^7(\.00)?$/);
    }
    expect(judgedMs(performance.now() - started)).toBeLessThan(2_000);
  });

  it.each([
    [
      'decimal(12,2)',
      'a number with at most 10 digits before the point and 2 digits after it, such as 3.5',
    ],
    [
      'decimal(1,1)',
      'a number with at most 0 digits before the point and 1 digit after it, such as 0.5',
    ],
    [
      'decimal(4,0)',
      'a number with at most 4 digits before the point and 0 digits after it, such as 3',
    ],
  ])('%s in words', (type, words) => {
    expect(expectedOf(parseColumnType(type).type)).toBe(words);
  });
});

const absolute = (units: bigint) => (units < 0n ? -units : units);

/** With so many digits behind the point. */
function written(units: bigint, point: number): string {
  const plain = String(absolute(units)).padStart(point + 1, '0');
  const at = plain.length - point;
  return `${units < 0n ? '-' : ''}${plain.slice(0, at)}${point === 0 ? '' : '.'}${plain.slice(at)}`;
}

describe('cells at random', () => {
  it('are integers of 64 bits where BigInt says so', () => {
    const most = 2n ** 63n;
    fc.assert(
      fc.property(fc.bigInt({ min: -2n * most, max: 2n * most }), fc.nat(3), (number, zeros) => {
        const text = zeros === 0 ? String(number) : `${number}.${'0'.repeat(zeros)}`;
        const isIn = number >= -most && number < most;
        expect(read('integer', text)).toBe(isIn ? String(number) : null);
      }),
    );
  });

  it('are decimals as a division of BigInt has them', () => {
    const digits = fc.integer({ min: 1, max: 38 });
    fc.assert(
      fc.property(digits, fc.nat(38), fc.bigInt(), fc.nat(40), (precision, most, units, point) => {
        const scale = Math.min(precision, most);
        const scaled = units * 10n ** BigInt(scale);
        const wanted = scaled / 10n ** BigInt(point);
        const isExact = scaled % 10n ** BigInt(point) === 0n;
        const isIn = isExact && absolute(wanted) < 10n ** BigInt(precision);
        const cell = read(`decimal(${precision},${scale})`, written(units, point));
        expect(cell).toBe(isIn ? written(wanted, scale) : null);
      }),
    );
  });

  it('are times as Date has them, to the millisecond', () => {
    const time = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(time, fc.integer({ min: -840, max: 840 }), fc.boolean(), (at, offset, colon) => {
        const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const two = (number: number) => String(number).padStart(2, '0');
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = `${offset < 0 ? '-' : '+'}${two(hours)}${colon ? ':' : ''}${two(minutes)}`;
        const cell = read('timestamp', `${local}${zone}`);
        expect(new Date(cell ?? '').getTime()).toBe(at.getTime());
        expect(cell).toBe(at.toISOString().replace(/\.?0*Z$/, 'Z'));
      }),
    );
  });
});
