/** Finds files with the same decompressed text. Reads only up to the first difference. */
import { createHash } from 'node:crypto';
import type { FindSameTexts } from '../core/ports/engine.js';
import type { RawFile } from '../core/ports/raw.js';
import { plainChunks } from './plain-chunks.js';
import { openRawFile } from './raw-bytes.js';

/** Nearly all texts differ within this many bytes. Files that agree in it are compared with each other. */
const startBytes = 65_536;

export const findSameTexts: FindSameTexts = async (files, signal) => {
  const firstOf = new Map<string, string>();
  /** Texts that differ, by how they begin. */
  const distinct = new Map<string, RawFile[]>();
  for (const file of files) {
    const start = await startOf(file, signal);
    const others = distinct.get(start) ?? [];
    const same = await firstWithSameText(others, file, signal);
    if (same !== null) firstOf.set(file.name, same.name);
    else distinct.set(start, [...others, file]);
  }
  return firstOf;
};

async function firstWithSameText(
  others: readonly RawFile[],
  file: RawFile,
  signal: AbortSignal,
): Promise<RawFile | null> {
  for (const other of others) if (await haveSameText(other, file, signal)) return other;
  return null;
}

async function startOf(file: RawFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  let left = startBytes;
  await read(file, signal, async (chunks) => {
    for await (const chunk of chunks) {
      hash.update(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
      if (left === 0) break;
    }
  });
  return hash.digest('base64');
}

function haveSameText(a: RawFile, b: RawFile, signal: AbortSignal): Promise<boolean> {
  return read(a, signal, (ofA) => read(b, signal, (ofB) => sameBytes(ofA, ofB)));
}

async function read<Result>(
  file: RawFile,
  signal: AbortSignal,
  use: (chunks: AsyncIterable<Buffer>) => Promise<Result>,
): Promise<Result> {
  const handle = await openRawFile(file);
  try {
    return await use(plainChunks(handle, file, { signal }));
  } finally {
    await handle.close();
  }
}

/** However both are cut into chunks. */
export async function sameBytes(
  ofA: AsyncIterable<Buffer>,
  ofB: AsyncIterable<Buffer>,
): Promise<boolean> {
  const [a, b] = [piecesOf(ofA), piecesOf(ofB)];
  try {
    for (;;) {
      const [inA, inB] = [await a.rest(), await b.rest()];
      if (inA === null || inB === null) return inA === inB;
      const length = Math.min(inA.length, inB.length);
      if (!inA.subarray(0, length).equals(inB.subarray(0, length))) return false;
      a.take(length);
      b.take(length);
    }
  } finally {
    await a.close();
    await b.close();
  }
}

function piecesOf(chunks: AsyncIterable<Buffer>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return {
    /** What is not taken yet of the current chunk; null at the end. */
    rest: async (): Promise<Buffer | null> => {
      while (rest.length === 0) {
        const next = await iterator.next();
        if (next.done) return null;
        rest = next.value;
      }
      return rest;
    },
    take: (count: number) => {
      rest = rest.subarray(count);
    },
    close: () => iterator.return?.(),
  };
}
