import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Tally } from '../../src/engine/tally.js';
import { seed } from '../support/counted.js';

it('adds nothing of a file where one sum would no longer be exact', async () => {
  const tally = new Tally(seed);
  const file = { records: 1, categories: ['a', 'b'], sums: new Float64Array(2 * 24) };
  file.sums.fill(1);
  expect(tally.add(file)).toBe(true);
  const large = file.sums.slice();
  large[large.length - 1] = Number.MAX_SAFE_INTEGER;
  expect(tally.add({ ...file, sums: large })).toBe(false);
  expect(tally.records).toBe(1);
  expect(new Set((await tally.rows()).map(({ values: [sum] }) => sum))).toEqual(new Set(['1']));
});

it('the rows of a day with many columns let others have their turn between buckets', async () => {
  const tally = new Tally(seed);
  const categories = Array.from({ length: 20_000 }, (_, index) => `c${index}`);
  const sums = new Float64Array(24 * categories.length).fill(1);
  tally.add({ records: 1, categories, sums });
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
  expect(rows).toHaveLength(sums.length);
  expect(turns).toBeGreaterThanOrEqual(24);
});
