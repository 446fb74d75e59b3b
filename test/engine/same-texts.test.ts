import { readdir, readlink, unlink } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { RawFile } from '../../src/core/ports/raw.js';
import { findSameTexts, sameBytes } from '../../src/engine/same-texts.js';
import { seededBytes } from '../support/seed.js';
import { type Contents, writeFiles } from './job.js';

const find = async (contents: Contents) => {
  const found = await findSameTexts(await writeFiles(contents), new AbortController().signal);
  return Object.fromEntries(found);
};

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('files that hold the same text', () => {
  const large = seededBytes(300_000).toString('hex');
  const otherEnd = `${large.slice(0, -1)}x`;

  test('are found however they are stored', async () => {
    const members = Buffer.concat([gzipSync(large.slice(0, 99)), gzipSync(large.slice(99))]);
    expect(await find({ 'a.csv.gz': large, 'b.csv': large, 'c.csv.gz': members })).toEqual({
      'b.csv': 'a.csv.gz',
      'c.csv.gz': 'a.csv.gz',
    });
  });

  test('are told from those that begin like them', async () => {
    const contents = { 'a.csv': large, 'b.csv': otherEnd, 'c.csv.gz': otherEnd, 'd.csv': large };
    expect(await find(contents)).toEqual({ 'c.csv.gz': 'b.csv', 'd.csv': 'a.csv' });
    expect(await find({ 'a.csv': large, 'b.csv': `${large}x`, 'c.csv': otherEnd })).toEqual({});
  });

  test('are told from those that begin otherwise', async () => {
    expect(await find({ 'a.csv': 'x1', 'b.csv': 'y1', 'c.csv': 'x2', 'd.csv': 'y1' })).toEqual({
      'd.csv': 'b.csv',
    });
  });
});

test('however they are cut into pieces', async () => {
  const bytes = Buffer.from('order_hour_of_day,x\n5,1\n');
  for (let ofA = 1; ofA <= bytes.length; ofA += 1) {
    for (let ofB = 1; ofB <= bytes.length; ofB += 1) {
      expect(await sameBytes(piecesOf(bytes, ofA), piecesOf(bytes, ofB))).toBe(true);
      const longer = Buffer.concat([bytes, bytes.subarray(0, 1)]);
      expect(await sameBytes(piecesOf(bytes, ofA), piecesOf(longer, ofB))).toBe(false);
      expect(await sameBytes(piecesOf(longer, ofA), piecesOf(bytes, ofB))).toBe(false);
    }
  }
});

test('a difference ends the reading, and nothing stays open', async () => {
  const text = '5,1\n'.repeat(200_000);
  const files = await writeFiles({ 'a.csv': text, 'b.csv.gz': `6${text.slice(1)}`, 'c.csv': text });
  const before = await openFiles();
  expect([...(await findSameTexts(files, new AbortController().signal)).keys()]).toEqual(['c.csv']);
  expect(await openFiles()).toEqual(before);
});

test('throws the reason of an abort, and names a file that is gone', async () => {
  const files = await writeFiles({ 'a.csv': 'x', 'b.csv': 'x' });
  const reason = new Error('cancelled');
  await expect(findSameTexts(files, AbortSignal.abort(reason))).rejects.toBe(reason);
  await unlink((files[1] as RawFile).path);
  await expect(findSameTexts(files, new AbortController().signal)).rejects.toMatchObject({
    name: 'RawReadError',
    file: 'b.csv',
  });
});

async function openFiles(): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd').catch(() => []);
  const paths = numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => ''));
  return (await Promise.all(paths)).filter((path) => path.includes('.csv'));
}
