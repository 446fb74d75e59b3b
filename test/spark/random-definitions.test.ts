/**
 * Definitions, places and days at random, all of them in one application, before the reference and an outside judge; of
 * each dataset one day is damaged, and must be told in the reference's own words. What is odd to Spark is read again
 * here, and comes out right all the same: so it is counted, too.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DayAggregate, DayRejection } from '../../src/core/ports/engine.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { openColumnsJudge } from '../engine/columns/duckdb.js';
import { openJudge } from '../engine/duckdb.js';
import { damage, damaged, landed, randomDataset, toldOf } from '../engine/random-datasets.js';
import { runs } from '../engine/runs.js';
import { keepTempDirs } from '../support/temp-dir.js';
import { countingSpark, describeSpark, interpreted } from './support/subject.js';

keepTempDirs();

const patienceMs = 900_000;

describeSpark('any definition on Spark', () => {
  test('comes to what the reference and DuckDB say', { timeout: patienceMs }, async () => {
    const judges = { wide: await openJudge(), columns: await openColumnsJudge() };
    const { numRuns } = runs(24, 400);
    const days = (
      await Promise.all(
        fc.sample(fc.tuple(randomDataset, damage), { numRuns }).map(async ([dataset, where]) => {
          const sound = await landed(dataset);
          const [first] = sound as [(typeof sound)[number]];
          return [...sound, { job: await damaged(first.job, where), judged: null }];
        }),
      )
    ).flat();
    const { engine, counted } = countingSpark({ conf: interpreted, timeoutMs: patienceMs });
    const session = engine.session?.(
      days.map(({ job }) => job),
      () => undefined,
    );
    const csv = createCsvEngine();
    let rejected = 0;
    for (const { job, judged } of days) {
      const found = (await session?.aggregate(job)) as DayAggregate | DayRejection;
      expect(found).toEqual(await csv.aggregate(job));
      await judged?.(judges, await toldOf(job, found));
      rejected += Number(found.kind === 'rejected');
    }
    await session?.close();
    const told = `${days.length} random days, ${rejected} of them rejected; read again: ${counted.days} days of columns and ${counted.files} files of wide.`;
    process.stdout.write(`${told}\n`);
    expect(rejected).toBeGreaterThan(numRuns / 6);
    expect(counted.days).toBeLessThan(days.length / 3);
  });
});
