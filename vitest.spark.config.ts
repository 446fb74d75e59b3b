/** The tests on a real Spark cluster: `npm run test:spark`. They share one cluster, so files run one by one. */
import { defineConfig } from 'vitest/config';
import { seeded, tellSeed } from './test/support/seed.js';

export default defineConfig({
  test: {
    ...seeded,
    include: ['test/spark/**/*.test.ts'],
    globalSetup: [tellSeed, 'test/spark/support/global-setup.ts'],
    fileParallelism: false,
    // Hundreds of small days, read by one application.
    maxConcurrency: 1_000,
    // Other suites may run beside this one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    retry: 0,
  },
});
