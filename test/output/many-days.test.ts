/** What thousands of days may cost: counted, since time depends on the machine. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createCountingDisk } from '../support/counting-disk.js';
import { commit, makePlace, summary, type Table, writeOutput } from './place.js';

const days = 3_000;

const table: Table = Object.fromEntries(
  Array.from({ length: days }, (_, day) => [day, day % 7 === 0 ? {} : { 8: { milk: day } }]),
);

it('an output of thousands of small days is verified in few reads', async () => {
  const { store, another, folder } = await makePlace();
  await commit(store, table);
  const { disk, counts } = createCountingDisk();
  const other = await another(disk);
  counts.reset();
  expect((await other.look()).described).toBe(true);
  expect(counts.bytesRead).toBeGreaterThan((await readFile(folder.output)).length);
  expect(counts.reads).toBeLessThan(10);
});

it('one byte that changed in one of them is found, and told of that day alone', async () => {
  const { store, another, folder } = await makePlace();
  await commit(store, table);
  const text = await readFile(folder.output, 'utf8');
  await writeOutput(folder, text.replace('\n2500,8,milk,2500\n', '\n2500,8,milk,2501\n'));
  const found = summary(await (await another()).look());
  const distrusted = Object.entries(found).filter(([, { rows, trusted }]) => rows > 0 && !trusted);
  expect(distrusted.map(([day]) => day)).toEqual(['2500']);
});
