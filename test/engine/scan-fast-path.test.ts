/** What the scan engine must read by itself: handing it to the reference would be right, but slow. */
import { afterAll, describe, expect, test } from 'vitest';
import { createScanEngine } from '../../src/engine/scan/engine.js';
import { ThreadPool } from '../../src/engine/threads/thread-pool.js';
import { type Contents, jobOver, writeFiles } from './job.js';
import { h } from './words.js';

const inputs: [what: string, contents: Contents][] = [
  ['plain rows', { 'a.csv': `order_id,order_dow,${h},x,y\n1,3,5,2,0\n2,3,23,1,4\n` }],
  ['CRLF', { 'a.csv': `${h},x\r\n5,2\r\n6,1\r\n` }],
  ['a byte order mark', { 'a.csv': `\ufeff${h},x\n5,2\n` }],
  ['a missing last line end', { 'a.csv': `${h},x\n5,2` }],
  ['names in quotes', { 'a.csv': `"${h}","fish, tinned","a ""b"""\n5,1,2\n` }],
  ['any column order', { 'a.csv': `x,order_id,${h},y,order_dow\n1,7,5,2,3\n` }],
  ['empty cells and long numbers', { 'a.csv': `${h},x,y,z\n5,,007,123456789012345\n5,,,\n` }],
  ['padded hours', { 'a.csv': `${h},x\n05,1\n00,1\n` }],
  ['text beyond ASCII in an ignored column', { 'a.csv': `order_id,${h},x\né€😀,5,1\n` }],
  ['names beyond ASCII', { 'a.csv': `${h},é€😀\n5,1\n` }],
  ['gzip', { 'a.csv.gz': `${h},x\n5,2\n` }],
  ['files of different columns', { 'a.csv': `${h},x\n5,2\n`, 'b.csv': `y,${h}\n5,2\n` }],
  ['empty lines', { 'a.csv': `order_id,${h},x\n\n7,5,2\n\r\n\n8,6,1\n\n` }],
  ['no rows', { 'a.csv': `${h},x\n` }],
  ['a header without line end', { 'a.csv': `${h},x` }],
];

describe.each([
  ['where it is read', 1_000_000],
  ['in threads', 0],
])('%s', (_, pooledFromBytes) => {
  const engine = createScanEngine({
    pool: new ThreadPool({ size: 2 }),
    tuning: { pooledFromBytes },
    reference: async ({ name }) => {
      throw new Error(`${name} was handed on`);
    },
  });
  afterAll(() => engine.close());

  test.each(inputs)('%s', async (_, contents) => {
    const result = await engine.aggregate(jobOver(await writeFiles(contents)));
    expect(result.kind).toBe('aggregated');
  });

  test('and a quote is handed on', async () => {
    const files = await writeFiles({ 'a.csv': `${h},x\n5,"1"\n` });
    await expect(engine.aggregate(jobOver(files))).rejects.toThrow('a.csv was handed on');
  });
});
