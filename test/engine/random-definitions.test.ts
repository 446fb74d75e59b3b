/**
 * Every engine of this machine on definitions, places and days at random, before an outside judge; and on the same days
 * with one file damaged, where all must say the same to the line, column and value.
 */
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Engine, EngineJob } from '../../src/core/ports/engine.js';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { ownDefinition } from '../../src/engine/day-result.js';
import { createScanEngine } from '../../src/engine/scan/engine.js';
import { columnsOnThread } from '../../src/engine/threads/columns-on-thread.js';
import { readOnThread } from '../../src/engine/threads/read-on-thread.js';
import { ThreadPool } from '../../src/engine/threads/thread-pool.js';
import { openColumnsJudge } from './columns/duckdb.js';
import { openDuckDbEngine } from './duckdb/open-engine.js';
import { openJudge } from './duckdb.js';
import { damage, damaged, landed, randomDataset, toldOf } from './random-datasets.js';
import { runs } from './runs.js';

const csv = createCsvEngine();

/** Those that know the definition, beside the reference. */
function openOthers(): (job: EngineJob) => readonly Engine[] {
  const pool = new ThreadPool({ size: 1 });
  onTestFinished(() => pool.close());
  const threaded = createCsvEngine(readOnThread(pool), columnsOnThread(pool));
  const tuning = { pooledFromBytes: 0, stretchBytes: 61, blockBytes: 37 };
  const scan = createScanEngine({ reference: readCsvFile, pool, tuning });
  const { engine: duckdb } = openDuckDbEngine();
  return ({ definition }) => [threaded, definition.kind === 'wide' ? scan : duckdb];
}

test('sound days of any definition, wherever they lie, come to what DuckDB says', {
  timeout: 1_200_000,
}, async () => {
  const judges = { wide: await openJudge(), columns: await openColumnsJudge() };
  const othersOf = openOthers();
  const seen = { wide: 0, columns: 0 };
  await fc.assert(
    fc.asyncProperty(randomDataset, async (dataset) => {
      for (const { job, judged } of await landed(dataset)) {
        const expected = await csv.aggregate(job);
        await judged(judges, await toldOf(job, expected));
        for (const engine of othersOf(job)) expect(await engine.aggregate(job)).toEqual(expected);
        seen[ownDefinition(job).kind] += expected.kind === 'aggregated' ? expected.rows.length : 0;
      }
    }),
    runs(60, 3000),
  );
  expect(Math.min(seen.wide, seen.columns)).toBeGreaterThan(60);
});

test('a damaged file is told by all in the same words', { timeout: 1_200_000 }, async () => {
  const othersOf = openOthers();
  const seen = { rejected: 0, aggregated: 0 };
  await fc.assert(
    fc.asyncProperty(randomDataset, damage, async (dataset, where) => {
      const [first] = await landed(dataset);
      const job = await damaged(first?.job as EngineJob, where);
      const expected = await csv.aggregate(job);
      for (const engine of othersOf(job)) expect(await engine.aggregate(job)).toEqual(expected);
      seen[expected.kind] += 1;
    }),
    runs(80, 3000),
  );
  expect(Math.min(seen.rejected, seen.aggregated)).toBeGreaterThan(3);
});
