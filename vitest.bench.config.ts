import { defineConfig } from 'vitest/config';

/** Measurements, one after the other: never part of the tests. */
export default defineConfig({
  test: {
    include: ['test/bench/**/*.bench.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    fileParallelism: false,
    disableConsoleIntercept: true,
  },
});
