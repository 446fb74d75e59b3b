import { expect, test } from 'vitest';
import { uriOf } from '../../../src/engine/spark/engine.js';
import { lookAtFile } from '../../../src/engine/spark/look-at-file.js';
import { makePlan, type Sighted } from '../../../src/engine/spark/plan.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { type Contents, jobOver, writeFiles } from '../job.js';
import { h } from '../words.js';

async function sight(contents: Contents): Promise<Sighted[]> {
  const files = await writeFiles(contents);
  const job = jobOver(files);
  const sighted = await Promise.all(
    files.map(async (file) => ({ job, day: 0, file, look: await lookAtFile(file, job) })),
  );
  return sighted.flatMap(({ look, ...rest }) => (look === null ? [] : [{ ...rest, look }]));
}

const options = { token: 't', owner: 1, explainUpToBytes: 100, uriOf: () => 'file:///x' };

test('files of the same columns share a table; gzip data lies in batches of its own', async () => {
  const text = `order_dow,${h},x\n3,5,1\n`;
  const { plan } = makePlan(
    await sight({ 'a.csv': text, 'b.csv.gz': text, 'c.csv': `${h},y\n`, 'd.csv': text }),
    options,
  );
  expect(plan.tables).toEqual([
    { header: `order_dow,${h},x`, columns: 3, read: [1], day: 0, dayText: '3', categories: [2] },
    { header: `${h},y`, columns: 2, read: [0], day: null, dayText: '', categories: [1] },
  ]);
  expect(plan.files.map(({ table }) => table)).toEqual([0, 0, 1, 0]);
  expect(plan.batches).toEqual([
    { definition: 0, files: [0, 2, 3] },
    { definition: 0, files: [1] },
  ]);
});

test('a batch holds no more than its result may have rows', async () => {
  const texts = Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.csv`, `${h},x,y\n`]));
  const { plan } = makePlan(await sight(texts), { ...options, mostResultRows: 96 });
  expect(plan.batches.map(({ files }) => files)).toEqual([[0, 1], [2]]);
});

test('examples are asked for only of files that are not read again', async () => {
  const { plan } = makePlan(
    await sight({ 'a.csv': `${h},x\n`, 'b.csv': `${h},x\n${'5,1\n'.repeat(50)}` }),
    options,
  );
  expect(plan.files.map(({ examples }) => examples)).toEqual([false, true]);
});

test.each<[string, Contents]>([
  ['a header over two lines', { 'a.csv': `${h},"x\ny"\n` }],
  ['a header twice', { 'a.csv': `${h},x,x\n` }],
  ['a CR at the very end', { 'a.csv': `${h},x\n5,1\r` }],
  ['gzip data that Hadoop takes for text by its name', { 'a.csv.GZ': `${h},x\n` }],
  ['text named .gz', { 'a.csv.gz': Buffer.from(`${h},x\n`) }],
])('%s is not for Spark', async (_, contents) => {
  expect(await sight(contents)).toEqual([]);
});

test('what the lines must add up to is known beforehand', async () => {
  const table = `${h},x\n5,1`;
  const sighted = await sight({
    'a.csv': `${table}\n`,
    'b.csv': table,
    'c.csv': `\ufeff${table}\n`,
    'd.csv.gz': table,
  });
  expect(sighted.map(({ look }) => look.expected)).toEqual([
    { kind: 'exact', bytes: table.length + 1 },
    { kind: 'exact', bytes: table.length + 1 },
    { kind: 'exact', bytes: table.length + 1 },
    { kind: 'gzip', bytes: table.length },
  ]);
});

test('a file’s address is the raw root as the cluster sees it, with every name encoded', async () => {
  const root = await makeTempDir();
  const file = { path: `${root}/3/a b%[1]#?é.csv` };
  expect(uriOf(file, root, 's3a://bucket/raw/')).toBe(
    's3a://bucket/raw/3/a%20b%25%5B1%5D%23%3F%C3%A9.csv',
  );
  expect(uriOf(file, root, null)).toBe(`file://${root}/3/a%20b%25%5B1%5D%23%3F%C3%A9.csv`);
});
