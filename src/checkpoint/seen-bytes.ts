export interface SeenBytes {
  textOf(bytes: Buffer | null): string | null;
  /** The bytes that `text` was read from, where it was the last to be read; else `text` itself. */
  bytesOf(text: string | null): string | Buffer | null;
}

/**
 * A key may hold bytes that are no UTF-8. As text they contain replacement characters, and a comparison
 * with that text would never succeed, so that such a value could never be repaired. Hence the bytes of
 * the value that was read last are kept beside its text.
 */
export function createSeenBytes(): SeenBytes {
  let last: { readonly text: string; readonly bytes: Buffer } | null = null;
  return {
    textOf: (bytes) => {
      last = bytes === null ? null : { text: bytes.toString('utf8'), bytes };
      return last?.text ?? null;
    },
    bytesOf: (text) => (text !== null && text === last?.text ? last.bytes : text),
  };
}
