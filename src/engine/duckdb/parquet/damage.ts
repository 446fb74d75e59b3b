/** Which column of a Parquet file DuckDB cannot read. */
import type { RawFile } from '../../../core/ports/raw.js';
import type { ColumnsJob } from '../../csv/columns/aggregate-columns.js';
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
  job: ColumnsJob,
  duckdb: Pick<DuckDb, 'rows'>,
  log: ProblemLog,
  read: () => Promise<void>,
): Promise<void> {
  const failure = await failureOf(read);
  if (failure === null) return;
  let isFound = false;
  for (const [at, column] of job.definition.columns.entries()) {
    const { raw } = cellSql(column, look.declared[at] ?? null);
    const query = {
      files: [file.path],
      setup: parquetSetup,
      select: readSql(raw, file.path, look),
    };
    const own = await failureOf(() => duckdb.rows(query, job.signal));
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

/** A count alone would not look at the values. */
function readSql(raw: string, path: string, look: SoundLook): string {
  return `SELECT CAST(bit_xor(hash(${raw})) AS VARCHAR) FROM ${tableSql([path], look)}`;
}

function unread({ message }: DuckFailure, { path, name }: RawFile): string {
  const [line = ''] = message.replaceAll(path, name).split('\n');
  const said = line.replace(/^[A-Z][A-Za-z ]* Error: /, '');
  return `the file is damaged, or not as the Parquet format says: DuckDB cannot read it (${said}). Write it again`;
}
