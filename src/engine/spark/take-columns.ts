/**
 * A day of the definition `columns`. What Spark says of it is taken as a whole or not at all: groups go over its
 * files, so that one that is odd makes the day odd. Then the reference reads the day, unless it is too large.
 */
import type { DayAggregate, DayRejection } from '../../core/ports/engine.js';
import type { ColumnsDefinition } from '../../model/columns-definition.js';
import type { Row } from '../../model/row.js';
import { dayResult, type FileReading } from '../day-result.js';
import { ProblemLog, problemIn } from '../problems.js';
import { unpackRows } from './columns-rows.js';
import {
  type DayWork,
  type FileWork,
  refuseOther,
  refuseUnseen,
  type SparkMeans,
  spread,
} from './day-work.js';
import { advice, complaintOf, headerComplaint, isOrdinary, textOf } from './judge-file.js';
import { type SeenDay, unsound } from './results.js';

interface ColumnsDay extends DayWork {
  readonly definition: ColumnsDefinition;
}

export async function takeColumnsDay(
  day: ColumnsDay,
  seen: SeenDay,
  means: SparkMeans,
): Promise<DayAggregate | DayRejection> {
  const { job, files, definition } = day;
  refuseOthers(files, seen);
  const sizeBytes = job.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const readings = files.map((file) => readingOf(file, seen));
  const found = await foundBy(readings, seen, definition);
  job.signal.throwIfAborted();
  if (found.kind === 'rows') {
    spread(sizeBytes, files);
    const sums = { records: found.records, rows: async () => found.rows };
    return dayResult(job, readings as FileReading[], sums, new ProblemLog());
  }
  if (sizeBytes > means.settings.explainUpToBytes) return complain(day, seen, found);
  let read = 0;
  const onBytes = (count: number) => {
    read += count;
    spread(read, files);
  };
  return means.localColumns({ ...job, definition, onBytes });
}

function refuseOthers(files: readonly FileWork[], { files: seen, rows }: SeenDay): void {
  const there = files.flatMap(({ planned }) => {
    const each = planned && seen.get(planned.id);
    return planned && each ? [{ planned, each }] : [];
  });
  for (const { planned, each } of there) refuseOther(planned, each);
  // Of a day that Spark gave up it tells no lines.
  if (rows === null || there.some(({ each }) => each.trouble !== null)) return;
  for (const { planned, each } of there) refuseUnseen(planned, each);
}

/** Null where the file is odd. */
function readingOf({ file, planned }: FileWork, { files }: SeenDay): FileReading | null {
  if (isEmpty(file)) return { textBytes: 0, endsWithLineFeed: false, rows: 0, columns: null };
  const seen = planned === null ? undefined : files.get(planned.id);
  if (planned?.kind !== 'columns' || seen === undefined || !isOrdinary(planned, seen)) return null;
  const columns = planned.columns.undeclared;
  return { ...textOf(planned, seen), rows: seen.lines.row ?? 0, columns };
}

/** A part without rows, as Spark itself writes it. */
function isEmpty({ sizeBytes, form }: FileWork['file']): boolean {
  return sizeBytes === 0 && form.compression === 'none';
}

type Found =
  | { readonly kind: 'rows'; readonly rows: readonly Row[]; readonly records: number }
  | { readonly kind: 'odd' }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'overflow'; readonly measure: string };

async function foundBy(
  readings: readonly (FileReading | null)[],
  { files, rows }: SeenDay,
  definition: ColumnsDefinition,
): Promise<Found> {
  const isTooMany = rows === null && [...files.values()].every(({ trouble }) => trouble === null);
  if (files.size > 0 && isTooMany) return { kind: 'too-many' };
  if (readings.includes(null)) return { kind: 'odd' };
  const found = await unpackRows(rows ?? Buffer.alloc(0), definition);
  if (found.kind === 'overflow') return found;
  const records = readings.reduce((sum, reading) => sum + (reading?.rows ?? 0), 0);
  if (found.records !== records) {
    throw unsound(`a day has ${records} rows, and its groups ${found.records}`);
  }
  return found;
}

/** What Spark itself can say of a day that is too large to be read here. */
async function complain(
  { job, files }: ColumnsDay,
  { files: seenFiles }: SeenDay,
  found: Exclude<Found, { kind: 'rows' }>,
): Promise<DayRejection | DayAggregate> {
  if (found.kind === 'too-many') {
    throw new Error(
      `the day has more groups than Spark is asked for; group by fewer columns, or by columns with fewer values; or ${advice.columns}`,
    );
  }
  const log = new ProblemLog();
  for (const { file, planned } of files) {
    const seen = planned && seenFiles.get(planned.id);
    if (isEmpty(file) || (planned && seen && isOrdinary(planned, seen))) continue;
    if (planned && seen) log.addAll(complaintOf(planned, seen, job.day));
    else log.add(headerComplaint(file.name, 'columns'));
  }
  if (found.kind === 'overflow') {
    const what = `a sum of the measure ${found.measure} is too large for Spark`;
    log.add(problemIn(job.files[0]?.name ?? '', `${what}; ${advice.columns}`));
  }
  spread(Number.POSITIVE_INFINITY, files);
  return dayResult(job, [], { records: 0, rows: async () => [] }, log);
}
