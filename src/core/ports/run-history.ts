/** The interface of the run records that processes share, implemented in `output/run-files.ts`. */
import type { KeyClaim, RunOwner, StoredRun } from '../../model/run.js';

/** A record of another process. */
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
  /** Records that are gone. */
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
  /** Cleans up after killed processes; before the first look. */
  open(): Promise<void>;
  /** Begins `work` on the runs, and rejects where their place does not answer; the work itself goes on unseen. */
  patiently<T>(work: () => Promise<T>): Promise<T>;
  /** Changes by other processes since the previous look; the first returns every record. Cheap if nothing has changed. */
  look(): Promise<HistoryChanges>;
  /** Atomic: a reader sees the old record or the new one. A `lasting` one outlives a power cut. */
  save(run: StoredRun, lasting: boolean): Promise<void>;
  /** With the claims of its keys. */
  remove(run: StoredRun): Promise<void>;
  /** Claims the key's attempt for a run whose record is saved; false where it or a later one is taken. */
  claim(claim: KeyClaim, lasting: boolean): Promise<boolean>;
  claimOf(key: string): Promise<NewestClaim>;
  /** Leaves a cancel request for the process that works on the run. */
  askToCancel(runId: string): Promise<void>;
  /** Whether there is a cancel request, which is removed. */
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
