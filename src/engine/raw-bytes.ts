import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { RawReadError } from '../core/failures.js';
import type { EngineJob } from '../core/ports/engine.js';
import type { RawFile } from '../core/ports/raw.js';
import { waitFor } from '../disk/waits.js';
import { blameFile } from './blame-file.js';

/** Small enough that parsing one chunk does not hold up the event loop. */
const chunkBytes = 65_536;

/**
 * Opens a raw file that was listed as a regular one. O_NONBLOCK: a FIFO that took its place must not hang
 * us; O_NOFOLLOW: its path had all links resolved, so a link there is new and could lead anywhere.
 */
export function openRawFile(file: RawFile): Promise<FileHandle> {
  return waitFor(file.path, () => openRegular(file));
}

async function openRegular({ name, path }: RawFile): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, flags);
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    await handle?.close();
    throw blameFile(name, error);
  }
  await handle.close();
  throw new RawReadError(
    name,
    `${name} is no longer a regular file: it was one when the day was listed.`,
  );
}

/** The last four bytes, or zeros before fewer. */
export async function readEnd(handle: FileHandle, sizeBytes: number): Promise<Buffer> {
  const end = Buffer.alloc(4);
  const length = Math.min(sizeBytes, end.length);
  await handle.read(end, end.length - length, length, sizeBytes - length);
  return end;
}

/** The bytes of an open file from `position` on, as stored. Each chunk has memory of its own. */
export async function* readChunks(
  handle: FileHandle,
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

async function readChunk(handle: FileHandle, file: string, at: number): Promise<Buffer> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  try {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, at);
    return chunk.subarray(0, bytesRead);
  } catch (error) {
    throw blameFile(file, error);
  }
}

/** The stored bytes of a file, reported as they are consumed, until the job is cancelled. */
export async function* consume(
  handle: FileHandle,
  file: string,
  job: Pick<EngineJob, 'signal' | 'onBytes'>,
): AsyncGenerator<Buffer> {
  for await (const chunk of readChunks(handle, file, 0)) {
    job.signal.throwIfAborted();
    job.onBytes?.(chunk.length);
    yield chunk;
  }
}
