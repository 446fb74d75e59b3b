import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Difference } from '../../src/core/difference.js';
import { type Counted, compareCounted, rowOf, shape } from '../support/counted.js';

const row = fc.record({
  hour: fc.nat({ max: 2 }),
  category: fc.constantFrom('a', 'b', 'ﬀ', '🥑'),
  items: fc.integer({ min: 1, max: 3 }),
});
/** As a damaged output may hold them: a key more than once. */
const held = fc.array(row, { maxLength: 12 }).map((rows) => rows.sort(compareCounted));
const made = fc
  .uniqueArray(row, { maxLength: 12, selector: ({ hour, category }) => `${hour} ${category}` })
  .map((rows) => rows.sort(compareCounted));

function sums(rows: readonly Counted[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { hour, category, items } of rows) {
    const key = `${hour} ${category}`;
    found.set(key, (found.get(key) ?? 0) + items);
  }
  return found;
}

it('what changes is counted by keys, each with its sum', () => {
  fc.assert(
    fc.property(held, made, (before, after) => {
      const difference = new Difference(shape, after.map(rowOf));
      for (const each of before) difference.take(rowOf(each));
      const [old, fresh] = [sums(before), sums(after)];
      const kept = [...fresh.keys()].filter((key) => old.has(key));
      const total = (of: ReadonlyMap<string, number>) =>
        [...of.values()].reduce((sum, items) => sum + items, 0);
      expect(difference.end()).toEqual({
        rowsAdded: fresh.size - kept.length,
        rowsRemoved: old.size - kept.length,
        rowsChanged: kept.filter((key) => old.get(key) !== fresh.get(key)).length,
        totalsBefore: { items_count: total(old) },
        totalsAfter: { items_count: total(fresh) },
      });
    }),
    { numRuns: 2_000 },
  );
});
