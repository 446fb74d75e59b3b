/** Which column of a Parquet file DuckDB cannot read. */
import type { RawFile } from '../../../core/ports/raw.js';
import type { RawJob } from '../../csv/columns/aggregate-columns.js';
import { type ProblemLog, problemIn } from '../../problems.js';
import { type DuckDb, DuckFailure } from '../duckdb.js';
import { cellSql } from './column-sql.js';
import type { SoundLook } from './look-at-parquet.js';
import { parquetSetup, tableSql } from './source-sql.js';

/**
 * Does `read`, which reads a file; where DuckDB cannot, reads each column alone, and logs what is wrong. Throws what
 * DuckDB says of anything else.
 */
export async function loggingDamage(
  file: RawFile,
  look: SoundLook,
  job: RawJob,
  duckdb: Pick<DuckDb, 'rows'>,
  log: ProblemLog,
  read: () => Promise<void>,
): Promise<void> {
  const failure = await failureOf(read);
  if (failure === null) return;
  let isFound = false;
  for (const [at, column] of job.definition.columns.entries()) {
    const { raw } = cellSql(column, look.declared[at] ?? null);
    const own = await failureOf(() => readCells([raw], file, look, job, duckdb));
    if (own === null) continue;
    isFound = true;
    log.add(problemIn(file.name, unread(own, file), { column: column.name }));
  }
  if (!isFound) log.add(problemIn(file.name, unread(failure, file)));
}

async function failureOf(read: () => Promise<unknown>): Promise<DuckFailure | null> {
  try {
    await read();
    return null;
  } catch (error) {
    if (error instanceof DuckFailure && error.kind === 'data') return error;
    throw error;
  }
}

/** All that is read of the file. Throws as `DuckDb.rows` does. */
export async function readAll(
  file: RawFile,
  look: SoundLook,
  job: RawJob,
  duckdb: Pick<DuckDb, 'rows'>,
): Promise<void> {
  const { columns } = job.definition;
  const raws = columns.map((column, at) => cellSql(column, look.declared[at] ?? null).raw);
  await readCells(raws, file, look, job, duckdb);
}

/** A count alone would not look at the values. */
async function readCells(
  raws: readonly string[],
  { path }: RawFile,
  look: SoundLook,
  { signal }: RawJob,
  duckdb: Pick<DuckDb, 'rows'>,
): Promise<void> {
  const select = `SELECT CAST(bit_xor(hash(${raws.join()})) AS VARCHAR) FROM ${tableSql([path], look)}`;
  await duckdb.rows({ files: [path], setup: parquetSetup, select }, signal);
}

function unread({ message }: DuckFailure, { path, name }: RawFile): string {
  const [line = ''] = message.replaceAll(path, name).split('\n');
  const said = line.replace(/^[A-Z][A-Za-z ]* Error: /, '');
  return `the file is damaged, or not as the Parquet format says: DuckDB cannot read it (${said}). Write it again`;
}
