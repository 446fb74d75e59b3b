import { defineConfig } from 'vitest/config';
import { seeded, tellSeed } from './test/support/seed.js';

/** `npm run test:airflow`: apart from `npm test`, because it installs Airflow and starts it once for all. */
export default defineConfig({
  test: {
    ...seeded,
    include: ['test/airflow/**/*.test.ts'],
    globalSetup: [tellSeed, 'test/support/global-setup.ts', 'test/airflow/global-setup.ts'],
    // Every Daymark of these tests listens where Airflow's one connection points to.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
  },
});
