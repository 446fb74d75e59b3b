/** Parquet files of a SELECT: DuckDB reads them itself, and what is wrong with one is found by queries over it. */
import type { RawFile } from '../../../core/ports/raw.js';
import { type ProblemLog, problemIn } from '../../problems.js';
import type { DuckDb } from '../duckdb.js';
import { loggingDamage, readAll } from '../parquet/damage.js';
import type { LookAtParquet, SoundLook } from '../parquet/look-at-parquet.js';
import { explainFiles, readingOf } from '../parquet/reference.js';
import { parquetSetup, parquetSourceSql } from '../parquet/source-sql.js';
import { patternSigns } from '../paths.js';
import type { SeenFile, SqlJob } from './sql-job.js';

interface Means {
  readonly duckdb: Pick<DuckDb, 'rows'>;
  readonly lookAtParquet: LookAtParquet;
}

export function isParquet({ form }: RawFile): boolean {
  return form.format === 'parquet';
}

/** Null if it is wrong. */
export async function seeParquet(
  file: RawFile,
  job: SqlJob,
  { lookAtParquet }: Pick<Means, 'lookAtParquet'>,
): Promise<SeenFile | null> {
  if (patternSigns.test(file.path)) return null;
  const look = await lookAtParquet(file, job.definition, job);
  return look.kind === 'sound' ? { ...seenOf(file, look, job), isSure: false } : null;
}

/** What is wrong with the files of the job goes into the log; if nothing is, each is sure. Throws as `DuckDb.rows` does. */
export async function explainParquet(
  { onBytes: _, ...job }: SqlJob,
  { duckdb, lookAtParquet: look }: Means,
  log: ProblemLog,
): Promise<SeenFile[]> {
  const patterns = job.files.filter(({ path }) => patternSigns.test(path));
  for (const { name } of patterns) log.add(problemIn(name, isPattern));
  if (patterns.length > 0) return [];
  const { sound } = await explainFiles(job, { duckdb, look }, log);
  if (log.count > 0) return [];
  for (const [file, seen] of sound) {
    const read = () => readAll(file, seen, job, duckdb);
    await loggingDamage(file, seen, job, duckdb, log, read);
  }
  return sound.map(([file, seen]) => ({ ...seenOf(file, seen, job), isSure: true }));
}

const isPattern =
  'its path has *, ? or [ in it, which DuckDB takes for a pattern of several files; rename the file or its folder';

function seenOf(
  file: RawFile,
  look: SoundLook,
  { definition, day }: SqlJob,
): Omit<SeenFile, 'isSure'> {
  const selectOf = (paths: readonly string[]) => {
    const files = paths.map((path) => ({ path, look, day, nth: 0 }));
    return parquetSourceSql(files, definition, day);
  };
  const { path } = file;
  const source = { path, likeness: look.likeness, setup: parquetSetup, selectOf };
  return { reading: readingOf(file, look), source };
}
