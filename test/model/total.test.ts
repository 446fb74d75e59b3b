/** Totals against plain BigInt arithmetic, around and far beyond what a number holds exactly. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Difference } from '../../src/core/difference.js';
import {
  compareTotals,
  formatTotal,
  isTotal,
  sumOf,
  type Total,
  timesIn,
} from '../../src/model/total.js';
import { rowOf, shape } from '../support/counted.js';

const most = Number.MAX_SAFE_INTEGER;

/** In its one form, by the definition. */
const totalOf = (value: bigint): Total =>
  value >= -BigInt(most) && value <= BigInt(most) ? Number(value) : value.toString();

const amounts = fc.oneof(
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.bigInt({ min: -(10n ** 30n), max: -BigInt(most) }),
  fc.bigInt({ min: BigInt(most) - 5n, max: BigInt(most) + 5n }),
  fc.bigInt({ min: 0n, max: 10n ** 30n }),
);

/** As a cell of such a scale is written. */
function decimal(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const point = text.length - scale;
  const written = scale === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`;
  return digits < 0n ? `-${written}` : written;
}

describe('totals', () => {
  it('add up exactly, in any order, and have one form', () => {
    fc.assert(
      fc.property(fc.array(amounts), (values) => {
        const sum = sumOf(values.map(totalOf));
        expect(sum).toBe(totalOf(values.reduce((a, b) => a + b, 0n)));
        expect(sumOf(values.toReversed().map(totalOf))).toBe(sum);
        expect(isTotal(sum)).toBe(true);
        expect(JSON.parse(JSON.stringify(sum))).toBe(sum);
      }),
    );
  });

  it('add up exactly where they have decimals, and lose their zeros', () => {
    const cell = fc.tuple(fc.oneof(amounts, fc.bigInt({ min: -99n, max: 99n })), fc.nat(4));
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        const texts = cells.map(([digits, scale]) => decimal(digits, scale));
        const sum = sumOf(texts);
        const tenThousandths = cells.reduce(
          (all, [digits, scale]) => all + digits * 10n ** BigInt(4 - scale),
          0n,
        );
        const text =
          decimal(tenThousandths, 4)
            .replace(/\.?0+$/, '')
            .replace(/^-0$/, '0') || '0';
        expect(String(sum)).toBe(text);
        expect(isTotal(sum)).toBe(true);
        expect(typeof sum).toBe(
          Number.isSafeInteger(Number(text)) && !text.includes('.') ? 'number' : 'string',
        );
      }),
    );
    expect(formatTotal('-1234567.25')).toBe('-1,234,567.25');
    expect(compareTotals('1.5', 1)).toBeGreaterThan(0);
    expect(compareTotals('-0.25', '0.1')).toBeLessThan(0);
  });

  it('compare, divide and read as their values do', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const order = compareTotals(totalOf(a), totalOf(b));
        expect(Math.sign(order)).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(formatTotal(totalOf(a))).toBe(a.toLocaleString('en-US'));
      }),
    );
    expect(timesIn(sumOf([most, most, most]), most)).toBe(3);
    expect(timesIn(sumOf([most, most, 1]), most)).toBeNull();
    expect(timesIn(sumOf([most, 1]), 2)).toBe(2 ** 52);
    expect([timesIn(7, 0), timesIn(0, 7)]).toEqual([null, 0]);
  });

  it.each<[unknown, boolean]>([
    [0, true],
    [most, true],
    [most + 1, false],
    [-1, true],
    [-0, false],
    [1.5, false],
    ['1.5', true],
    ['-0.25', true],
    ['1.50', false],
    ['01.5', false],
    ['-0', false],
    ['.5', false],
    ['-9007199254740992', true],
    ['9007199254740992', true],
    // A number holds it exactly, so that it has no second form.
    ['9007199254740991', false],
    ['12', false],
    ['09007199254740992', false],
    ['9007199254740992.0', false],
    [null, false],
  ])('%j is one: %s', (value, is) => {
    expect(isTotal(value)).toBe(is);
  });

  it('tell what a dry run changes where no number could', () => {
    const row = (category: string, items: number) => rowOf({ hour: 1, category, items });
    const difference = new Difference(shape, [row('a', most), row('b', 1)]);
    for (const each of [row('a', most), row('a', most), row('b', most)]) difference.take(each);
    expect(difference.end()).toMatchObject({
      rowsChanged: 2,
      totalsBefore: { items_count: String(3n * BigInt(most)) },
      totalsAfter: { items_count: String(BigInt(most) + 1n) },
    });
  });
});
