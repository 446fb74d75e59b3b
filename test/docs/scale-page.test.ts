import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { withScale } from '../bench/docs/scale.js';
import { readResult } from '../bench/results.js';

const pagePath = 'docs/SCALE.md';

/** Written by `npm run bench:docs`; a figure in the table that the bench did not measure fails here. */
it('docs/SCALE.md says what the committed results say', async () => {
  const page = await readFile(pagePath, 'utf8');
  const [scale, datasets] = await Promise.all([
    readResult('docs/performance', 'scale'),
    readResult('docs/performance', 'datasets'),
  ]);
  await expect(withScale(page, scale, datasets)).toMatchFileSnapshot(`../../${pagePath}`);
});

/** What the page rests on is named there by its test. */
it('every test that docs/SCALE.md names is there', async () => {
  const page = await readFile(pagePath, 'utf8');
  const named = [...page.matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(3);
  for (const path of named)
    await expect(readFile(path, 'utf8')).resolves.toMatch(/\bit\(|it\.each|describe/);
});
