import {
  close,
  closeSync,
  constants,
  fstat,
  fstatSync,
  open,
  openSync,
  read,
  readSync,
  type Stats,
} from 'node:fs';
import { setImmediate as soon } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { RawReadError } from '../core/failures.js';
import type { EngineJob } from '../core/ports/engine.js';
import type { RawFile } from '../core/ports/raw.js';
import { waitFor } from '../disk/waits.js';
import { blameFile } from './blame-file.js';

/** Small enough that parsing one chunk does not hold up the event loop. */
const chunkBytes = 65_536;

/** A raw file that is open. */
export interface OpenRawFile {
  readonly fd: number;
  /** When it was opened. */
  readonly sizeBytes: number;
  /** How many bytes were read into `buffer`; 0 at the end. */
  read(buffer: Buffer, position: number): Promise<number>;
  close(): Promise<void>;
}

const inPool = {
  open: promisify(open),
  stat: promisify<number, Stats>(fstat),
  read: (fd: number, buffer: Buffer, position: number) =>
    new Promise<number>((resolve, reject) => {
      read(fd, buffer, 0, buffer.length, position, (error, count) =>
        error === null ? resolve(count) : reject(error),
      );
    }),
  close: promisify(close),
};

/** A thread that reads raw files waits by itself, and not by one of the pool, which all of the process shares. */
const onThisThread: typeof inPool = {
  open: async (path, flags) => openSync(path, flags),
  stat: async (fd) => fstatSync(fd),
  // What it is told meanwhile, such as to stop, is heard between two reads.
  read: async (fd, buffer, position) => {
    await soon();
    return readSync(fd, buffer, 0, buffer.length, position);
  },
  close: async (fd) => closeSync(fd),
};

const files = isMainThread ? inPool : onThisThread;

/**
 * Opens a raw file that was listed as a regular one. O_NONBLOCK: a FIFO that took its place must not hang
 * us; O_NOFOLLOW: its path had all links resolved, so a link there is new and could lead anywhere.
 */
export async function openRawFile({ name, path }: RawFile): Promise<OpenRawFile> {
  const { fd, sizeBytes } = await waitFor(path, () => openRegular(path)).catch((error) => {
    throw blameFile(name, error);
  });
  if (sizeBytes === null) {
    throw new RawReadError(
      name,
      `${name} is no longer a regular file: it was one when the day was listed.`,
    );
  }
  return {
    fd,
    sizeBytes,
    read: (buffer, position) => waitFor(path, () => files.read(fd, buffer, position)),
    close: () => waitFor(path, () => files.close(fd)),
  };
}

/** Closes the file again and gives no size if it is not a regular file. */
async function openRegular(path: string): Promise<{ fd: number; sizeBytes: number | null }> {
  const fd = await files.open(
    path,
    constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
  );
  try {
    const stats = await files.stat(fd);
    if (stats.isFile()) return { fd, sizeBytes: stats.size };
  } catch (error) {
    await files.close(fd);
    throw error;
  }
  await files.close(fd);
  return { fd, sizeBytes: null };
}

/** The last four bytes, or zeros before fewer. */
export async function readEnd(handle: OpenRawFile, sizeBytes: number): Promise<Buffer> {
  const end = Buffer.alloc(4);
  const length = Math.min(sizeBytes, end.length);
  await handle.read(end.subarray(end.length - length), sizeBytes - length);
  return end;
}

/** The bytes of an open file from `position` on, as stored. Each chunk has memory of its own. */
export async function* readChunks(
  handle: OpenRawFile,
  file: string,
  position: number,
): AsyncGenerator<Buffer> {
  for (let at = position; ; ) {
    const chunk = await readChunk(handle, file, at);
    if (chunk.length === 0) return;
    yield chunk;
    at += chunk.length;
  }
}

async function readChunk(handle: OpenRawFile, file: string, at: number): Promise<Buffer> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  try {
    return chunk.subarray(0, await handle.read(chunk, at));
  } catch (error) {
    throw blameFile(file, error);
  }
}

/** The stored bytes of a file, reported as they are consumed, until the job is cancelled. */
export async function* consume(
  handle: OpenRawFile,
  file: string,
  job: Pick<EngineJob, 'signal' | 'onBytes'>,
): AsyncGenerator<Buffer> {
  for await (const chunk of readChunks(handle, file, 0)) {
    job.signal.throwIfAborted();
    job.onBytes?.(chunk.length);
    yield chunk;
  }
}
