/**
 * What Spark itself must do. Files that it calls odd are read again here, and come out right all the same: so
 * these tests look at which files were.
 */

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EngineJob } from '../../src/core/ports/engine.js';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { badTables } from '../engine/bad-tables.js';
import { goodTables } from '../engine/good-tables.js';
import { type Contents, jobOver, writeFiles } from '../engine/job.js';
import { soundDay, written } from '../engine/sound-days.js';
import { h } from '../engine/words.js';
import { keepTempDirs } from '../support/temp-dir.js';
import { describeSpark, sparkEngine } from './support/subject.js';

keepTempDirs();

/** All of them in one application; gives each one's result, and how many of its files were read here. */
async function readAll(jobs: readonly EngineJob[]) {
  const local: string[] = [];
  const engine = sparkEngine({}, (file, ...rest) => {
    local.push(file.path);
    return readCsvFile(file, ...rest);
  });
  const session = engine.session?.(jobs, () => undefined);
  const results = [];
  for (const job of jobs) {
    const before = local.length;
    const result = await session?.aggregate(job);
    results.push({ result, local: local.length - before });
  }
  await session?.close();
  return results;
}

/** Good tables with line ends or CRs within quotes, or with something before their header: not for Spark. */
const isUnusual = (text: string) =>
  /"[^"]*[\r\n][^"]*"/.test(text) || /^\ufeff?[\r\n]|^\ufeff\ufeff/.test(text);

const names = ['a b.csv', 'a[1]{2}*?\\.csv', '%20.csv', 'é‮€😀.csv', '#?.csv', "'.csv"];

describeSpark('Spark by itself', () => {
  test('reads ordinary days, and calls every bad table odd', async () => {
    const plain = `order_id,order_dow,${h},x,y\n1,3,5,2,0\n2,3,23,1,4\n`;
    const ordinary: Contents[] = [
      ...goodTables.filter(([, text]) => !isUnusual(text)).map(([, text]) => ({ 'a.csv': text })),
      ...goodTables
        .filter(([, text]) => !isUnusual(text))
        .map(([, text]) => ({ 'a.csv.gz': text })),
      ...names.map((name) => ({ [name]: plain })),
      { 'a.csv': `${h},x\n${'5,1\n'.repeat(300_000)}` },
    ];
    const odd: Contents[] = [
      ...badTables.map(([, text]) => ({ 'a.csv': text })),
      ...[gzipSync(plain).subarray(0, -20), Buffer.concat([gzipSync(plain), Buffer.from('junk')])]
        .concat([Buffer.concat([gzipSync(plain), Buffer.alloc(9), gzipSync(plain)])])
        .map((content) => ({ 'a.csv.gz': content })),
    ];
    const contents = [...ordinary, ...odd];
    const jobs = await Promise.all(contents.map(async (each) => jobOver(await writeFiles(each))));
    const results = await readAll(jobs);
    const csv = createCsvEngine();
    for (const [index, { result, local }] of results.entries()) {
      const what = JSON.stringify(contents[index]).slice(0, 300);
      expect(result, what).toEqual(await csv.aggregate(jobs[index] as EngineJob));
      expect({ what, local }).toEqual({ what, local: index < ordinary.length ? 0 : 1 });
    }
  });

  test('agrees with the reference on random sound days', async () => {
    const days = fc.sample(soundDay('3'), { numRuns: 40, seed: 7 });
    const jobs = await Promise.all(
      days.map(async (day) => jobOver(await writeFiles(written(day)))),
    );
    const results = await readAll(jobs);
    const csv = createCsvEngine();
    for (const [index, { result }] of results.entries()) {
      expect(result).toEqual(await csv.aggregate(jobs[index] as EngineJob));
    }
    const files = days.flat().length;
    const local = results.reduce((sum, each) => sum + each.local, 0);
    process.stdout.write(`Random files: ${files}, of which ${local} were unusual to Spark.\n`);
    expect(local).toBeLessThan(files / 2);
  });
});
