import { type BigIntStats, lstatSync } from 'node:fs';

/** What `stat` knows about a file or folder, as far as a change of it shows there. */
export interface Stamp {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly sizeBytes: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

export function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): Stamp {
  return { dev, ino, sizeBytes: size, mtimeNs, ctimeNs };
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return (
    a.ctimeNs === b.ctimeNs &&
    a.mtimeNs === b.mtimeNs &&
    a.sizeBytes === b.sizeBytes &&
    a.ino === b.ino &&
    a.dev === b.dev
  );
}

/** A path, links not followed, and what lay there. */
export interface StampedPath {
  readonly path: string;
  readonly stamp: Stamp;
}

/**
 * Looks at once, on the calling thread. A path that cannot be checked counts as changed: the following look reports
 * why.
 */
export function isAsItWas({ path, stamp }: StampedPath): boolean {
  try {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stats !== undefined && sameStamp(stampOf(stats), stamp);
  } catch {
    return false;
  }
}
