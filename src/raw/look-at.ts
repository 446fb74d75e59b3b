/**
 * Looks at raw days, as `node:fs/promises` has them, few at a time: a mount that hangs in the middle of a listing must
 * not take all threads of the pool, which the output, the checkpoint and the resolver of names need as well.
 */
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { waitFor } from '../disk/waits.js';

/** Of the pool; four is what libuv makes by itself. */
const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4;
/** Half of them: one is for looks at the output, and one stays free. */
const mostAtOnce = Math.max(1, Math.floor(threads / 2));

let busy = 0;
const queue: (() => void)[] = [];

async function inTurn<T>(path: string | Buffer, look: () => Promise<T>): Promise<T> {
  if (busy >= mostAtOnce) await new Promise<void>((begin) => queue.push(begin));
  else busy += 1;
  try {
    return await waitFor(path.toString(), look);
  } finally {
    const next = queue.shift();
    // Who is next takes our turn over.
    if (next === undefined) busy -= 1;
    else next();
  }
}

export function lstat(path: string | Buffer): Promise<BigIntStats> {
  return inTurn(path, () => fs.lstat(path, { bigint: true }));
}

export function stat(path: string): Promise<BigIntStats> {
  return inTurn(path, () => fs.stat(path, { bigint: true }));
}

export function realpath(path: string): Promise<string> {
  return inTurn(path, () => fs.realpath(path));
}

export function readNames(folder: string): Promise<string[]> {
  return inTurn(folder, () => fs.readdir(folder));
}

export function readNamesAsBytes(folder: string): Promise<Buffer[]> {
  return inTurn(folder, () => fs.readdir(folder, { encoding: 'buffer' }));
}
