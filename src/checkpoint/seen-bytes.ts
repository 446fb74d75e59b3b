import type { StoredCheckpoint } from '../model/checkpoint.js';

/** A longer value is not a checkpoint: its beginning shows that, and no more of it is read. */
export const mostBytes = 4_096;

/** A value, or its beginning, and the size of the whole. */
export interface Seen {
  readonly bytes: string | Buffer;
  readonly sizeBytes: number;
}

export interface SeenBytes {
  reading(found: Seen | null): Extract<StoredCheckpoint, { status: 'value' | 'absent' }>;
  /** The bytes that `text` was read from, if it was the last value read; otherwise `text` itself. */
  of(text: string | null): Seen | null;
}

/**
 * A key may hold bytes that are no UTF-8, or more of them than anyone wants to read. As text they contain
 * replacement characters, or end too early, and a comparison with that text would never succeed, so that such
 * a value could never be repaired. Hence what was read last is kept beside its text.
 */
export function createSeenBytes(): SeenBytes {
  let last: { readonly text: string; readonly seen: Seen } | null = null;
  return {
    reading: (seen) => {
      last = seen === null ? null : { text: seen.bytes.toString('utf8'), seen };
      if (last === null) return { status: 'absent' };
      const { text } = last;
      const { bytes, sizeBytes } = last.seen;
      const isCut = sizeBytes > bytes.length;
      return { status: 'value', text, ...(isCut ? { cutFromBytes: sizeBytes } : {}) };
    },
    of: (text) => {
      if (text === null) return null;
      return text === last?.text ? last.seen : { bytes: text, sizeBytes: Buffer.byteLength(text) };
    },
  };
}
