import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FileFault, problemIn } from './problems.js';

/** Orders compress up to about a hundred times; gzip reaches a thousand on data made to fill a disk, zstd many thousands. */
const harmlessBytes = 64 * 1_048_576;
const largestRatio = 500;

export interface CompressedSource {
  readonly file: string;
  /** The stored bytes, from the start. */
  readonly chunks: AsyncIterable<Buffer>;
  /** The stored bytes again, from `position` on. */
  readonly rest: (position: number) => AsyncIterable<Buffer>;
  /** Checked for each piece of text, because a few stored bytes can expand to a lot. */
  readonly signal: AbortSignal;
}

/** The decompressed bytes, bounded. Throws FileFault if the data is not gzip, is cut off or damaged. */
export async function* gunzip({
  file,
  chunks,
  rest,
  signal,
}: CompressedSource): AsyncGenerator<Buffer> {
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
      checkRatio(file, 'gzip', plainBytes, storedBytes);
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
    throw compressionFault(file, 'the file is named .gz, but is not gzip data');
  }
}

/** Throws FileFault. */
export function checkRatio(
  file: string,
  kind: 'gzip' | 'zstd',
  plainBytes: number,
  storedBytes: number,
): void {
  if (!isBomb(plainBytes, storedBytes)) return;
  const times = `${largestRatio} times its size`;
  throw compressionFault(
    file,
    `the ${kind} data grows beyond ${times} (a ${kind} bomb); it was not read on`,
  );
}

export function isBomb(plainBytes: number, storedBytes: number): boolean {
  return plainBytes > harmlessBytes && plainBytes > largestRatio * storedBytes;
}

/**
 * After a member, zero bytes are padding. zlib stops there and silently leaves out anything after them, even another
 * member.
 */
async function checkTail(file: string, rest: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of rest) {
    if (chunk.some((byte) => byte !== 0)) {
      throw compressionFault(
        file,
        'data follows the zero bytes after the gzip data; it would be left out',
      );
    }
  }
}

function inWords(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR')
    return compressionFault(file, 'the gzip data is cut off: the file is incomplete');
  if (code !== 'Z_DATA_ERROR' && code !== 'Z_NEED_DICT') return error;
  return message === 'incorrect header check'
    ? compressionFault(file, 'something that is not gzip data follows the gzip data')
    : compressionFault(file, `the gzip data is damaged (${message})`);
}

export function compressionFault(file: string, message: string): FileFault {
  return new FileFault([problemIn(file, message)]);
}
