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

const most = Number.MAX_SAFE_INTEGER;

/** In its one form, by the definition. */
const totalOf = (value: bigint): Total =>
  value <= BigInt(most) ? Number(value) : value.toString();

const amounts = fc.oneof(
  fc.bigInt({ min: 0n, max: 1000n }),
  fc.bigInt({ min: BigInt(most) - 5n, max: BigInt(most) + 5n }),
  fc.bigInt({ min: 0n, max: 10n ** 30n }),
);

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
    [-1, false],
    [1.5, false],
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
    const row = (category: string, items: number) => ({ hour: 1, category, items });
    const difference = new Difference([row('a', most), row('b', 1)]);
    for (const each of [row('a', most), row('a', most), row('b', most)]) difference.take(each);
    expect(difference.end()).toMatchObject({
      rowsChanged: 2,
      itemsBefore: String(3n * BigInt(most)),
      itemsAfter: String(BigInt(most) + 1n),
    });
  });
});
