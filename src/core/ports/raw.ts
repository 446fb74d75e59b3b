/** What the core asks of the raw days; `raw/` implements it. */

import type { Day } from '../../model/day.js';
import type { Fingerprint } from '../../model/fingerprint.js';

/** One ready raw file of a day. */
export interface RawFile {
  /** Its path below the day's folder, or below the root where a day has no folder of its own; unique within the day. */
  readonly name: string;
  /** Absolute, with links resolved: inside the raw root when it was listed. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Modification time in nanoseconds since 1970, as a decimal string (it exceeds 2^53). */
  readonly mtimeNs: string;
  readonly gzip: boolean;
}

/** An entry that is named like data but must not be read: a FIFO, a link out of the root, … */
export interface RefusedFile {
  readonly name: string;
  /** A sentence for people: what it is, and what to do. */
  readonly reason: string;
}

/** An entry in a folder of a day that is left out, and is not known to be no data. */
export interface UnreadEntry {
  readonly name: string;
  /** Sentences for people: why it is not read, and what to do. */
  readonly reason: string;
}

export interface RawDay {
  readonly day: Day;
  /** At least one file (ready or refused), and `_SUCCESS` where that is required. */
  readonly ready: boolean;
  /** For people, as in "it waits for …": what it takes to be ready. Null where it is. */
  readonly waitsFor: string | null;
  /** Whether `_SUCCESS` lies beside them: whoever wrote them says that they are whole. */
  readonly complete: boolean;
  readonly files: readonly RawFile[];
  readonly refused: readonly RefusedFile[];
  /** In the order of their names. Names that begin with `.` or `_`, and known side files, are not told. */
  readonly unread: readonly UnreadEntry[];
  readonly fingerprint: Fingerprint;
  /** Like the fingerprint but stricter (inode, ctime): tells whether a file changed while it was read. */
  readonly identity: string;
}

/**
 * `marked`: its name tells that it is no data. A link that is named like a day counts as what it leads to;
 * other links are `other`.
 */
export const ignoredKinds = ['folder', 'file', 'other', 'marked'] as const;

/** An entry of the raw root, or of a folder on the way to days, that is none. */
export interface IgnoredEntry {
  /** Its path below the root. */
  readonly name: string;
  /** A sentence for people. */
  readonly reason: string;
  readonly kind: (typeof ignoredKinds)[number];
  /** The day that the name nearly is, such as 3 for `day=3`: for "did you mean". */
  readonly likelyDay: Day | null;
}

export interface RawListing {
  /** The path of the root, links resolved. */
  readonly root: string;
  /** In day order. */
  readonly days: ReadonlyMap<Day, RawDay>;
  readonly ignored: readonly IgnoredEntry[];
  /** The device (`st_dev`) of the root, links resolved: another one where its file system is not mounted. */
  readonly device: string;
}

export interface RawStore {
  /**
   * Every day as it is at a moment after the call; the same object as before while nothing changed.
   * Throws ProblemError `raw-unavailable` where the root, or a folder on the way to days, cannot be read.
   */
  list(): Promise<RawListing>;
  /** Whether the root, and the folders on the way to days, have the entries of the last listing, told at once; false where that cannot be told. */
  hasSameEntries(): Promise<boolean>;
  /**
   * One day, as it is now, or null when it is gone. Waits (some milliseconds) until no file's
   * ctime lies so near to the clock that a later write could leave it as it is.
   */
  settle(day: Day): Promise<RawDay | null>;
  close(): Promise<void>;
}
