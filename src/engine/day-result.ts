import type {
  DayAggregate,
  DayRejection,
  EngineJob,
  FileFacts,
  WideJob,
} from '../core/ports/engine.js';
import type { RawFile } from '../core/ports/raw.js';
import type { OwnDefinition } from '../model/definition.js';
import type { Row } from '../model/row.js';
import { type ProblemLog, problemIn } from './problems.js';
import type { FileSums, Tally } from './tally.js';
import type { TextSize } from './text-meter.js';

/** The parts of a job that are needed to read one of its files. */
export type FileJob = Omit<WideJob, 'files' | 'complete'>;

/** Engines that know no other definition are asked for no other: a dataset has those that know its own. */
export function wideJob(job: EngineJob): WideJob {
  if (job.definition.kind === 'wide') return job as WideJob;
  throw new Error(`the definition of day ${job.day} is ${job.definition.kind}, not wide`);
}

/** For engines that run no SQL: a dataset of `sql` has one that does. */
export function ownDefinition({ day, definition }: EngineJob): OwnDefinition {
  if (definition.kind !== 'sql') return definition;
  throw new Error(`the definition of day ${day} is sql, which only DuckDB runs`);
}

/** The result of reading one file; with problems, as far as it was read. */
export interface FileReading extends TextSize {
  readonly rows: number;
  /** The columns of its header that are told: categories, or those that are not declared; null where it has nothing in it, not even a header. */
  readonly columns: readonly string[] | null;
  readonly lacking?: readonly string[];
}

/**
 * Reads one raw file of a job into the day's tally; what is wrong with it into the day's log, until that is
 * full. Throws RawReadError, or the signal's reason.
 */
export type FileReader = (
  file: RawFile,
  job: FileJob,
  tally: Tally,
  log: ProblemLog,
) => Promise<FileReading>;

export function readingOf({ records, categories }: FileSums, text: TextSize): FileReading {
  return { ...text, rows: records, columns: categories };
}

/** The sums of a day's files. */
export interface DaySums {
  readonly records: number;
  rows(): Promise<readonly Row[]>;
}

/** File by file in their order, until the log is full. Throws the signal's reason. */
export async function readInTurn(
  { files, signal }: Pick<EngineJob, 'files' | 'signal'>,
  log: ProblemLog,
  read: (file: RawFile) => Promise<FileReading>,
): Promise<FileReading[]> {
  const readings: FileReading[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    readings.push(await read(file));
    if (log.full) break;
  }
  return readings;
}

/** What a day comes to once all its files were read, or the log is full: `readings` are in the order of files. */
export async function dayResult(
  { files, complete }: Pick<EngineJob, 'files' | 'complete'>,
  readings: readonly FileReading[],
  tally: DaySums,
  log: ProblemLog,
): Promise<DayAggregate | DayRejection> {
  if (log.count === 0 && !complete) complainOfNothing(files, readings, log);
  if (log.count > 0) {
    const { first: problems, count: problemCount, stoppedAt } = log;
    return { kind: 'rejected', problems, problemCount, ...(stoppedAt && { stoppedAt }) };
  }
  const facts = readings.map((reading, index) => factsOf(files[index] as RawFile, reading));
  return { kind: 'aggregated', records: tally.records, files: facts, rows: await tally.rows() };
}

/**
 * An empty file is a part without rows if others have some, or if `_SUCCESS` says that the day is complete. Alone it
 * may be a failed upload.
 */
function complainOfNothing(
  files: readonly RawFile[],
  readings: readonly FileReading[],
  log: ProblemLog,
): void {
  if (readings.some(({ columns }) => columns !== null)) return;
  for (const { name, form } of files) {
    log.add(problemIn(name, form.format === 'jsonl' ? noObject : noHeader));
  }
}

const noHeader = 'the file is empty; a header is expected';
const noObject = 'the file is empty; at least one object is expected';

function factsOf({ name }: RawFile, { columns, ...reading }: FileReading): FileFacts {
  return { name, ...reading, columns: columns ?? [] };
}
