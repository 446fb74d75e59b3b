/**
 * The checkpoint in a file of its own, for a service without Redis: the bare value and a newline.
 *
 * There is no compare-and-set on files, so writers within this process take turns. Two processes on one
 * file can overwrite each other's value; the next reconcile of either corrects it.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckpointStore, CompareAndSet } from '../core/ports/checkpoint.js';
import { createSerial } from '../core/serial.js';
import { nodeDisk } from '../disk/disk.js';
import { temporaryName } from '../disk/temporaries.js';
import { waitFor } from '../disk/waits.js';
import { replaceFile } from '../disk/whole-files.js';
import type { StoredCheckpoint } from '../model/checkpoint.js';
import { type TimeLimit, TimeLimitError, within } from '../process/time-limit.js';
import { createListeners } from './listeners.js';
import { mostBytes } from './seen-bytes.js';
import { createWriteRetry } from './write-retry.js';

export interface EmbeddedCheckpointOptions {
  /** Its folder is made when the first value is stored. */
  readonly path: string;
}

/**
 * What a look or a write of the file may take. A busy disk takes time, and giving up early would leave the outcome
 * unknown; a disk that hangs must not hang its callers.
 */
export const fileTimeoutMs = 10_000;

export function createEmbeddedCheckpoint({ path }: EmbeddedCheckpointOptions): CheckpointStore {
  const [reading, writing] = [createTurns(), createTurns()];
  const restored = createListeners(() => {});
  const writes = createWriteRetry(restored.call);

  return {
    kind: 'embedded',
    read: async (deadline) => {
      const result = await reading(deadline, () => look(path));
      if (result.status === 'value') writes.saw(result.text);
      if (result.status === 'absent') writes.saw(null);
      return result;
    },
    compareAndSet: async (expected, next, deadline) => {
      const result = await writing(deadline, () => swap(path, expected, next));
      if (result.status === 'unavailable') writes.refused(next, result.reason);
      else writes.settled();
      return result;
    },
    refusal: writes.refusal,
    onRestored: restored.add,
    close: async () => writes.settled(),
  };
}

interface Unavailable {
  readonly status: 'unavailable';
  readonly reason: string;
}

type Turns = <T>(deadline: number, work: () => Promise<T>) => Promise<T | Unavailable>;

/** One after the other: where the file's mount hangs, one call waits for it, however many there are. */
function createTurns(): Turns {
  const inTurn = createSerial();
  return async (deadline, work) => {
    const budgetMs = deadline - performance.now();
    if (!(budgetMs > 0)) return { status: 'unavailable', reason: 'no time was left' };
    const turn = async (limit: TimeLimit) => {
      if (limit.expired) throw new TimeLimitError('its turn came too late');
      return work();
    };
    try {
      return await within(budgetMs, (limit) => inTurn(() => turn(limit)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { status: 'unavailable', reason: `the checkpoint file: ${reason}` };
    }
  };
}

async function swap(
  path: string,
  expected: string | null,
  next: string | null,
): Promise<CompareAndSet> {
  const found = await look(path);
  if (found.status === 'wrong-type') return found;
  const held = found.status === 'value' ? found.text : null;
  if (held !== expected) return { status: 'conflict' };
  if (next !== null) await store(path, `${next}\n`);
  else if (held !== null) await remove(path);
  return { status: 'stored' };
}

/**
 * The file then holds all of `text` or what it held before, also after a power cut. Throws when that failed or, once
 * it may have happened, when it may not last.
 */
async function store(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  // Someone may have removed the folder with all that was in it.
  await nodeDisk.makeFolder(folder);
  await replaceFile(nodeDisk, { folder, path, temporary: temporaryName(path) }, Buffer.from(text));
}

async function remove(path: string): Promise<void> {
  await nodeDisk.remove(path);
  await nodeDisk.syncFolder(dirname(path));
}

type Look = Exclude<StoredCheckpoint, Unavailable>;

function look(path: string): Promise<Look> {
  return waitFor(path, () => readFrom(path));
}

async function readFrom(path: string): Promise<Look> {
  // A FIFO of that name must not block.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(unlessAbsent);
  if (file === null) return { status: 'absent' };
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) return { status: 'wrong-type', type: 'directory' };
    if (!stats.isFile()) return { status: 'wrong-type', type: 'special file' };
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    const text = buffer.toString('utf8', 0, bytesRead).replace(/\n$/, '');
    if (stats.size <= mostBytes) return { status: 'value', text };
    return { status: 'value', text, cutFromBytes: stats.size };
  } finally {
    await file.close();
  }
}

function unlessAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
