/** How often the list of all datasets is asked for. */
import { expect, it } from 'vitest';
import { createCatalog } from '../../src/dashboard/store/catalog.js';

/** A service that takes so long to answer, on a clock that only it moves. */
function openCatalog(tookMs: () => number | null) {
  let now = 0;
  let asked = 0;
  const datasets = async () => {
    asked += 1;
    const took = tookMs();
    if (took === null) throw new Error('it does not answer');
    now += took;
    return [];
  };
  const catalog = createCatalog({ datasets }, () => now);
  const askedBy = async (atMs: number, everyMs = 0) => {
    now = atMs;
    await catalog.look(everyMs);
    return asked;
  };
  return { catalog, askedBy };
}

it('a service that takes long to answer is asked the less often', async () => {
  const { askedBy } = openCatalog(() => 500);
  expect(await askedBy(0)).toBe(1);
  expect(await askedBy(10_499)).toBe(1);
  expect(await askedBy(10_500)).toBe(2);
});

it('one that answers at once is asked at each turn, or as seldom as is wished', async () => {
  const { askedBy } = openCatalog(() => 0);
  expect(await askedBy(0)).toBe(1);
  expect(await askedBy(4_000)).toBe(2);
  expect(await askedBy(8_000, 60_000)).toBe(2);
  expect(await askedBy(64_000, 60_000)).toBe(3);
});

it('what failed is asked again, and what was known stays', async () => {
  let took: number | null = 0;
  const { catalog, askedBy } = openCatalog(() => took);
  await askedBy(0);
  took = null;
  await askedBy(60_000, 60_000);
  expect(catalog.problem.value?.detail).toContain('it does not answer');
  expect(catalog.datasets.value).toEqual([]);
  took = 0;
  expect(await askedBy(64_000, 60_000)).toBe(3);
  expect(catalog.problem.value).toBeNull();
});
