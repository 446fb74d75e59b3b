/** One file, read by the reference on a thread: the thread's side. */

import { isDeepStrictEqual } from 'node:util';
import type { RawFile } from '../../core/ports/raw.js';
import type { Day } from '../../model/day.js';
import type { WideDefinition } from '../../model/definition.js';
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
  readonly definition: WideDefinition;
}

export type ReadOutcome =
  | ({ readonly kind: 'read'; readonly reading: FileReading } & DaySoFar)
  | ThreadFailure;

export async function performRead(
  task: ReadTask,
  signals: Pick<FileJob, 'signal' | 'onBytes'>,
): Promise<ReadOutcome> {
  const { day } = task;
  const definition = known(task.definition);
  const tally = new Tally(definition);
  const log = new ProblemLog();
  tally.become(task.sums);
  log.become(task.problems);
  try {
    const reading = await readCsvFile(task.file, { day, definition, ...signals }, tally, log);
    return { kind: 'read', reading, ...soFar(tally, log) };
  } catch (error) {
    return failureOf(error);
  }
}

export function soFar(tally: Tally, { first, count, stoppedAt }: ProblemLog): DaySoFar {
  return { sums: tally.state(), problems: { first, count, stoppedAt } };
}

let last: WideDefinition | null = null;

/** The same object as before where it says the same: what is known of names is kept by it. */
function known(definition: WideDefinition): WideDefinition {
  if (last === null || !isDeepStrictEqual(definition, last)) last = definition;
  return last;
}
