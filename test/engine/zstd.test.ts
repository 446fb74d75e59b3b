/** Files that end with `.zst`: the text of whole ones, and what is told of others. */
import { describe, expect, test } from 'vitest';
import { unzstd } from '../../src/engine/zstd/unzstd.js';
import { seededBytes } from '../support/seed.js';
import { skippableFrame, zstdOf, zstdRun } from '../support/zstd.js';
import { jobOver, writeFiles } from './job.js';
import { describeEngines } from './subjects.js';

/** As `zstd -19` compresses it, with a checksum behind it. */
const table = `store,pieces\n${Array.from({ length: 60 }, (_, at) => `North,${at}\n`).join('')}`;
const packed = Buffer.from(
  'KLUv/QRoXQMAIsgUErCpAyQQqXeIur33Tikl34lzMUA6+rn57/f8Xk9GPja+7Zqey6mop6av27JrNRHx0PA0S3IspqGdmX1ex221hI65y1VQLMkhAAoxEAYSEMmxKAE7pBGg+P078BkDBMfdJgEfP5ZLWQU+h9dY',
  'base64',
);

async function unpack(content: Buffer, chunkBytes = 65_536) {
  const chunks = async function* () {
    for (let at = 0; at < content.length; at += chunkBytes) {
      yield content.subarray(at, at + chunkBytes);
    }
  };
  const pieces: Buffer[] = [];
  const { signal } = new AbortController();
  try {
    for await (const piece of unzstd({ file: 'a.csv.zst', chunks: chunks(), signal })) {
      pieces.push(piece);
    }
  } catch (error) {
    return (error as Error).message;
  }
  return Buffer.concat(pieces);
}

function changed(at: number): Buffer {
  const copy = Buffer.from(packed);
  copy.writeUInt8(copy.readUInt8(at) ^ 0x01, at);
  return copy;
}

const text = (content: string) => Buffer.from(content);
const cutOff = 'the zstd data is cut off: the file is incomplete';
const noZstd = 'the file is named .zst, but is not zstd data';
const followed = 'something that is not zstd data follows the zstd data';

test.each([1, 2, 3, 7, 64, 65_536])('is unpacked from chunks of %i bytes', async (bytes) => {
  expect(await unpack(packed, bytes)).toEqual(text(table));
});

test('more text than any buffer holds', async () => {
  // An assertion would compare them byte by byte, for a minute.
  const isUnpacked = async (stored: Buffer, plain: Uint8Array) =>
    Buffer.from(plain).equals((await unpack(stored)) as Buffer);
  const large = seededBytes(1_000_000);
  expect(await isUnpacked(zstdOf(large), large)).toBe(true);
  expect(await isUnpacked(zstdRun(0x61, 40), Buffer.alloc(40 * 131_072, 'a'))).toBe(true);
  // The second block fits the buffer in part, and no input follows it.
  expect(await isUnpacked(zstdRun(0x61, 2, 100_000), Buffer.alloc(200_000, 'a'))).toBe(true);
});

describe('frames', () => {
  test.each<[what: string, content: Buffer, plain: string]>([
    ['several', Buffer.concat([zstdOf('a\n'), packed, zstdOf('b\n')]), `a\n${table}b\n`],
    ['one without text', zstdOf(''), ''],
    [
      'some that are skipped',
      Buffer.concat([skippableFrame('x'), zstdOf('a\n'), skippableFrame(''), zstdOf('b\n')]),
      'a\nb\n',
    ],
    ['one that is skipped, and no other', skippableFrame('x'), ''],
  ])('%s', async (_, content, plain) => {
    for (const bytes of [1, 65_536]) expect(await unpack(content, bytes)).toEqual(text(plain));
  });

  test.each<[what: string, content: Buffer, message: string]>([
    ['nothing', Buffer.alloc(0), cutOff],
    ['a start', packed.subarray(0, 3), cutOff],
    ['half', packed.subarray(0, packed.length / 2), cutOff],
    ['all but the checksum', packed.subarray(0, -4), cutOff],
    ['all but one byte', packed.subarray(0, -1), cutOff],
    ['half of a second frame', Buffer.concat([zstdOf('a\n'), packed.subarray(0, 40)]), cutOff],
    ['half of a skipped frame', skippableFrame('long').subarray(0, -2), cutOff],
    ['text', text('store,pieces\n'), noZstd],
    ['gzip data', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), noZstd],
    ['text behind it', Buffer.concat([packed, text('junk')]), followed],
    ['one byte behind it', Buffer.concat([packed, text('j')]), followed],
    ['zeros behind it', Buffer.concat([packed, Buffer.alloc(9)]), followed],
    [
      'another checksum',
      changed(packed.length - 1),
      'the zstd data is damaged (incorrect checksum)',
    ],
    [
      'more than 128 MiB of window',
      Buffer.concat([packed.subarray(0, 5), Buffer.from([0x98]), packed.subarray(6)]),
      'the zstd data takes more memory to read than 128 MiB; compress it without --long or --ultra',
    ],
    [
      'a bomb',
      zstdRun(0, 600),
      'the zstd data grows beyond 500 times its size (a zstd bomb); it was not read on',
    ],
  ])('%s', async (_, content, message) => {
    const found = await unpack(content);
    // What was unpacked may be large, and slow to show.
    expect(typeof found === 'string' ? found : `${found.length} bytes`).toBe(message);
  });

  test('with any bit changed are found damaged', async () => {
    for (let at = 0; at < packed.length; at += 1) {
      const plain = await unpack(changed(at));
      // The size of the window may be another one.
      if (at === 5) continue;
      expect(plain, `byte ${at}`).toEqual(expect.stringMatching(/zstd data/));
    }
  });
});

test('memory is given back, also of streams that end early', async () => {
  const { loadLibZstd } = await import('../../src/engine/zstd/libzstd.js');
  const { memory } = await loadLibZstd();
  await unpack(packed);
  const before = memory.buffer.byteLength;
  for (let each = 0; each < 200; each += 1) {
    await unpack(each % 2 === 0 ? packed : packed.subarray(0, 60));
  }
  expect(memory.buffer.byteLength).toBe(before);
});

describeEngines((engine) => {
  const h = 'order_hour_of_day,x';
  const read = async (contents: Parameters<typeof writeFiles>[0]) =>
    engine.aggregate(jobOver(await writeFiles(contents)));

  test('reads .csv.zst as its text', async () => {
    const plain = `${h}\n5,1\n5,2\n`;
    const [expected] = [await read({ 'a.csv': plain })];
    const day = await read({ 'a.csv.zst': plain });
    if (day.kind !== 'aggregated' || expected.kind !== 'aggregated') throw new Error('rejected');
    expect(day.rows).toEqual(expected.rows);
    expect(day.files).toEqual([{ ...expected.files[0], name: 'a.csv.zst' }]);
  });

  test.each<[what: string, name: string, content: Buffer, message: string]>([
    ['a cut one', 'a.csv.zst', zstdOf(`${h}\n5,1\n`).subarray(0, -1), cutOff],
    ['one named .csv', 'a.csv', packed, 'the file is zstd data; name it .csv.zst'],
    [
      'one within another',
      'a.csv.zst',
      zstdOf(packed),
      'the file is zstd data within zstd data; compress it once',
    ],
  ])('fails the day of %s', async (_, name, content, message) => {
    expect(await read({ [name]: content })).toMatchObject({
      kind: 'rejected',
      problems: [{ file: name, line: null, message }],
    });
  });
});
