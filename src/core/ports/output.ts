/** What the core asks of the output and its ledger; `output/` implements it. */

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
  /** Why the head record cannot be read: then the output is taken as it lies there. Null where it can. */
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
  /** False when someone else wrote the file, or its days are not what the head record says. */
  readonly described: boolean;
  /** What recovery did on the way here, as sentences; empty almost always. */
  readonly recovered: readonly string[];
}

/** A day's rows in canonical form, ready to be spliced. */
export interface EncodedDay {
  readonly bytes: Buffer;
  readonly rows: number;
  readonly totals: Totals;
  readonly sha256: string;
}

/** Bytes that were put aside. */
export interface StoredBytes {
  readonly length: number;
  /** Block by block; throws where they are no longer what was put there. */
  read(use: (block: Buffer) => Promise<void>): Promise<void>;
}

/** An encoded day that waits for its commit. */
export interface KeptDay extends Omit<EncodedDay, 'bytes'> {
  readonly bytes: Buffer | StoredBytes;
}

/** Where the days of a run wait for its commit: in memory up to a bound, on disk beyond it. */
export interface Spool {
  /** Throws ProblemError `output-unavailable` where the disk takes no more. */
  keep(day: EncodedDay): Promise<KeptDay>;
  /** To be called whatever happens; what was kept is gone then. Never rejects. */
  close(): Promise<void>;
}

export interface ReplacedDay {
  readonly encoded: KeptDay;
  readonly records: number;
  readonly fingerprint: Fingerprint;
}

export interface OutputChange {
  readonly runId: string;
  /** What read the days that are replaced; null where there are none. */
  readonly engine: EngineName | null;
  /** Under which the days are made that are replaced. */
  readonly definition: string;
  readonly replace: ReadonlyMap<Day, ReplacedDay>;
  /** Days to mark for reprocessing; their rows stay. */
  readonly mark: ReadonlySet<Day>;
  /** Days of the file that the ledger does not know, and that are trusted to be made from these raw files. */
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
      /** Why the output still is the old one, where the last step failed; recovery will finish it. */
      readonly unpublished: string | null;
    }
  /** The head says all this already. */
  | { readonly kind: 'unchanged' }
  /** Another writer moved the head, or the output was touched: reconcile and plan again. */
  | { readonly kind: 'conflict'; readonly reason: string };

/** A row, and where it lies. */
export interface PlacedRow extends OutputRow {
  /** Of its first byte, counted from the first byte of its day's rows. */
  readonly at: number;
  readonly sizeBytes: number;
}

/** The cells of its key are what a cursor says of them: `cursorCell`. */
export type RowPlace = Omit<PlacedRow, 'values' | 'sizeBytes'>;

export interface RowQuery {
  /** In day order. */
  readonly days: readonly Day[];
  /** Where this row lies in the first of the days, told are those behind it; else all. Null for all. */
  readonly behind: RowPlace | null;
}

export interface OutputFile {
  readonly sizeBytes: number;
  /** A strong validator, quoted as in HTTP. */
  readonly etag: string;
  read(): NodeJS.ReadableStream;
  /** Must be called where `read` was not. */
  close(): Promise<void>;
}

/**
 * How a version takes the output's place. By `exchange` whatever lay there keeps a name. By `rename` what
 * another program puts there between two system calls of ours is replaced without a copy.
 */
export type Publication = 'exchange' | 'rename';

export interface OutputStore {
  /**
   * Refuses (throws, with a sentence for people) a place on which the commit protocol cannot hold. Tells, as
   * sentences, what it had to do; nothing almost always.
   */
  open(): Promise<readonly string[]>;
  /** What `open` found out. */
  publication(): Publication;
  /**
   * Recovers what a crash left, then reads the state: some stats while nothing changed, a
   * full verification otherwise. Throws ProblemError `output-unreadable` or `output-unavailable`.
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
  /** The version that `runId` committed, as far as the kept records tell; null where there is none. */
  commitOf(runId: string): Promise<number | null>;
  /**
   * Hands over rows in order, as long as `take` answers true; holds a block of the file at a time, and leaves
   * the event loop room between two. False when the file changed since `base`: look again.
   */
  rows(base: OutputState, query: RowQuery, take: (row: PlacedRow) => boolean): Promise<boolean>;
  /** The file as it is now, opened once (so that a rename cannot tear it); null when there is none. */
  file(): Promise<OutputFile | null>;
}
