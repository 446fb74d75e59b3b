import { expect } from 'vitest';
import type { DatasetConfig } from '../../src/config/dataset-config.js';
import { readDatasets } from '../../src/config/datasets-file.js';
import { isDescribed } from '../../src/config/describe-datasets.js';

/** What a `daymark.yaml` at `path` declares, without Redis and Spark. It must hold no mistake, and no `sql`. */
export function declaredIn(path: string, text: string): DatasetConfig[] {
  const { datasets, mistakes } = readDatasets(text, {
    path,
    name: 'daymark.yaml',
    hasRedis: false,
    hasSpark: false,
  });
  expect(mistakes).toEqual([]);
  const described = datasets.filter(isDescribed);
  expect(described.length).toBe(datasets.length);
  return described;
}
