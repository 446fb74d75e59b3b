/**
 * When a folder's own stamp tells whether its entries are still the same.
 *
 * A folder's times move when an entry is added, removed or renamed, so that as long as they stand still
 * its list of names need not be read again. (A file that is rewritten in place moves only its own times:
 * the files themselves are always looked at.) That is safe where three things hold:
 *
 * - the file system keeps those times as POSIX says. Kernel file systems do; mounts of object stores and
 *   other user-space or network file systems often do not, so only those known to are trusted.
 * - the folder is on that very file system, not another's mount point.
 * - the folder had been at rest for a while when it was read. Clocks of file systems tick, some once in
 *   two seconds, and what changes twice within a tick has the same times after each.
 */
import { statfs } from '../disk/look-at.js';
import type { Stamp } from './stamp.js';

/** Longer than the slowest tick, FAT's two seconds. */
export const usualRestMs = 3_000;

/** By the magic numbers that statfs(2) documents. */
const trustedTypes: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0x2fc12fc1, // ZFS
  0xf2f52010, // F2FS
  0x01021994, // tmpfs
  0x794c7630, // overlayfs, as containers have it
]);

/** Where folders can be steady, and after which rest. */
export interface Ground {
  /** Null where the file system is not trusted. */
  readonly dev: bigint | null;
  readonly restMs: number;
}

/** For looks that are not kept. */
export const noGround: Ground = { dev: null, restMs: 0 };

export async function groundOf(
  folder: string,
  { dev }: Pick<Stamp, 'dev'>,
  restMs: number,
): Promise<Ground> {
  const { type } = await statfs(folder);
  return { dev: trustedTypes.has(type) ? dev : null, restMs };
}

/** Whether a folder whose stamp was taken at `seenAtMs` (since 1970), before it was read, tells of its entries. */
export function isSteady(
  stamp: Pick<Stamp, 'dev' | 'ctimeNs'>,
  seenAtMs: number,
  { dev, restMs }: Ground,
): boolean {
  return stamp.dev === dev && seenAtMs - Number(stamp.ctimeNs / 1_000_000n) >= restMs;
}
