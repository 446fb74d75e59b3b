/** Whether a day's raw files are those that it was made from. */
import type { Fingerprint } from './ports/raw.js';

/** Inodes and times of the last change count where both sides have them. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return sameFiles(a, b) && !touchedSince(a, b);
}

/** By what every fingerprint holds. */
export function sameFiles(a: Fingerprint, b: Fingerprint): boolean {
  return (
    a.length === b.length &&
    a.every((file, index) => {
      const other = b[index];
      return (
        file.name === other?.name &&
        file.sizeBytes === other.sizeBytes &&
        file.mtimeNs === other.mtimeNs
      );
    })
  );
}

/** Of two fingerprints of the same files. */
function touchedSince(a: Fingerprint, b: Fingerprint): boolean {
  const differ = (one?: string, other?: string) =>
    one !== undefined && other !== undefined && one !== other;
  return a.some(
    ({ ctimeNs, ino }, index) => differ(ctimeNs, b[index]?.ctimeNs) || differ(ino, b[index]?.ino),
  );
}
