import { setImmediate as soon } from 'node:timers/promises';
import { type CompressedSource, checkRatio, compressionFault } from '../gunzip.js';
import { ZstdError, ZstdStream, zstdErrors } from './zstd-stream.js';

/** Of 128 KiB: some milliseconds of work. */
const piecesAtOnce = 8;

/** The decompressed bytes, bounded. Throws FileFault if the data is not zstd, is cut off or damaged. */
export async function* unzstd({
  file,
  chunks,
  signal,
}: Omit<CompressedSource, 'rest'>): AsyncGenerator<Buffer> {
  const stream = await ZstdStream.open();
  let [storedBytes, plainBytes, pieces] = [0, 0, 0];
  try {
    for await (const chunk of chunks) {
      storedBytes += chunk.length;
      for (const piece of stream.decode(chunk)) {
        signal.throwIfAborted();
        plainBytes += piece.length;
        checkRatio(file, 'zstd', plainBytes, storedBytes);
        yield piece;
        pieces += 1;
        // Unlike gzip, it is unpacked on this thread: others get their turns, and a stop is heard.
        if (pieces % piecesAtOnce === 0) await soon();
      }
    }
    if (!stream.atFrameEnd)
      throw compressionFault(file, 'the zstd data is cut off: the file is incomplete');
  } catch (error) {
    throw error instanceof ZstdError
      ? compressionFault(file, inWords(error, stream.framesPassed))
      : error;
  } finally {
    stream.close();
  }
}

function inWords({ code }: ZstdError, framesPassed: boolean): string {
  switch (code) {
    case zstdErrors.unknownPrefix:
      return framesPassed
        ? 'something that is not zstd data follows the zstd data'
        : 'the file is named .zst, but is not zstd data';
    case zstdErrors.windowTooLarge:
    case zstdErrors.noMemory:
      return 'the zstd data takes more memory to read than 128 MiB; compress it without --long or --ultra';
    case zstdErrors.checksumWrong:
      return 'the zstd data is damaged (incorrect checksum)';
    default:
      return `the zstd data is damaged (error ${code} of libzstd)`;
  }
}
