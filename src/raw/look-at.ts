/**
 * Looks at raw days, as `node:fs/promises` has them, few at a time: a mount that hangs in the middle of a listing must
 * not take all threads of the pool, which the output, the checkpoint and the resolver of names need as well.
 */
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { placeNameOf } from '../disk/places.js';
import { waitFor } from '../disk/waits.js';

/** Of the pool; four is what libuv makes by itself. */
const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4;
/** Half of them: one is for looks at the output, and one stays free. */
const mostAtOnce = Math.max(1, Math.floor(threads / 2));

interface Turns {
  busy: number;
  readonly queue: (() => void)[];
}

/** By place: a root that hangs keeps its turns, and takes none of another's. */
const turnsAt = new Map<string, Turns>();

async function inTurn<T>(path: string | Buffer, look: () => Promise<T>): Promise<T> {
  const place = placeNameOf(path.toString());
  const turns = turnsAt.get(place) ?? { busy: 0, queue: [] };
  turnsAt.set(place, turns);
  if (turns.busy >= mostAtOnce) await new Promise<void>((begin) => turns.queue.push(begin));
  else turns.busy += 1;
  try {
    return await waitFor(path.toString(), look);
  } finally {
    const next = turns.queue.shift();
    // The next caller takes over this turn.
    if (next === undefined) turns.busy -= 1;
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
