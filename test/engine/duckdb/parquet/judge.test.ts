import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ColumnsDay } from '../../../../src/engine/csv/columns/aggregate-columns.js';
import { dayOf, withDuckDb } from './day.js';
import { judged } from './judge.js';
import { randomDay } from './random-tables.js';

withDuckDb();

const runs = process.env['DAYMARK_SOAK'] === '1' ? 500 : 80;

/** Rows, or where the problems are and how many. */
function toldOf(day: ColumnsDay) {
  if (day.kind === 'aggregated') return { records: day.records, rows: day.rows };
  const places = day.problems.map(({ file, line, column }) => `${file[0]}, ${column}, ${line}`);
  return { count: day.problemCount, places };
}

it(
  'Parquet: is read as hyparquet reads it, values and errors alike',
  async () => {
    let [accepted, rejected] = [0, 0];
    await fc.assert(
      fc.asyncProperty(randomDay, async ({ files, source }) => {
        const want = await judged(files, source);
        const told = toldOf(await dayOf(files, source));
        if (want.kind === 'aggregated') accepted += 1;
        else rejected += 1;
        const expected =
          want.kind === 'aggregated'
            ? toldOf(want)
            : toldOf({
                ...want,
                // The first line is the header.
                problems: want.problems.map((each) => ({ ...each, line: (each.line ?? 0) - 1 })),
              });
        expect(told).toEqual(expected);
      }),
      { numRuns: runs },
    );
    expect(Math.min(accepted, rejected)).toBeGreaterThan(runs / 10);
  },
  runs * 3_000,
);
