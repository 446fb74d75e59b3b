/** The rows of a SELECT's result as rows of an output, or what is wrong with them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { longestRawRowBytes } from '../../../core/raw-row.js';
import type { Cell, MeasureColumn } from '../../../model/column.js';
import { timestampOf } from '../../../model/instant.js';
import { describeColumn, readCell } from '../../../model/read-cell.js';
import { compareKeysOf, type Row } from '../../../model/row.js';
import { type SqlDefinition, sqlShapeOf } from '../../../model/sql-definition.js';
import { shorten } from '../../problems.js';
import type { DuckRow } from '../duckdb.js';

export type TakenResult =
  /** In the order of the output. */
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | {
      readonly kind: 'wrong';
      readonly column: string | null;
      readonly value: string | null;
      readonly message: string;
    };

/** Some milliseconds' worth. */
const rowsAtOnce = 5_000;

/** `found` has a cell for each column of the result, as text. */
export async function takeResult(
  found: readonly DuckRow[],
  definition: SqlDefinition,
): Promise<TakenResult> {
  const { result, by } = definition;
  const shape = sqlShapeOf(definition);
  const placeOf = (name: string) => result.findIndex((column) => column.name === name);
  const [keys, values] = [by.map(placeOf), shape.measures.map(({ name }) => placeOf(name))];
  const rows = new Map<string, Row>();
  for (const [index, texts] of found.entries()) {
    if (index % rowsAtOnce === 0) await nextTurn();
    const cells: Cell[] = [];
    for (const [at, column] of result.entries()) {
      const text = texts[at] ?? null;
      const cell = cellOf(text, column);
      if (cell === undefined) return misfit(text ?? '', column);
      cells.push(cell);
    }
    const key = keys.map((at) => cells[at] as Cell);
    // No text is empty, and none holds NUL.
    const id = key.join('\0');
    if (rows.has(id)) return twice(key, by);
    rows.set(id, { key, values: values.map((at) => cells[at] as Cell) });
  }
  const compare = compareKeysOf(shape);
  return { kind: 'rows', rows: [...rows.values()].sort((a, b) => compare(a.key, b.key)) };
}

/** Undefined if the column cannot have it. An empty text is an empty cell. */
function cellOf(text: string | null, column: MeasureColumn): Cell | undefined {
  if (text === null || text === '') return null;
  if (column.type.kind === 'timestamp') return timestampOf(text) ?? undefined;
  // DuckDB writes no zero before the point of a decimal that has no digits there.
  if (column.type.kind === 'decimal') return readCell(column, text.replace(/^(-?)\./, '$10.'));
  if (column.type.kind !== 'text') return readCell(column, text);
  return text.includes('\0') || Buffer.byteLength(text) > longestRawRowBytes ? undefined : text;
}

function misfit(value: string, column: MeasureColumn): TakenResult {
  const { kind } = column.type;
  const what = kind === 'text' ? 'a text of 1 MiB at most, without NUL' : describeColumn(column);
  const more = kind === 'integer' ? `; cast it for more digits: ${column.name}::decimal(38,0)` : '';
  const message = `the result of sql must hold ${what} here${more}`;
  return { kind: 'wrong', column: column.name, value: shorten(value), message };
}

function twice(key: readonly Cell[], by: readonly string[]): TakenResult {
  const named = key.map(
    (cell, at) => `${by[at]} ${cell === null ? 'empty' : JSON.stringify(shorten(cell))}`,
  );
  const message =
    by.length === 0
      ? 'the result of sql has more than one row; without by it may have one. Name the columns that tell its rows apart in by'
      : `the result of sql has two rows for ${named.join(', ')}; by must name columns that tell all rows apart. Add one to by, or group by these`;
  return { kind: 'wrong', column: null, value: null, message };
}
