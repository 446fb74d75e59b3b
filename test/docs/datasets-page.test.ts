/** docs/DATASETS.md: each example is run as it stands there, and comes to the output that stands there. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { datasetShape } from '../../src/config/dataset-shape.js';
import { makePlace } from '../cli/daymark.js';

const page = await readFile('docs/DATASETS.md', 'utf8');

/** By title: the files of each example, the output last. */
const examples = page
  .split(/^## /m)
  .map((section) => ({
    title: section.split('\n', 1)[0] ?? '',
    files: [...section.matchAll(/^`([^`\n]+)`:\n\n```\w+\n(.*?)^```$/gms)].map(
      ([, path = '', text = '']) => ({ path, text }),
    ),
  }))
  .filter(({ files }) => files.length > 0);

it('there are seven examples, each with its file, days and output', () => {
  expect(examples).toHaveLength(7);
  for (const { files } of examples) {
    expect(files[0]?.path).toBe('daymark.yaml');
    expect(files[0]?.text).toMatch(/^# yaml-language-server: \$schema=.*daymark\.schema\.json\n/);
    expect(files.at(-1)?.path).toMatch(/^out\//);
    expect(files.length).toBeGreaterThan(3);
  }
});

describe('an example comes to the output that stands on the page', () => {
  it.each(examples)('$title', async ({ files }) => {
    const place = await makePlace({ DAYMARK_RAW_DIR: '', DAYMARK_OUTPUT_FILE: '' });
    const output = files.at(-1);
    for (const { path, text } of files.slice(0, -1)) {
      await mkdir(dirname(join(place.root, path)), { recursive: true });
      await writeFile(join(place.root, path), text);
    }
    const file = join(place.root, 'daymark.yaml');
    for (const command of ['check', 'run', 'verify']) {
      const { code, stderr } = await place.daymark(command, '--datasets', file);
      expect({ command, code, stderr }).toMatchObject({ code: 0 });
    }
    expect(await readFile(join(place.root, output?.path ?? ''), 'utf8')).toBe(output?.text);
  });
});

it('names every key that a dataset may have', () => {
  const told = page.split('## Grocery')[0] ?? '';
  const missing = Object.keys(datasetShape.shape).filter((key) => !told.includes(`\`${key}\``));
  expect(missing).toEqual([]);
});
