import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, compareCellsOf } from '../../src/model/column.js';

const sorted = (kind: Parameters<typeof compareCellsOf>[0]['kind'], cells: readonly Cell[]) => {
  const type = kind === 'decimal' ? { kind, precision: 38, scale: 2 } : { kind };
  return cells.toSorted(compareCellsOf(type));
};

describe('cells in order', () => {
  it.each([
    ['integer', ['-10', '-9', '0', '5', '10', '9223372036854775807']],
    ['decimal', ['-10.00', '-9.99', '-0.01', '0.00', '0.10', '9.99', '10.00']],
    ['text', ['A', 'a', 'é', '\ue000', '😀']],
    ['boolean', ['false', 'true']],
    ['date', ['0999-12-31', '2026-11-23', '2026-11-24']],
    [
      'timestamp',
      ['2026-11-23T09:12:00Z', '2026-11-23T09:12:00.000001Z', '2026-11-23T09:12:00.5Z'],
    ],
  ] as const)('%s, null before all', (kind, cells) => {
    expect(sorted(kind, [...cells, null].reverse())).toEqual([null, ...cells]);
  });

  it('whole numbers of any size as BigInt has them', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        const order = compareCellsOf({ kind: 'integer' })(String(a), String(b));
        expect(Math.sign(order)).toBe(a < b ? -1 : Number(a > b));
      }),
    );
  });
});
