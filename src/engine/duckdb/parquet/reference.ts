/**
 * The reference for days of Parquet files: it reads those in which anything is odd. Its errors are exact, and so is
 * every sum, since it adds up row by row; what stands in the files, DuckDB tells it.
 */
import type { RawFile } from '../../../core/ports/raw.js';
import type { AggregateColumns, ColumnsJob, RawJob } from '../../csv/columns/aggregate-columns.js';
import { Groups } from '../../csv/columns/groups.js';
import { dayResult, type FileReading, readInTurn } from '../../day-result.js';
import { ProblemLog, problemIn } from '../../problems.js';
import type { DuckDb } from '../duckdb.js';
import { addRows } from './add-rows.js';
import { loggingDamage } from './damage.js';
import { explainFile } from './explain.js';
import type { LookAtParquet, SoundLook } from './look-at-parquet.js';

export interface ParquetMeans {
  readonly duckdb: Pick<DuckDb, 'rows'>;
  readonly look: LookAtParquet;
}

/** Throws RawReadError, the signal's reason, what `DuckDb.rows` does, or an Error if there are too many groups. */
export function parquetReference({ duckdb, look }: ParquetMeans): AggregateColumns {
  return async (job) => {
    const log = new ProblemLog();
    const { readings, sound } = await explainFiles(job, { duckdb, look }, log);
    const groups = new Groups(job.definition);
    if (log.count === 0) {
      for (const [file, seen] of sound) {
        const add = () => addRows(file, seen, job, duckdb, groups);
        await loggingDamage(file, seen, job, duckdb, log, add);
      }
      if (log.count === 0) groups.complain(log);
    }
    return dayResult(job, readings, groups, log);
  };
}

interface Explained {
  readonly readings: readonly FileReading[];
  readonly sound: readonly (readonly [file: RawFile, look: SoundLook])[];
}

/** What is wrong with the cells goes into the log. Throws as `parquetReference` does. */
export async function explainFiles(
  job: FilesJob,
  { duckdb, look }: ParquetMeans,
  log: ProblemLog,
): Promise<Explained> {
  const sound: [file: RawFile, look: SoundLook][] = [];
  const readings = await readInTurn(job, log, async (file) => {
    const seen = await lookedAt(file, job, look, log);
    if (seen === null) return nothing;
    sound.push([file, seen]);
    await loggingDamage(file, seen, job, duckdb, log, () =>
      explainFile(file, seen, job, duckdb, log),
    );
    return readingOf(file, seen);
  });
  return { readings, sound };
}

type FilesJob = RawJob & Pick<ColumnsJob, 'files'>;

const nothing: FileReading = { rows: 0, textBytes: 0, endsWithLineFeed: true, columns: null };

/** Null if it is wrong. */
async function lookedAt(
  file: RawFile,
  job: RawJob,
  look: LookAtParquet,
  log: ProblemLog,
): Promise<SoundLook | null> {
  if (file.form.format !== 'parquet') {
    log.add(problemIn(file.name, mixed));
    return null;
  }
  const seen = await look(file, job.definition, job);
  if (seen.kind === 'sound') return seen;
  log.addAll(seen);
  return null;
}

const mixed =
  'the day has Parquet files, and something is odd in one of its files; beside Parquet, a file of text is read only where nothing is. Deliver files of one form';

/** What a look says of a file, for the checks of a day's files. */
export function readingOf({ sizeBytes }: RawFile, look: SoundLook): FileReading {
  const { rows, undeclared: columns, lacking } = look;
  // A file that was cut has no footer.
  const size = { textBytes: sizeBytes, endsWithLineFeed: true };
  return { rows, columns, ...size, ...(lacking.length > 0 && { lacking }) };
}
