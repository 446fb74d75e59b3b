import { RawReadError } from '../core/failures.js';
import type { RawFile } from '../core/ports/raw.js';
import { FileFault } from './problems.js';
import { type OpenRawFile, openRawFile } from './raw-bytes.js';

/**
 * What `look` makes of an open raw file. Null if it is odd or cannot be read, or has grown or was cut since it was
 * listed: the reference then says what is wrong. Throws the signal's reason.
 */
export async function lookThrough<Look>(
  file: RawFile,
  signal: AbortSignal,
  look: (handle: OpenRawFile) => Promise<Look | null>,
): Promise<Look | null> {
  signal.throwIfAborted();
  try {
    const handle = await openRawFile(file);
    try {
      return handle.sizeBytes === file.sizeBytes ? await look(handle) : null;
    } finally {
      await handle.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    const refused = typeof (error as NodeJS.ErrnoException).syscall === 'string';
    if (refused || error instanceof RawReadError || error instanceof FileFault) return null;
    throw error;
  }
}
