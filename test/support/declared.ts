import { expect } from 'vitest';
import { readDatasets } from '../../src/config/datasets-file.js';

/** What a `daymark.yaml` at `path` declares, without Redis and Spark. It must hold no mistake. */
export function declaredIn(path: string, text: string) {
  const { datasets, mistakes } = readDatasets(text, {
    path,
    name: 'daymark.yaml',
    hasRedis: false,
    hasSpark: false,
  });
  expect(mistakes).toEqual([]);
  return datasets;
}
