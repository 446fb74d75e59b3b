/** What the core asks of an engine; the folders of `engine/` implement it. */

import type { Day } from '../../model/day.js';
import type { WideDefinition } from '../../model/definition.js';
import type { EngineName } from '../../model/engine.js';
import type { EngineProgress } from '../../model/progress.js';
import type { RawProblem, StoppedAt } from '../../model/raw-problem.js';
import type { Row } from '../../model/row.js';
import type { RawFile } from './raw.js';

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
  readonly definition: WideDefinition;
  /** Sorted by name. */
  readonly files: readonly RawFile[];
  /** As of the raw day: whether `_SUCCESS` lies beside the files. */
  readonly complete: boolean;
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
