import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FileFault, problemIn } from './problems.js';

/** Orders compress up to about a hundred times; gzip reaches a thousand on data made to fill a disk. */
export const harmlessBytes = 64 * 1_048_576;
export const largestRatio = 500;

export interface GzipSource {
  readonly file: string;
  /** The stored bytes, from the start. */
  readonly chunks: AsyncIterable<Buffer>;
  /** The stored bytes again, from `position` on. */
  readonly rest: (position: number) => AsyncIterable<Buffer>;
  /** Checked for each piece of text, because a few stored bytes can expand to a lot. */
  readonly signal: AbortSignal;
}

/** The decompressed bytes, bounded. Throws FileFault if the data is not gzip, is cut off or damaged. */
export async function* gunzip({ file, chunks, rest, signal }: GzipSource): AsyncGenerator<Buffer> {
  const unzip = createGunzip({ chunkSize: 65_536 });
  let storedBytes = 0;
  let plainBytes = 0;
  const stored = async function* () {
    for await (const chunk of chunks) {
      if (storedBytes === 0) checkMagic(file, chunk);
      storedBytes += chunk.length;
      yield chunk;
    }
  };
  // Errors of the source reach the loop below through `unzip`, which the pipeline destroys with them.
  pipeline(Readable.from(stored()), unzip, () => undefined);
  try {
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      plainBytes += chunk.length;
      checkRatio(file, plainBytes, storedBytes);
      yield chunk;
    }
  } catch (error) {
    throw inWords(file, error);
  }
  await checkTail(file, rest(unzip.bytesWritten));
}

/** Files of fewer than two bytes are left to zlib, which finds them cut off. */
function checkMagic(file: string, { 0: first, 1: second }: Buffer): void {
  if (second !== undefined && (first !== 0x1f || second !== 0x8b)) {
    throw fault(file, 'the file is named .gz, but is not gzip data');
  }
}

function checkRatio(file: string, plainBytes: number, storedBytes: number): void {
  if (plainBytes > harmlessBytes && plainBytes > largestRatio * storedBytes) {
    const times = `${largestRatio} times its size`;
    throw fault(file, `the gzip data grows beyond ${times} (a gzip bomb); it was not read on`);
  }
}

/**
 * After a member, zero bytes are padding. zlib stops there and silently leaves out anything after them, even another
 * member.
 */
async function checkTail(file: string, rest: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of rest) {
    if (chunk.some((byte) => byte !== 0)) {
      throw fault(file, 'data follows the zero bytes after the gzip data; it would be left out');
    }
  }
}

function inWords(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR')
    return fault(file, 'the gzip data is cut off: the file is incomplete');
  if (code !== 'Z_DATA_ERROR' && code !== 'Z_NEED_DICT') return error;
  return message === 'incorrect header check'
    ? fault(file, 'something that is not gzip data follows the gzip data')
    : fault(file, `the gzip data is damaged (${message})`);
}

function fault(file: string, message: string): FileFault {
  return new FileFault([problemIn(file, message)]);
}
