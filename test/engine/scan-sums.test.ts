/** Sums at the border of what is exact, spread over rows, stretches, threads and files. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawProblem } from '../../src/model/raw-problem.js';
import { countedOf } from '../support/counted.js';
import { writeFiles } from './job.js';
import { runs } from './runs.js';
import { createScanFamily } from './scan-family.js';
import { h } from './words.js';

const { agree, read } = createScanFamily();
const largest = BigInt(Number.MAX_SAFE_INTEGER);
/** The largest count that the kernels take; ten of them are beyond the border. */
const long = 999_999_999_999_999n;

interface Spread {
  /** What the sum is above the border, or below. */
  readonly beyond: bigint;
  /** Counts that together are 2^53 − 1 + beyond, in any order. */
  readonly counts: readonly bigint[];
  readonly fileOf: readonly number[];
}

const spread: fc.Arbitrary<Spread> = fc
  .record({
    beyond: fc.constantFrom(-1n, 0n, 1n, 2n),
    ones: fc.nat(5),
    order: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    fileOf: fc.array(fc.nat(2), { minLength: 40, maxLength: 40 }),
  })
  .map(({ beyond, ones, order, fileOf }) => {
    const total = largest + beyond - BigInt(ones);
    const counts = [...Array(9).fill(long), total - 9n * long, ...Array(ones).fill(1n)];
    const keyed = counts.map((count: bigint, index) => ({ count, key: order[index] ?? 0 }));
    return {
      beyond,
      counts: keyed.sort((a, b) => a.key - b.key).map(({ count }) => count),
      fileOf,
    };
  });

/** By file; around the counts lie others, so that they fall into stretches of their own. */
function contentsOf({ counts, fileOf }: Spread): Record<string, string> {
  const rows: string[][] = [[], [], []];
  for (const [index, count] of counts.entries()) {
    rows[fileOf[index] ?? 0]?.push(`7,${count},1`, '8,1,9');
  }
  return Object.fromEntries(
    rows.map((lines, index) => [
      `${index}.csv`,
      `${h},x,y\n${lines.map((line) => `${line}\n`).join('')}`,
    ]),
  );
}

/** The first row, in the order of files and lines, with which the sum is not exact any more. */
function crossingIn(contents: Record<string, string>): Partial<RawProblem> | null {
  let sum = 0n;
  for (const [file, text] of Object.entries(contents)) {
    for (const [index, line] of text.split('\n').entries()) {
      const [hour, value = ''] = line.split(',');
      if (hour !== '7') continue;
      sum += BigInt(value);
      if (sum > largest) return { file, line: index + 1, column: 'x', value };
    }
  }
  return null;
}

test('they are exact up to 2^53 − 1; the row that goes beyond is named', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(spread, async (of) => {
      const contents = contentsOf(of);
      const crossing = crossingIn(contents);
      const result = await agree(await writeFiles(contents));
      expect(result.kind).toBe(of.beyond > 0n ? 'rejected' : 'aggregated');
      if (result.kind === 'rejected') {
        const message = 'with it the sum exceeds 2^53 − 1';
        expect(result.problems[0]).toEqual({ ...crossing, message });
      } else {
        const sums = result.rows
          .map(countedOf)
          .find(({ hour, category }) => hour === 7 && category === 'x');
        expect(BigInt(sums?.items ?? 0)).toBe(largest + of.beyond);
      }
    }),
    runs(100, 2000),
  );
  // The fast path itself adds up to the border: only what goes beyond is handed on.
  expect(read.handedOn).toBeLessThan(read.files * 0.6);
});
