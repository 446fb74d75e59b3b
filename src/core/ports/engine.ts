/** The interface of an engine, implemented in the folders of `engine/`. */

import type { Day } from '../../model/day.js';
import type { Definition, WideDefinition } from '../../model/definition.js';
import type { EngineName } from '../../model/engine.js';
import type { EngineProgress } from '../../model/progress.js';
import type { RawProblem, StoppedAt } from '../../model/raw-problem.js';
import type { Row } from '../../model/row.js';
import type { RawFile } from './raw.js';

/** Facts about one raw file, besides its rows. */
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
  /** Declared columns that it does not have, and that may be empty. */
  readonly lacking?: readonly string[];
}

export interface DayAggregate {
  readonly kind: 'aggregated';
  /** Data rows read. */
  readonly records: number;
  /** One for each file read, in the order of names. */
  readonly files: readonly FileFacts[];
  /** In the order of the output; each key once. */
  readonly rows: readonly Row[];
}

export interface DayRejection {
  readonly kind: 'rejected';
  /** The first 20, in the order of files (by name) and lines. */
  readonly problems: readonly RawProblem[];
  /** How many in all, as far as the files could be read. */
  readonly problemCount: number;
  readonly stoppedAt?: StoppedAt;
}

export interface EngineJob {
  readonly day: Day;
  readonly definition: Definition;
  /** Sorted by name. */
  readonly files: readonly RawFile[];
  /** Whether the raw day has a `_SUCCESS`. */
  readonly complete: boolean;
  readonly signal: AbortSignal;
  /** Called with the number of raw bytes (as stored, compressed or not) consumed since the last call. */
  readonly onBytes?: (count: number) => void;
}

/** For engines that support no other definition. */
export interface WideJob extends EngineJob {
  readonly definition: WideDefinition;
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
  /** For engines that read all days of a run at once: begins with these. Never throws. */
  session?(
    jobs: readonly EngineJob[],
    onProgress: (progress: EngineProgress) => void,
  ): EngineSession;
  close(): Promise<void>;
}

/** Days that are read at once. Each is its own job: it fails, or is cancelled, alone. */
export interface EngineSession {
  /** The result of one of the session's jobs, as from `Engine.aggregate`. */
  aggregate(job: EngineJob): Promise<DayAggregate | DayRejection>;
  /** Ends all work, and cleans up after it. Never rejects. */
  close(): Promise<void>;
}
