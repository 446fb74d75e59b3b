/** A day of the definition `wide`: Spark's sums of its files, and what the reference says of those that are odd. */
import type { DayAggregate, DayRejection, WideJob } from '../../core/ports/engine.js';
import { dayResult, type FileReading, readingOf, wideJob } from '../day-result.js';
import { ProblemLog } from '../problems.js';
import { Tally } from '../tally.js';
import {
  type DayWork,
  type FileWork,
  refuseOther,
  refuseUnseen,
  type SparkMeans,
} from './day-work.js';
import { complaintOf, headerComplaint, sumsOf, textOf } from './judge-file.js';
import type { SeenFile } from './results.js';

export async function takeWideDay(
  { job: asked, files }: DayWork,
  seen: ReadonlyMap<number, SeenFile>,
  means: SparkMeans,
): Promise<DayAggregate | DayRejection> {
  const job = wideJob(asked);
  const tally = new Tally(job.definition);
  const log = new ProblemLog();
  const readings: FileReading[] = [];
  for (const file of files) {
    job.signal.throwIfAborted();
    readings.push(await takeFile(file, seen, { job, tally, log, means }));
    job.signal.throwIfAborted();
    if (log.full) break;
  }
  return dayResult(job, readings, tally, log);
}

interface Taking {
  readonly job: WideJob;
  readonly tally: Tally;
  readonly log: ProblemLog;
  readonly means: SparkMeans;
}

async function takeFile(
  { file, planned, meter }: FileWork,
  seenFiles: ReadonlyMap<number, SeenFile>,
  { job, tally, log, means }: Taking,
): Promise<FileReading> {
  const seen = planned === null ? undefined : seenFiles.get(planned.id);
  if (planned !== null && seen !== undefined) {
    refuseOther(planned, seen);
    refuseUnseen(planned, seen);
    const sums = planned.kind === 'wide' ? sumsOf(planned, seen) : null;
    if (sums !== null && tally.add(sums)) {
      meter.reach(file.sizeBytes);
      return readingOf(sums, textOf(planned, seen));
    }
  }
  if (file.sizeBytes <= means.settings.explainUpToBytes) {
    return means.local(file, { ...job, onBytes: meter.again() }, tally, log);
  }
  if (planned === null || seen === undefined) log.add(headerComplaint(file.name, 'wide'));
  else log.addAll(complaintOf(planned, seen, job.day));
  meter.reach(file.sizeBytes);
  return unread;
}

/** Its day has failed. */
const unread: FileReading = { textBytes: 0, endsWithLineFeed: false, rows: 0, columns: null };
