/** Days of random definitions, by DuckDB alone where they are sound: each by itself, and together in a session. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCsvEngine } from '../../../src/engine/csv/engine.js';
import { landed, type RandomDataset, randomDataset } from '../random-datasets.js';
import { runs } from '../runs.js';
import { openDuckDbEngine } from './open-engine.js';

const csv = createCsvEngine();

/** A header of several lines is odd. */
function isForDuckDb({ sound }: RandomDataset): boolean {
  return (
    sound.kind === 'columns' && !sound.definition.columns.some(({ name }) => name.includes('\n'))
  );
}

test('sound days are left to the reference by none', { timeout: 1_200_000 }, async () => {
  const { engine, count } = openDuckDbEngine();
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(randomDataset.filter(isForDuckDb), async (dataset) => {
      const jobs = (await landed(dataset)).map(({ job }) => job);
      const expected = await Promise.all(jobs.map(csv.aggregate));
      const session = engine.session?.(jobs, () => undefined);
      for (const [at, job] of jobs.entries()) {
        expect(await session?.aggregate(job)).toEqual(expected[at]);
        expect(await engine.aggregate(job)).toEqual(expected[at]);
      }
      await session?.close();
      rows += expected.reduce((sum, day) => sum + (day.kind === 'rejected' ? 0 : day.records), 0);
      expect(count.left).toBe(0);
    }),
    runs(60, 600),
  );
  expect(rows).toBeGreaterThan(500);
});
