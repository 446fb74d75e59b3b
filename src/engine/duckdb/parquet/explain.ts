/**
 * What is wrong with a day of Parquet files. There is no reference that reads them, so these are the exact errors:
 * the first 20 by file and row, and how many there are.
 */

import type { RawFile } from '../../../core/ports/raw.js';
import { expectedOf } from '../../../model/cell-of.js';
import type { Column } from '../../../model/column.js';
import type { RawColumns } from '../../../model/columns-definition.js';
import type { RawJob } from '../../csv/columns/aggregate-columns.js';
import { emptyCell } from '../../csv/columns/row-reader.js';
import { cellMessages } from '../../csv/row-reader.js';
import { mostKept, type ProblemLog, problemIn } from '../../problems.js';
import { finestInSql } from '../cell-sql.js';
import type { DuckDb, DuckRow } from '../duckdb.js';
import { quotedText } from '../sql-text.js';
import { type CellSql, cellSql, otherDaySql } from './column-sql.js';
import type { FileType } from './file-type.js';
import type { SoundLook } from './look-at-parquet.js';
import { parquetSetup, tableSql } from './source-sql.js';

/** A cell that may be wrong. */
interface Suspect {
  readonly name: string;
  readonly bad: string;
  readonly shown: string;
  /** What is wrong with it, by the value that is shown; null for none. */
  readonly message: (shown: string | null) => string;
}

/** Logs the cells that are wrong in one file. Throws as `DuckDb.rows` does. */
export async function explainFile(
  file: RawFile,
  look: SoundLook,
  { day, definition, signal }: RawJob,
  duckdb: Pick<DuckDb, 'rows'>,
  log: ProblemLog,
): Promise<void> {
  const suspects = suspectsIn(look, definition, day);
  if (suspects.length === 0 || look.rows === 0) return;
  const ask = (select: string) =>
    duckdb.rows({ files: [file.path], setup: parquetSetup, select }, signal);
  const table = tableSql([file.path], look);
  const [counts = []] = await ask(`SELECT ${suspects.map(countSql).join()} FROM ${table}`);
  const count = counts.reduce((sum, each) => sum + Number(each), 0);
  if (count === 0) return;
  const rows = log.first.length < mostKept ? await ask(listSql(suspects, table)) : [];
  const problems = rows.flatMap((row) => problemsIn(file.name, suspects, row));
  const [first = problemIn(file.name, 'this file has cells that are wrong')] = problems;
  log.addAll({ problems: [first, ...problems.slice(1, mostKept)], count });
}

function suspectsIn(look: SoundLook, definition: RawColumns, day: string): Suspect[] {
  const cells = definition.columns.map((each, at) => cellSql(each, look.declared[at] ?? null));
  const other = otherDaySql(look, definition, quotedText(day));
  const suspects = cells.flatMap((cell, at): (Suspect & Pick<CellSql, 'places'>)[] => {
    const { name, places, shown, value, column } = cell;
    const own = cell.bad?.(`(${value})`) ?? null;
    const isDay = other?.name === name;
    const bad = [own, isDay ? other.bad : null].filter((each) => each !== null).join(' OR ');
    if (bad === '') return [];
    const message = isDay
      ? () => cellMessages.day(day)
      : messageOf(column as Column, look.declared[at]?.type);
    return [{ name, places, bad, shown, message }];
  });
  if (other !== null && !definition.columns.some(({ name }) => name === other.name)) {
    suspects.push({ ...other, message: () => cellMessages.day(day) });
  }
  // As the columns stand in the file.
  return suspects.sort((a, b) => comparePlaces(a.places, b.places));
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((place, index) => place !== b[index]);
  return at === -1 ? a.length - b.length : (a[at] as number) - (b[at] ?? -1);
}

function messageOf({ type }: Column, from: FileType | undefined): Suspect['message'] {
  return (shown) => {
    if (shown === null || shown === '') return emptyCell;
    if (from?.kind === 'timestamp' && from.toMicros && tooFine.test(shown)) return finestInSql;
    if (shown.includes('\0')) return 'it must be a text without NUL characters';
    return type.kind === 'text' ? 'it must be a text in UTF-8' : `it must be ${expectedOf(type)}`;
  };
}

const tooFine = /\.[0-9]{7,}$/;

function countSql({ bad }: Suspect): string {
  return `CAST(count_if(${bad}) AS VARCHAR)`;
}

/** The row, and of each suspect whether it is wrong, and its value. */
function listSql(suspects: readonly Suspect[], table: string): string {
  const told = suspects.flatMap(({ bad, shown }) => [
    `CASE WHEN ${bad} THEN '1' ELSE '0' END`,
    `CASE WHEN ${bad} THEN ${shown} END`,
  ]);
  const isBad = suspects.map(({ bad }) => `(${bad})`).join(' OR ');
  return `SELECT CAST(t.file_row_number + 1 AS VARCHAR), ${told.join()} FROM ${table}
    WHERE ${isBad} ORDER BY t.file_row_number LIMIT ${mostKept}`;
}

function problemsIn(file: string, suspects: readonly Suspect[], [line, ...cells]: DuckRow) {
  return suspects.flatMap(({ name, message }, at) => {
    if (cells[2 * at] !== '1') return [];
    const value = cells[2 * at + 1] ?? null;
    const place = { line: Number(line), column: name, ...(value !== null && { value }) };
    return [problemIn(file, message(value), place)];
  });
}
