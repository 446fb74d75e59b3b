/** The raw files that a day was made from, and whether they are still the same. */

/**
 * The raw files that a day was made from; equal fingerprints mean equal raw data. Sorted by name. Programs can restore
 * a size and an mtime, but not the change time (`ctime`) and the inode. These two are missing in records of older
 * versions, and if DAYMARK_RAW_CTIME is false.
 */
export type Fingerprint = readonly {
  readonly name: string;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  readonly ctimeNs?: string;
  readonly ino?: string;
}[];

/** Inodes and change times are compared if both sides have them. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return sameFiles(a, b) && !touchedSince(a, b);
}

/** Compares only the fields that every fingerprint has. */
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
