import { isUtf8 } from 'node:buffer';

/** Bytes of the sequence that `lead` announces; 1 for bytes that cannot lead. */
function announcedLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

/** Bytes at the end of `bytes` that begin a sequence which the end cuts off: 0 to 3. */
export function cutOffLength(bytes: Uint8Array): number {
  const most = Math.min(3, bytes.length);
  for (let length = 1; length <= most; length += 1) {
    const byte = bytes[bytes.length - length] as number;
    const continues = (byte & 0xc0) === 0x80;
    if (!continues) return announcedLength(byte) > length ? length : 0;
  }
  return 0;
}

/** Where the first sequence begins that is not UTF-8; the length where there is none. */
export function illFormedAt(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return bytes.length;
  let at = 0;
  while (at < bytes.length) {
    const next = at + announcedLength(bytes[at] as number);
    if (!isUtf8(bytes.subarray(at, next))) return at;
    at = next;
  }
  return at;
}
