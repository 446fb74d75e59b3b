import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/core/ports/engine.js';
import { gunzip } from '../../src/engine/gunzip.js';
import { seededBytes } from '../support/seed.js';
import { jobOver, writeFiles } from './job.js';
import { describeEngines } from './subjects.js';

const table = `order_hour_of_day,x\n${'5,1\n'.repeat(1000)}`;
const gzip = gzipSync(table);

async function read(engine: Engine, content: Uint8Array) {
  return engine.aggregate(jobOver(await writeFiles({ 'a.csv.gz': content })));
}

/** How many bytes come out of `content`, and the error that ends them. */
async function unpack(content: Buffer) {
  const chunks = async function* (from: number) {
    for (let at = from; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
  };
  const { signal } = new AbortController();
  const plain = gunzip({ file: 'a.csv.gz', chunks: chunks(0), rest: chunks, signal });
  let bytes = 0;
  try {
    for await (const chunk of plain) bytes += chunk.length;
  } catch (error) {
    return { bytes, error };
  }
  return { bytes, error: null };
}

function damagedAt(index: number): Buffer {
  const copy = Buffer.from(gzip);
  copy.writeUInt8(copy.readUInt8(index) ^ 0xff, index);
  return copy;
}

const cutOff = 'the gzip data is cut off: the file is incomplete';
const noGzip = 'the file is named .gz, but is not gzip data';
const followed = 'something that is not gzip data follows the gzip data';
const leftOut = 'data follows the zero bytes after the gzip data; it would be left out';

const cases: [what: string, content: Uint8Array, message: string][] = [
  ['when it is empty', Buffer.alloc(0), cutOff],
  ['when it is one byte', gzip.subarray(0, 1), cutOff],
  ['when it is cut off in its header', gzip.subarray(0, 7), cutOff],
  ['when it is cut off in its data', gzip.subarray(0, -20), cutOff],
  ['when its last byte is missing', gzip.subarray(0, -1), cutOff],
  ['when a second member is cut off', Buffer.concat([gzip, gzip.subarray(0, 9)]), cutOff],
  ['when it is plain text', Buffer.from(table), noGzip],
  ['when it is random', Buffer.concat([Buffer.from([0]), seededBytes(200)]), noGzip],
  ['when it is zeros', Buffer.alloc(100), noGzip],
  [
    'when its checksum is wrong',
    damagedAt(gzip.length - 6),
    'the gzip data is damaged (incorrect data check)',
  ],
  [
    'when its length is wrong',
    damagedAt(gzip.length - 1),
    'the gzip data is damaged (incorrect length check)',
  ],
  ['when junk follows it', Buffer.concat([gzip, Buffer.from('junk')]), followed],
  ['when junk follows zero bytes', Buffer.concat([gzip, Buffer.from('\0\0junk')]), leftOut],
  ['when a member follows zero bytes', Buffer.concat([gzip, Buffer.alloc(9), gzip]), leftOut],
  [
    'when a member follows many zero bytes',
    Buffer.concat([gzip, Buffer.alloc(300_000), gzip]),
    leftOut,
  ],
  [
    'when it is compressed twice',
    gzipSync(gzip),
    'the file is gzip data within gzip data; compress it once',
  ],
];

describeEngines((engine) => {
  describe('gzip data is refused', () => {
    test.each(cases)('%s', async (_, content, message) => {
      const problem = { file: 'a.csv.gz', line: null, column: null, value: null, message };
      const expected = { kind: 'rejected', problems: [problem], problemCount: 1 };
      expect(await read(engine, content)).toEqual(expected);
    });

    test('wherever it is cut off', async () => {
      for (let length = 0; length < gzip.length; length += 1) {
        const result = await read(engine, gzip.subarray(0, length));
        expect(result, `${length} of ${gzip.length} bytes`).toMatchObject({
          problems: [{ message: cutOff }],
          problemCount: 1,
        });
      }
    });
  });

  test('problems of rows before the place where gzip data is cut off come first', async () => {
    const noise = seededBytes(30_000)
      .toString('hex')
      .replace(/(.{60})/g, '5,1,$1\n5,a,$1\n');
    const cut = gzipSync(`order_hour_of_day,x,order_id\n${noise}`).subarray(0, -1000);
    const result = await read(engine, cut);
    if (result.kind === 'aggregated') throw new Error('it was accepted');
    expect(result.problems[0]).toMatchObject({ line: 3, column: 'x', value: 'a' });
    expect(result.problemCount).toBeGreaterThan(500);
  });
});

test('a gzip bomb is refused before it has been unpacked', async () => {
  const member = gzipSync(Buffer.alloc(1_048_576, '0,0\n'), { level: 9 });
  const bomb = Buffer.concat(Array.from({ length: 400 }, () => member));
  const message = 'the gzip data grows beyond 500 times its size (a gzip bomb); it was not read on';
  const { bytes, error } = await unpack(bomb);
  expect(error).toMatchObject({ problems: [{ file: 'a.csv.gz', line: null, message }] });
  expect(bytes).toBeLessThan(150 * 1_048_576);
});

test('data that compresses well is no bomb while it is small', async () => {
  const small = gzipSync(Buffer.alloc(60 * 1_048_576, '0,0\n'), { level: 9 });
  expect(await unpack(small)).toEqual({ bytes: 60 * 1_048_576, error: null });
});

test('large data is no bomb while it compresses like orders', async () => {
  const block = Buffer.concat([seededBytes(8192), Buffer.alloc(1_048_576)]);
  const member = gzipSync(block);
  const large = Buffer.concat(Array.from({ length: 100 }, () => member));
  expect(await unpack(large)).toEqual({ bytes: 100 * block.length, error: null });
});
