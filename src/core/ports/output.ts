/** The interface of the output and its ledger, implemented in `output/`. */

import type { OutputShape } from '../../model/column.js';
import type { Day } from '../../model/day.js';
import type { EngineName } from '../../model/engine.js';
import type { Fingerprint } from '../../model/fingerprint.js';
import type { CommitFacts, LedgerDay, OutputDay, RawMark } from '../../model/ledger.js';
import type { OutputRow, Row } from '../../model/row.js';
import type { Totals } from '../../model/totals.js';
import type { CommitGate } from '../commit-gate.js';

export interface OutputState {
  /** The head commit's version; 0 before the first. */
  readonly version: number;
  /** Null before the first commit, and where the head record cannot be read. */
  readonly record: CommitFacts | null;
  /** Why the head record cannot be read; the output is then used as it is. Null if it can be read. */
  readonly unreadable: string | null;
  /** Of the file; null when there is none. */
  readonly sizeBytes: number | null;
  /**
   * The columns of the file: those of the definition, or others that a commit record explains. Where there is no
   * file, those of the definition.
   */
  readonly shape: OutputShape;
  /** Days with at least one row in the file, in day order. */
  readonly days: ReadonlyMap<Day, OutputDay>;
  /** In day order. */
  readonly ledger: ReadonlyMap<Day, LedgerDay>;
  /** False if another program wrote the file, or its days do not match the head record. */
  readonly described: boolean;
  /** What recovery did before this look, as sentences; almost always empty. */
  readonly recovered: readonly string[];
}

/** A day's rows in canonical form, ready to be spliced. */
export interface EncodedDay {
  readonly bytes: Buffer;
  readonly rows: number;
  readonly totals: Totals;
  readonly sha256: string;
}

/** Spooled bytes. */
export interface StoredBytes {
  readonly length: number;
  /** Block by block; throws if they are no longer what was written. */
  read(use: (block: Buffer) => Promise<void>): Promise<void>;
}

/** An encoded day that waits for its commit. */
export interface KeptDay extends Omit<EncodedDay, 'bytes'> {
  readonly bytes: Buffer | StoredBytes;
}

/** Where the days of a run wait for its commit: in memory up to a limit, on disk beyond it. */
export interface Spool {
  /** Throws ProblemError `output-unavailable` if the disk is full. */
  keep(day: EncodedDay): Promise<KeptDay>;
  /** Must always be called; drops everything that was kept. Never rejects. */
  close(): Promise<void>;
}

export interface ReplacedDay {
  readonly encoded: KeptDay;
  readonly records: number;
  readonly fingerprint: Fingerprint;
}

export interface OutputChange {
  readonly runId: string;
  /** The engine that read the replaced days; null if there are none. */
  readonly engine: EngineName | null;
  /** The definition under which the replaced days are made. */
  readonly definition: string;
  readonly replace: ReadonlyMap<Day, ReplacedDay>;
  /** Days to mark for reprocessing; their rows stay. */
  readonly mark: ReadonlySet<Day>;
  /** Days of the file that the ledger does not know, and that are trusted to match these raw files. */
  readonly adopt: ReadonlyMap<Day, Fingerprint>;
  readonly raw: RawMark;
  readonly columns: readonly string[] | null;
}

export type CommitResult =
  | {
      readonly kind: 'committed';
      readonly version: number;
      /** For people: a foreign version that was kept, a folder whose fsync failed. */
      readonly warnings: readonly string[];
      /** Why the output is still the old one, if the last step failed; recovery will finish it. */
      readonly unpublished: string | null;
    }
  /** The head says all this already. */
  | { readonly kind: 'unchanged' }
  /** Another writer moved the head, or the output changed: reconcile and plan again. */
  | { readonly kind: 'conflict'; readonly reason: string };

/** A row, and its position. */
export interface PlacedRow extends OutputRow {
  /** The offset of its first byte from the first byte of its day's rows. */
  readonly at: number;
  readonly sizeBytes: number;
}

/** The cells of its key in the form of a cursor: `cursorCell`. */
export type RowPlace = Omit<PlacedRow, 'values' | 'sizeBytes'>;

export interface RowQuery {
  /** In day order. */
  readonly days: readonly Day[];
  /** Return only the rows after this one, if it is in the first of the days; otherwise all. Null for all. */
  readonly behind: RowPlace | null;
}

export interface OutputFile {
  readonly sizeBytes: number;
  /** A strong validator, quoted as in HTTP. */
  readonly etag: string;
  read(): NodeJS.ReadableStream;
  /** Must be called if `read` was not. */
  close(): Promise<void>;
}

/**
 * How a version takes the output's place. With `exchange` the old file always keeps a name. With `rename`, a file that
 * another program puts there between two of our system calls is lost.
 */
export type Publication = 'exchange' | 'rename';

export interface OutputStore {
  /**
   * Refuses (throws, with a sentence for people) a place where the commit protocol cannot work. Returns what it had to
   * do, as sentences; almost always empty.
   */
  open(): Promise<readonly string[]>;
  /** What `open` found out. */
  publication(): Publication;
  /**
   * Recovers from a crash, then reads the state: a few stats while nothing has changed, otherwise a full verification. Throws
   * ProblemError `output-unreadable` or `output-unavailable`.
   */
  look(): Promise<OutputState>;
  /** In the columns of the definition, or in those of the file as a look found it. */
  encode(day: Day, rows: readonly Row[], found?: OutputShape): Promise<EncodedDay>;
  header(found: OutputShape): Buffer;
  spool(): Spool;
  /**
   * Passes the gate at its commit point. Throws the reason of a stop that came before, OutcomeUnknown, or
   * whatever failed before the commit point.
   */
  commit(base: OutputState, change: OutputChange, gate: CommitGate): Promise<CommitResult>;
  /** The version that `runId` committed, among the kept records; null if there is none. */
  commitOf(runId: string): Promise<number | null>;
  /**
   * Passes rows in order to `take` while it returns true; holds one block of the file at a time, and yields to the
   * event loop between blocks. False if the file changed since `base`: look again.
   */
  rows(base: OutputState, query: RowQuery, take: (row: PlacedRow) => boolean): Promise<boolean>;
  /** The file as it is now, opened once (so that a rename cannot tear it); null when there is none. */
  file(): Promise<OutputFile | null>;
}
