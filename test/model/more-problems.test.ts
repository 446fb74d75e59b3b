import { expect, test } from 'vitest';
import { moreProblems } from '../../src/model/more-problems.js';

test.each([
  [{ problemCount: 1 }, 1, null],
  [{ problemCount: 0 }, 1, null],
  [{ problemCount: 1 }, 0, '1 more'],
  [{ problemCount: 9_999 }, 20, '9,979 more'],
  [
    { problemCount: 10_000, stoppedAt: { file: 'a.csv', line: 4_001 } },
    20,
    'at least 9,980 more; reading stopped at line 4001 of a.csv',
  ],
  [
    { problemCount: 1_234_567, stoppedAt: { file: 'b.csv', line: null } },
    1,
    'at least 1,234,566 more; reading stopped at b.csv',
  ],
])('%j beyond the first %i: %s', (error, shown, words) => {
  expect(moreProblems(error, shown)).toBe(words);
});
