/**
 * A commit record describes the whole state after its commit. Written once, never changed.
 *
 * Its file is either full, with all days, or differential: then it names a full record, the snapshot, and
 * holds only the days that differ from it. Two files are always enough; there are no chains.
 */
import type { OutputShape } from '../model/column.js';
import type { Day, DayLayout } from '../model/day.js';
import type { CommitFacts, LedgerDay } from '../model/ledger.js';

export interface CommitId {
  readonly version: number;
  readonly runId: string;
}

/** What a record knows of a day. Days that did not change are the same objects as in the record before. */
export interface RecordedDay extends LedgerDay {
  readonly day: Day;
}

/** Tells a file with these contents from every other, also when it has another name. */
export interface FileMark {
  readonly dev: string;
  readonly ino: string;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
}

/** The file that a commit was spliced from, as it lay there. */
export interface BaseFile extends FileMark {
  /** Whether Daymark wrote it, and committed what is in it; if not, a copy of it is kept. */
  readonly ours: boolean;
}

/** All that recovery and other writers need to know of a commit; no other file is read for it. */
export interface RecordHeader extends CommitId, CommitFacts {
  readonly dataset: string;
  /** The file name of the output. */
  readonly output: string;
  readonly layout: DayLayout['name'];
  /** The columns of the output. */
  readonly shape: OutputShape;
  /** The commit that this one was made from; null for the first. */
  readonly parent: CommitId | null;
  /** Whether the output's bytes changed: then a staged file was published for it. */
  readonly staged: boolean;
  /** The staged file; null where there was none, and in records of earlier versions. */
  readonly file: FileMark | null;
  readonly base: BaseFile | null;
  /** The full record that this one builds on; null where it is full itself. */
  readonly snapshot: CommitId | null;
}

/** A record whose file is full. */
export interface Snapshot extends CommitId {
  readonly days: readonly RecordedDay[];
}

export interface CommitRecord extends RecordHeader {
  readonly snapshot: Snapshot | null;
  /** In day order; the rows of the days, one after the other behind the header, are the output. */
  readonly days: readonly RecordedDay[];
}
