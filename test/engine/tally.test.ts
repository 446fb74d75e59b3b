import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { hoursOfDay, Tally } from '../../src/engine/tally.js';

it('adds nothing of a file where one sum would no longer be exact', async () => {
  const tally = new Tally();
  const file = { orders: 1, categories: ['a', 'b'], items: new Float64Array(2 * hoursOfDay) };
  file.items.fill(1);
  expect(tally.add(file)).toBe(true);
  const large = file.items.slice();
  large[large.length - 1] = Number.MAX_SAFE_INTEGER;
  expect(tally.add({ ...file, items: large })).toBe(false);
  expect(tally.orders).toBe(1);
  expect(new Set((await tally.rows()).map(({ items }) => items))).toEqual(new Set([1]));
});

it('the rows of a day with many columns let others have their turn between hours', async () => {
  const tally = new Tally();
  const categories = Array.from({ length: 20_000 }, (_, index) => `c${index}`);
  const items = new Float64Array(hoursOfDay * categories.length).fill(1);
  tally.add({ orders: 1, categories, items });
  let turns = 0;
  let done = false;
  const others = (async () => {
    while (!done) {
      await nextTurn();
      turns += 1;
    }
  })();
  const rows = await tally.rows();
  done = true;
  await others;
  expect(rows).toHaveLength(items.length);
  expect(turns).toBeGreaterThanOrEqual(hoursOfDay);
});
