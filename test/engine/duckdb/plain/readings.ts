/** The cells of a file: as the reference reads them, and as DuckDB does with its own types. */
import { readFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import type { RawFile } from '../../../../src/core/ports/raw.js';
import { Groups } from '../../../../src/engine/csv/columns/groups.js';
import { ColumnsRowReader } from '../../../../src/engine/csv/columns/row-reader.js';
import { readRows } from '../../../../src/engine/csv/csv-file.js';
import type { PlainFacts } from '../../../../src/engine/duckdb/plain/check-plain.js';
import { typedReadOptions } from '../../../../src/engine/duckdb/plain/typed-read.js';
import { ProblemLog } from '../../../../src/engine/problems.js';
import type { Cell, ColumnType } from '../../../../src/model/column.js';
import { type ColumnsDefinition, definitionFor } from '../../../../src/model/columns-definition.js';
import type { Day } from '../../../../src/model/day.js';

export type Cells = readonly (readonly Cell[])[];

class KeptRows extends Groups {
  readonly kept: Cell[][] = [];

  override add(cells: readonly Cell[]): void {
    this.kept.push([...cells]);
  }
}

/** By row, of the declared columns; null if the reference refuses the file. */
export async function referenceCells(
  file: RawFile,
  raw: ColumnsDefinition,
  day: Day,
): Promise<Cells | null> {
  const definition = definitionFor(file.form, raw);
  const groups = new KeptRows(definition);
  const log = new ProblemLog();
  const reader = new ColumnsRowReader(file.name, day, definition, groups, log);
  const fault = await readRows([await readFile(file.path)], file, reader, definition.csv);
  return log.count > 0 || fault !== null ? null : groups.kept;
}

export type DuckCells = (
  file: RawFile,
  definition: ColumnsDefinition,
  facts: { readonly header: Pick<PlainFacts['header'], 'names'> },
) => Promise<Cells>;

/** Throws what DuckDB says against the file. */
export async function openDuck(): Promise<DuckCells> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return async (file, raw, { header: { names } }) => {
    const definition = definitionFor(file.form, raw);
    const { compression } = file.form;
    const options = typedReadOptions({ names, compression }, definition);
    const columns = definition.columns.map(({ name }) => `c${names.indexOf(name)}::VARCHAR`);
    const sql = `SELECT ${columns.join()} FROM read_csv('${file.path}', ${options})`;
    const rows = (await connection.runAndReadAll(sql)).getRowsJS() as (string | null)[][];
    return rows.map((row) =>
      row.map((cell, at) => cell && canonical(cell, definition.columns[at]?.type)),
    );
  };
}

/** DuckDB writes some types in another way. */
function canonical(cell: string, type: ColumnType | undefined): string {
  if (type?.kind === 'timestamp') return `${cell.replace(' ', 'T')}Z`;
  return type?.kind === 'decimal' ? cell.replace(/^(-?)\./, '$10.') : cell;
}
