import { afterAll, expect } from 'vitest';
import type { DatasetConfig } from '../../src/config/dataset-config.js';
import { readDatasets } from '../../src/config/datasets-file.js';
import { type DescribedDatasets, describeDatasets } from '../../src/config/describe-datasets.js';
import { createDuckDb } from '../../src/engine/duckdb/child-process.js';

/** The service's own, for all tests of a file. */
export const testDuckDb = createDuckDb({
  ...{ memoryBytes: 512 * 1024 * 1024, threads: 2, atOnce: 1 },
});
afterAll(() => testDuckDb.close());

/** What a `daymark.yaml` at `path` says, and DuckDB of it. */
export function describedIn(path: string, text: string): Promise<DescribedDatasets> {
  const file = { path, name: 'daymark.yaml', hasRedis: false, hasSpark: false };
  return describeDatasets(readDatasets(text, file), () => ({
    ...testDuckDb,
    close: async () => undefined,
  }));
}

/** It must hold no mistake. */
export async function declaredWithSql(
  path: string,
  text: string,
): Promise<readonly [DatasetConfig, ...DatasetConfig[]]> {
  const { datasets, mistakes } = await describedIn(path, text);
  expect(mistakes).toEqual([]);
  const [first, ...others] = datasets;
  if (first === undefined) throw new Error('there is no dataset');
  return [first, ...others];
}
