/** The interface of the raw days, implemented in `raw/`. */

import type { Day } from '../../model/day.js';
import type { FileForm } from '../../model/file-form.js';
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
  readonly form: FileForm;
}

/** An entry that is named like data but must not be read: a FIFO, a link out of the root, … */
export interface RefusedFile {
  readonly name: string;
  /** A sentence for people: what it is, and what to do. */
  readonly reason: string;
}

/** An entry in a day's folder that is left out although it may be data. */
export interface UnreadEntry {
  readonly name: string;
  /** Sentences for people: why it is not read, and what to do. */
  readonly reason: string;
}

export interface RawDay {
  readonly day: Day;
  /** At least one file (ready or refused), and `_SUCCESS` if that is required. */
  readonly ready: boolean;
  /** What the day lacks, to follow "it waits for". Null if it is ready. */
  readonly waitsFor: string | null;
  /** Whether there is a `_SUCCESS`: their writer says that they are complete. */
  readonly complete: boolean;
  readonly files: readonly RawFile[];
  readonly refused: readonly RefusedFile[];
  /** In the order of their names, without names that begin with `.` or `_` and known side files. */
  readonly unread: readonly UnreadEntry[];
  readonly fingerprint: Fingerprint;
  /** Like the fingerprint but stricter (inode, ctime): shows whether a file changed while it was read. */
  readonly identity: string;
}

/**
 * `marked`: its name marks it as not data. A link named like a day counts as its target; other links are `other`.
 */
export const ignoredKinds = ['folder', 'file', 'other', 'marked'] as const;

/** An entry of the raw root, or of a folder on the way to days, that is not a day. */
export interface IgnoredEntry {
  /** Its path below the root. */
  readonly name: string;
  /** A sentence for people. */
  readonly reason: string;
  readonly kind: (typeof ignoredKinds)[number];
  /** The day that the name resembles, such as 3 for `day=3`, for "did you mean". */
  readonly likelyDay: Day | null;
}

export interface RawListing {
  /** The path of the root, links resolved. */
  readonly root: string;
  /** In day order. */
  readonly days: ReadonlyMap<Day, RawDay>;
  readonly ignored: readonly IgnoredEntry[];
  /** The device (`st_dev`) of the root, links resolved: it differs if its file system is not mounted. */
  readonly device: string;
}

export interface RawStore {
  /**
   * Every day, as found after the call; the same object as before while nothing has changed.
   * Throws ProblemError `raw-unavailable` where the root, or a folder on the way to days, cannot be read.
   */
  list(): Promise<RawListing>;
  /** Whether the root, and the folders on the way to days, still have the entries of the last listing, without waiting; false if that is not certain. */
  hasSameEntries(): Promise<boolean>;
  /**
   * One day, as it is now, or null if it is gone. Waits (a few milliseconds) until every ctime is old enough that a
   * later write would change it.
   */
  settle(day: Day): Promise<RawDay | null>;
  close(): Promise<void>;
}
