/** One file, read by the reference on a thread: the thread's side. */

import type { RawFile } from '../../core/ports/raw.js';
import { type Day, type LayoutName, layoutOf } from '../../model/day.js';
import { readCsvFile } from '../csv/csv-file.js';
import type { FileJob, FileReading } from '../day-result.js';
import { ProblemLog, type Problems } from '../problems.js';
import { Tally, type TallyState } from '../tally.js';
import { failureOf, type ThreadFailure } from './thread-failure.js';

/** What the files of a day before this one came to, or with it. */
export interface DaySoFar {
  readonly sums: TallyState;
  readonly problems: Problems;
}

export interface ReadTask extends DaySoFar {
  readonly file: RawFile;
  readonly day: Day;
  readonly layout: LayoutName;
  readonly ignoredColumns: ReadonlySet<string>;
}

export type ReadOutcome =
  | ({ readonly kind: 'read'; readonly reading: FileReading } & DaySoFar)
  | ThreadFailure;

export async function performRead(
  task: ReadTask,
  signals: Pick<FileJob, 'signal' | 'onBytes'>,
): Promise<ReadOutcome> {
  const tally = new Tally();
  const log = new ProblemLog();
  tally.become(task.sums);
  log.become(task.problems);
  const { day, ignoredColumns } = task;
  const job = { day, layout: layoutOf(task.layout), ignoredColumns: known(ignoredColumns) };
  try {
    const reading = await readCsvFile(task.file, { ...job, ...signals }, tally, log);
    return { kind: 'read', reading, ...soFar(tally, log) };
  } catch (error) {
    return failureOf(error);
  }
}

export function soFar(tally: Tally, { first, count, stoppedAt }: ProblemLog): DaySoFar {
  return { sums: tally.state(), problems: { first, count, stoppedAt } };
}

let lastIgnored: ReadonlySet<string> = new Set();

/** The same set as before where it has the same names: what is known of names is kept by this set. */
function known(names: ReadonlySet<string>): ReadonlySet<string> {
  const isSame =
    names.size === lastIgnored.size && [...names].every((name) => lastIgnored.has(name));
  if (!isSame) lastIgnored = names;
  return lastIgnored;
}
