/** `npm run bench:docs`: takes over the newest results, and writes the pages and charts again. */
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readResult, readResults } from '../results.js';
import { say } from '../terminal.js';
import { chartsOf } from './charts.js';
import { pageOf } from './page.js';
import { withScale } from './scale.js';

const newest = '.bench/results';
const committed = 'docs/performance';

await mkdir(newest, { recursive: true });
await mkdir(committed, { recursive: true });
await mkdir('docs/images', { recursive: true });
for (const name of await readdir(newest)) {
  await copyFile(join(newest, name), join(committed, name));
  say(`${join(committed, name)}: taken over from ${newest}`);
}
const results = await readResults(committed);
await writeFile('docs/PERFORMANCE.md', pageOf(results));
for (const [name, svg] of chartsOf(results)) await writeFile(join('docs/images', name), svg);
const scale = await readResult(committed, 'scale');
const datasets = await readResult(committed, 'datasets');
const scalePage = 'docs/SCALE.md';
await writeFile(scalePage, withScale(await readFile(scalePage, 'utf8'), scale, datasets));
say('docs/PERFORMANCE.md with its charts, and the tables of docs/SCALE.md, are written.');
