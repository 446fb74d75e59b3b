/**
 * Texts are ordered by code point. JavaScript's own order is by UTF-16 unit, which puts characters
 * beyond U+FFFF before those from U+E000 on; the bytes of UTF-8 sort by code point.
 */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const plain = a < b ? -1 : 1;
  return hasSurrogate.test(a) || hasSurrogate.test(b)
    ? Buffer.compare(Buffer.from(a), Buffer.from(b))
    : plain;
}

const hasSurrogate = /[\ud800-\udfff]/;
