import { expect, test } from 'vitest';
import { chooseEngine } from '../../src/core/choose-engine.js';
import type { ReadyDay } from '../../src/core/day-status.js';

const days = [600, 500].map(
  (sizeBytes) => ({ raw: { files: [{ sizeBytes }] } }) as unknown as ReadyDay,
);

test.each(['scan', 'csv', 'spark'] as const)('%s is taken where it is asked for', (name) => {
  expect(chooseEngine(name, days, 0, 'scan')).toEqual({ name, reason: null });
});

test.each([
  [
    1_101,
    'csv',
    'auto chose csv: 2 days with 1,100 bytes, fewer than the 1,101 of DAYMARK_SPARK_FROM_BYTES',
  ],
  [
    1_101,
    'scan',
    'auto chose scan: 2 days with 1,100 bytes, fewer than the 1,101 of DAYMARK_SPARK_FROM_BYTES',
  ],
  [
    1_100,
    'spark',
    'auto chose spark: 2 days with 1,100 bytes, at least the 1,100 of DAYMARK_SPARK_FROM_BYTES',
  ],
])('auto, from %d bytes on: %s', (sparkFromBytes, name, reason) => {
  const local = name === 'csv' ? 'csv' : 'scan';
  expect(chooseEngine('auto', days, sparkFromBytes, local)).toEqual({ name, reason });
});
