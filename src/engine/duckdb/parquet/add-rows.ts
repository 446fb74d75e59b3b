/** The rows of a Parquet file one by one, for the groups of the reference. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RawFile } from '../../../core/ports/raw.js';
import type { Column } from '../../../model/column.js';
import { readCell } from '../../../model/read-cell.js';
import type { ColumnsJob } from '../../csv/columns/aggregate-columns.js';
import type { Groups } from '../../csv/columns/groups.js';
import type { DuckDb, DuckRow } from '../duckdb.js';
import { cellSql } from './column-sql.js';
import type { SoundLook } from './look-at-parquet.js';
import { parquetSetup, tableSql } from './source-sql.js';

/** Some megabytes of cells. */
const rowsAtOnce = 50_000;

/** Some milliseconds' worth. */
const rowsInATurn = 2_000;

/** Throws as `DuckDb.rows` does, or an Error if there are too many groups. */
export async function addRows(
  file: RawFile,
  look: SoundLook,
  job: ColumnsJob,
  duckdb: Pick<DuckDb, 'rows'>,
  groups: Groups,
): Promise<void> {
  for (let from = 0; from < look.rows; from += rowsAtOnce) {
    const rows = await rowsFrom(file, look, from, job, duckdb);
    if (rows.length !== Math.min(rowsAtOnce, look.rows - from)) throw new Error(otherRows(file));
    for (const [index, row] of rows.entries()) {
      if (index % rowsInATurn === 0) await nextTurn();
      const cells = job.definition.columns.map((column, at) => cellOf(row[at] ?? null, column));
      groups.records += 1;
      groups.add(cells, { file: file.name, line: from + index + 1, row: groups.records });
    }
  }
}

function otherRows({ name }: RawFile): string {
  return `DuckDB finds another number of rows in ${name} than its footer says; write the file again`;
}

function rowsFrom(
  { path }: RawFile,
  look: SoundLook,
  from: number,
  { definition, signal }: ColumnsJob,
  duckdb: Pick<DuckDb, 'rows'>,
): Promise<readonly DuckRow[]> {
  const told = definition.columns.map((column, at) => {
    const { value } = cellSql(column, look.declared[at] ?? null);
    return `CAST(${value} AS VARCHAR)`;
  });
  const select = `SELECT ${told.join()} FROM ${tableSql([path], look)}
    WHERE t.file_row_number >= ${from} AND t.file_row_number < ${from + rowsAtOnce} ORDER BY t.file_row_number`;
  return duckdb.rows({ files: [path], setup: parquetSetup, select }, signal);
}

function cellOf(text: string | null, column: Column): string | null {
  if (text === null) return null;
  const told = column.type.kind === 'timestamp' ? `${text.replace(' ', 'T')}Z` : text;
  return readCell(column, told) ?? null;
}
