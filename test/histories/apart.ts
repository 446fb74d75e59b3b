/** Datasets never touch each other: not their files, keys, records or runs. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { keyOf } from './keeper.js';
import type { KeptDataset, World } from './world.js';

export async function compareApart({ datasets, keepers, outputFolder }: World): Promise<void> {
  const outputs = datasets.map(({ name }) => `${name}.csv`);
  expect(outputs).toEqual(expect.arrayContaining(await namesIn(join(outputFolder, '_daymark'))));
  expect(['_daymark', ...outputs]).toEqual(expect.arrayContaining(await namesIn(outputFolder)));
  const keys = datasets.map(({ name }) => keyOf(name));
  expect(keys).toEqual(expect.arrayContaining([...(await keepers.keys())]));
  for (const dataset of datasets) {
    const others = datasets.filter((other) => other !== dataset);
    await compareRuns(dataset, others);
    await compareRecords(dataset);
  }
}

async function compareRuns({ plane }: KeptDataset, others: readonly KeptDataset[]): Promise<void> {
  if (others.length === 0) return;
  const { runs } = await plane.runs({ statuses: null, limit: 100, after: null });
  for (const { id } of runs) for (const { runIds } of others) expect(runIds).not.toContain(id);
}

/** The head record names its dataset; it may have been emptied. */
async function compareRecords({ name, folder }: KeptDataset): Promise<void> {
  const head = (await namesIn(folder.commits)).filter((each) => each.endsWith('.json')).at(-1);
  const text = head === undefined ? '' : await readFile(join(folder.commits, head), 'utf8');
  if (text !== '') expect(JSON.parse(text)).toMatchObject({ dataset: name });
}

const namesIn = async (path: string) => (await readdir(path).catch(() => [])).sort();
