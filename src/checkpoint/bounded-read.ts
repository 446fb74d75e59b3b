/** Reads the value under the key, but no more of it than a checkpoint can have. */
import type { Redis } from 'ioredis';
import { isForbidden } from './redis-failure.js';
import { mostBytes, type Seen } from './seen-bytes.js';

export interface BoundedRead {
  /** Null where there is no key. Rejects with what Redis answers, such as WRONGTYPE. */
  read(client: Redis): Promise<Seen | null>;
  /** Another connection may be that of another server, or of a user with other rights. */
  forget(): void;
}

/** A user without GETRANGE and STRLEN is served by GET, which reads all there is. */
export function createBoundedRead(key: string): BoundedRead {
  /** Whether the user may read the size and parts of a value, as far as is known. */
  let isBounded = true;
  const whole = async (client: Redis) => cut(await client.getBuffer(key));

  return {
    forget: () => {
      isBounded = true;
    },
    read: async (client) => {
      if (!isBounded) return whole(client);
      try {
        const begin = await client.getrangeBuffer(key, 0, mostBytes);
        // GET tells an empty value from none.
        if (begin.length === 0) return await whole(client);
        if (begin.length <= mostBytes) return cut(begin);
        return cut(begin, await client.strlen(key));
      } catch (error) {
        if (!isForbidden(error)) throw error;
        // If that is refused as well, the command is not the reason.
        const found = await whole(client);
        isBounded = false;
        return found;
      }
    },
  };
}

function cut(bytes: Buffer | null, sizeBytes = 0): Seen | null {
  if (bytes === null) return null;
  if (bytes.length <= mostBytes) return { bytes, sizeBytes: bytes.length };
  // A copy: a slice would keep the whole buffer in memory.
  const begin = Buffer.from(bytes.subarray(0, mostBytes));
  return { bytes: begin, sizeBytes: Math.max(sizeBytes, bytes.length) };
}
