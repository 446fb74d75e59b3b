import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { seeded, tellSeed } from './test/support/seed.js';

export default defineConfig({
  test: {
    ...seeded,
    include: ['test/**/*.test.ts', 'test/mutations/*.test.mjs'],
    // They need what `npm run test:spark` and `npm run test:airflow` start.
    exclude: [...configDefaults.exclude, 'test/spark/**', 'test/airflow/**'],
    globalSetup: [tellSeed, 'test/support/global-setup.ts'],
    // By default one processor is left free. Here more are at work than there are processors: most tests also wait for
    // processes, disks or clocks.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
  },
});
