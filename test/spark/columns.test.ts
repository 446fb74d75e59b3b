/**
 * The definition `columns` on Spark: random definitions and days, all of them in one application, before the
 * reference and an outside judge. Days that are odd to Spark are read again here, and come out right all the
 * same: so these tests look at which days were.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DayAggregate, DayRejection, EngineJob } from '../../src/core/ports/engine.js';
import type { ColumnsJob } from '../../src/engine/csv/columns/aggregate-columns.js';
import { aggregateColumns } from '../../src/engine/csv/columns/aggregate-columns.js';
import { openColumnsJudge } from '../engine/columns/duckdb.js';
import { columnsJob } from '../engine/columns/job.js';
import { soundColumnsDay, soundDayText } from '../engine/columns/sound-columns.js';
import { writeFiles } from '../engine/job.js';
import { keepTempDirs } from '../support/temp-dir.js';
import { describeSpark, interpreted, sparkEngine } from './support/subject.js';

keepTempDirs();

async function readAll(jobs: readonly EngineJob[]) {
  let local = 0;
  const engine = sparkEngine({ conf: interpreted, timeoutMs: 600_000 }, undefined, (job) => {
    local += 1;
    return aggregateColumns(job);
  });
  const session = engine.session?.(jobs, () => undefined);
  const results: { result: DayAggregate | DayRejection; isLocal: boolean }[] = [];
  for (const job of jobs) {
    const before = local;
    const result = (await session?.aggregate(job)) as DayAggregate | DayRejection;
    results.push({ result, isLocal: local > before });
  }
  await session?.close();
  return results;
}

describeSpark('columns on Spark', () => {
  test('random definitions come to what the reference and DuckDB say', {
    timeout: 600_000,
  }, async () => {
    const judge = await openColumnsJudge();
    const days = fc.sample(soundColumnsDay, { numRuns: 40, seed: 7 });
    const jobs: ColumnsJob[] = [];
    for (const { definition, files } of days) {
      const contents = files.map(({ name, sheet }) => [name, sheet.text]);
      const raw = await writeFiles(Object.fromEntries(contents));
      jobs.push(columnsJob(raw, definition, { day: soundDayText }));
    }
    const results = await readAll(jobs);
    let local = 0;
    for (const [index, { result, isLocal }] of results.entries()) {
      const job = jobs[index] as ColumnsJob;
      expect(result).toEqual(await aggregateColumns(job));
      if (result.kind !== 'aggregated') throw new Error('a sound day was refused');
      const files =
        days[index]?.files.map(({ sheet }, at) => ({ file: job.files[at] as never, sheet })) ?? [];
      const { records, rows } = await judge(job.definition, files);
      expect(result.records).toBe(records);
      expect(result.rows.map(({ key, values }) => [...key, ...values])).toEqual(rows);
      local += Number(isLocal);
    }
    process.stdout.write(
      `Days of columns: ${days.length}, of which ${local} were unusual to Spark.\n`,
    );
    expect(local).toBeLessThan(days.length / 2);
  });
});
