/**
 * What the core asks of the world: the raw days, an engine, the output, a checkpoint store and the run
 * history. Implementations live in `raw/`, `engine/`, `output/` and `checkpoint/`; the core knows these
 * shapes only. (Whom it tells is in `observer.ts`.)
 */
import type { CommitGate } from './commit-gate.js';
import type { Day, DayLayout } from './day.js';
import type { KeyClaim, RunOwner, StoredRun } from './run.js';
import type { Total } from './total.js';

// ---------------------------------------------------------------- raw days

/** One ready raw file of a day. */
export interface RawFile {
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

/**
 * What a day was made from; equal fingerprints mean equal raw data. Sorted by name. Programs can put a size
 * and an mtime back; the time of the last change (`ctime`) and the inode they cannot. These two are missing
 * in records of older versions, and where DAYMARK_RAW_CTIME is false.
 */
export type Fingerprint = readonly {
  readonly name: string;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  readonly ctimeNs?: string;
  readonly ino?: string;
}[];

/** An entry of a day's folder that is left out, and is not known to be no data. */
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

/** An entry of the raw root that is no day. */
export interface IgnoredEntry {
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
   * Every day folder as it is at a moment after the call; the same object as before while nothing changed.
   * Throws ProblemError `raw-unavailable` where the root cannot be read.
   */
  list(): Promise<RawListing>;
  /** Whether the root has the entries of the last listing, told at once; false where that cannot be told. */
  hasSameEntries(): Promise<boolean>;
  /**
   * One day, as it is now, or null when its folder is gone. Waits (some milliseconds) until no file's
   * ctime lies so near to the clock that a later write could leave it as it is.
   */
  settle(day: Day): Promise<RawDay | null>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- engines

/** Engines that work in this process, and need nothing else. */
export const localEngineNames = ['scan', 'csv'] as const;
export const engineNames = [...localEngineNames, 'spark'] as const;
export type EngineName = (typeof engineNames)[number];

/** What may be asked for; `auto` is decided for each run. */
export const engineChoices = [...engineNames, 'auto'] as const;
export type EngineChoice = (typeof engineChoices)[number];

export interface AggregateRow {
  readonly hour: number;
  readonly category: string;
  /** At least 1, at most 2^53 − 1. */
  readonly items: number;
}

/** One thing wrong in a raw file. `line` is 1-based and physical; null where a file as a whole is wrong. */
export interface RawProblem {
  readonly file: string;
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
}

/** What one raw file is, besides its rows. */
export interface FileFacts {
  readonly name: string;
  /** Decompressed, byte order mark included. */
  readonly textBytes: number;
  /** Data rows. */
  readonly rows: number;
  /** Whether the text ends with a line feed. */
  readonly endsWithLineFeed: boolean;
  /** Category columns of its header, in the header's order; none for a file without one. */
  readonly columns: readonly string[];
}

export interface DayAggregate {
  readonly kind: 'aggregated';
  /** Data rows read. */
  readonly orders: number;
  /** One for each file read, in the order of names. */
  readonly files: readonly FileFacts[];
  /** Sorted by hour, then category by code point; each pair once; no zero counts. */
  readonly rows: readonly AggregateRow[];
}

export interface DayRejection {
  readonly kind: 'rejected';
  /** The first 20, in the order of files (by name) and lines. */
  readonly problems: readonly RawProblem[];
  /** How many in all, as far as the files could be read. */
  readonly problemCount: number;
  readonly stoppedAt?: StoppedAt;
}

/** Where the reading of a day stopped because it had so many problems: there may be more than were counted. */
export interface StoppedAt {
  readonly file: string;
  /** Null where an engine does not know lines. */
  readonly line: number | null;
}

export interface EngineJob {
  readonly day: Day;
  readonly layout: DayLayout;
  /** Sorted by name. */
  readonly files: readonly RawFile[];
  /** As of the raw day: whether `_SUCCESS` lies beside the files. */
  readonly complete: boolean;
  readonly ignoredColumns: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Told how many raw bytes (as stored, compressed or not) were consumed since the last call. */
  readonly onBytes?: (count: number) => void;
}

/**
 * Finds files that hold the same text once decompressed: by name, the first file that says the same. Throws
 * RawReadError, or the signal's reason.
 */
export type FindSameTexts = (
  files: readonly RawFile[],
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, string>>;

/**
 * Bad data is a value; RawReadError and a broken engine throw; an aborted signal throws its reason. A
 * ProblemError concerns the run as a whole, anything else its day.
 */
export interface Engine {
  readonly name: EngineName;
  aggregate(job: EngineJob): Promise<DayAggregate | DayRejection>;
  /** Of engines that read all days of a run at once: begins with these. Never throws. */
  session?(
    jobs: readonly EngineJob[],
    onProgress: (progress: EngineProgress) => void,
  ): EngineSession;
  close(): Promise<void>;
}

/** Days that are read at once. Each is a job by itself: it fails, or is called off, alone. */
export interface EngineSession {
  /** What becomes of one of the jobs that the session was begun with; as `Engine.aggregate`. */
  aggregate(job: EngineJob): Promise<DayAggregate | DayRejection>;
  /** Ends what still works, and clears what it left. Never rejects. */
  close(): Promise<void>;
}

interface Amount {
  readonly done: number;
  readonly total: number;
}

/** How far an engine is that works elsewhere; totals grow as it finds out what there is to do. */
export interface EngineProgress {
  /** The id under which the cluster knows it. */
  readonly application: string;
  readonly stages: Amount;
  readonly tasks: Amount;
}

// ---------------------------------------------------------------- the output and its ledger

/** A day as the output file holds it now. */
export interface OutputDay {
  readonly rows: number;
  readonly items: Total;
  readonly sizeBytes: number;
  /** Of the day's rows in canonical form, hexadecimal. */
  readonly sha256: string;
  /** The same hour and category twice: the day was counted more than once. */
  readonly doubled: boolean;
}

/** Why the output's rows of a day cannot be trusted. Stays until the day is made anew. */
export type Damage = 'altered' | 'lost' | 'doubled';

/**
 * How a day came into the ledger whose rows someone else wrote. `unverified`: it is compared with its raw files
 * by the first run that finds them. `trusted`: it was taken for what they say, because the settings say so.
 */
export type Adoption = 'unverified' | 'trusted';

/** A day as the head commit record describes it. */
export interface LedgerDay {
  readonly rows: number;
  readonly items: Total;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Orders read; null for a day that Daymark did not aggregate itself. */
  readonly orders: number | null;
  /** Null for an adopted day that was never compared with raw files. */
  readonly fingerprint: Fingerprint | null;
  /** Null for a day that Daymark made itself. */
  readonly adopted: Adoption | null;
  /** Under which definition it was made; null where that is not known. */
  readonly definition: string | null;
  readonly reprocess: boolean;
  readonly damage: Damage | null;
  /** The commit that wrote this day as it is. */
  readonly version: number;
  readonly runId: string;
  readonly committedAt: string;
  /** Null for an adopted day. */
  readonly engine: EngineName | null;
}

/** The settings that decide what a service makes of raw days, by their names: two services can be told apart. */
export type WriterSettings = Readonly<Record<string, string>>;

/** The raw root at a commit. */
export interface RawMark {
  /** `RawListing.device`. */
  readonly device: string;
  /** Days of the ledger that were made from raw files, and had no folder any more. */
  readonly archived: number;
}

/** What the head record says of its commit as a whole. Null where it is of an older format, that did not say. */
export interface CommitFacts {
  readonly version: number;
  readonly runId: string;
  readonly committedAt: string;
  readonly settings: WriterSettings | null;
  readonly raw: RawMark | null;
  /** Every category column that a raw file ever had, sorted; null where they are too many, too. */
  readonly columns: readonly string[] | null;
}

export interface OutputState {
  /** The head commit's version; 0 before the first. */
  readonly version: number;
  /** Null before the first commit, and where the head record cannot be read. */
  readonly record: CommitFacts | null;
  /** Why the head record cannot be read: then the output is taken as it lies there. Null where it can. */
  readonly unreadable: string | null;
  /** Of the file; null when there is none. */
  readonly sizeBytes: number | null;
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
  readonly items: Total;
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
  readonly orders: number;
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

export interface OutputRow extends AggregateRow {
  readonly day: Day;
}

/** A row, and where it lies. */
export interface PlacedRow extends OutputRow {
  /** Of its first byte, counted from the first byte of its day's rows. */
  readonly at: number;
  readonly sizeBytes: number;
}

/** Its category is what a cursor says of it: `cursorName`. */
export type RowPlace = Omit<PlacedRow, 'items' | 'sizeBytes'>;

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
  encode(day: Day, rows: readonly AggregateRow[]): Promise<EncodedDay>;
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

// ---------------------------------------------------------------- checkpoint

export type CheckpointKind = 'redis' | 'embedded';

/** What the store held. Text is as found: it may be no day at all. */
export type StoredCheckpoint =
  | {
      readonly status: 'value';
      readonly text: string;
      /** The size of the whole value, where `text` is only its beginning. */
      readonly cutFromBytes?: number;
    }
  | { readonly status: 'absent' }
  | { readonly status: 'wrong-type'; readonly type: string }
  | { readonly status: 'unavailable'; readonly reason: string };

export type CompareAndSet =
  | { readonly status: 'stored' }
  /** The store held something else than was expected: nothing was changed. */
  | { readonly status: 'conflict' }
  | { readonly status: 'wrong-type'; readonly type: string }
  /** Perhaps stored, perhaps not: the next reconcile looks again. */
  | { readonly status: 'unavailable'; readonly reason: string };

/** Nothing here throws or takes longer than its deadline: the checkpoint is an optimisation. */
export interface CheckpointStore {
  readonly kind: CheckpointKind;
  /** `deadline` as `performance.now()` counts, in milliseconds. */
  read(deadline: number): Promise<StoredCheckpoint>;
  /** Null stands for an absent key, before and after. */
  compareAndSet(
    expected: string | null,
    next: string | null,
    deadline: number,
  ): Promise<CompareAndSet>;
  /** In its own words why the store, which can be read, takes no writes; null where it does, as far as is known. */
  refusal(): string | null;
  /** Called each time the store comes back after it was unavailable, or was connected anew unnoticed. */
  onRestored(listener: () => void): void;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- run history

/** A record as another process left it. */
export interface FoundRun extends StoredRun {
  /**
   * `told` by its record. Where that has no end, and will get none: `gone`, its process has ended, and
   * whoever finds that writes the end; `silent`, its process cannot be seen from here and showed no sign of
   * life for a while, which it may take back.
   */
  readonly knownBy: 'told' | 'gone' | 'silent';
}

export interface HistoryChanges {
  /** Oldest first; without an end only where a process is still about to end them. */
  readonly found: readonly FoundRun[];
  /** Records that are there no more. */
  readonly removed: readonly string[];
  /** Why not everything could be looked at; what is missing comes again with the next look. Null where all was. */
  readonly failure: unknown;
}

/** Of a key. */
export interface NewestClaim {
  /** 0 where there is none. */
  readonly attempt: number;
  /** Null where there is none, or none that can be read. */
  readonly claim: KeyClaim | null;
}

/** The runs of all processes that share the output. */
export interface RunHistory {
  /** This process, as it signs the records that it saves. */
  readonly owner: RunOwner;
  readonly pace: HistoryPace;
  /** Clears what killed processes left behind; before the first look. */
  open(): Promise<void>;
  /** Begins `work` on the runs, and rejects where their place does not answer; the work itself goes on unseen. */
  patiently<T>(work: () => Promise<T>): Promise<T>;
  /** What others did since the look before: at the first, every record. Cheap where nothing changed. */
  look(): Promise<HistoryChanges>;
  /** Atomic: a reader sees the old record or the new one. A `lasting` one outlives a power cut. */
  save(run: StoredRun, lasting: boolean): Promise<void>;
  /** With the claims of its keys. */
  remove(run: StoredRun): Promise<void>;
  /** Claims the key's attempt for a run whose record is saved; false where it or a later one is taken. */
  claim(claim: KeyClaim, lasting: boolean): Promise<boolean>;
  claimOf(key: string): Promise<NewestClaim>;
  /** Leaves word for the process that works on the run. */
  askToCancel(runId: string): Promise<void>;
  /** Whether someone left word, which is taken away. */
  takeCancel(runId: string): Promise<boolean>;
  /** A sign of life, for processes that cannot see this one. */
  touch(runId: string): Promise<void>;
}

/** In milliseconds, of the monotonic clock. */
export interface HistoryPace {
  /** Between looks while someone waits for the run of another process. */
  readonly followMs: number;
  /** Between looks for word that a run is to be cancelled. */
  readonly cancelMs: number;
  /** Between signs of life. */
  readonly touchMs: number;
  /** Without a sign of life, a run that cannot be seen counts as interrupted after so long. */
  readonly silenceMs: number;
}
