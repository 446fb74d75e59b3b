/** The definition `sql`: columns with types, and one SELECT over the relation `day` of them, in DuckDB's dialect. */
import type { Column, MeasureColumn, OutputShape } from './column.js';
import {
  type ColumnsDefinition,
  columnParts,
  csvParts,
  hashOfParts,
  type RawColumns,
} from './columns-definition.js';

/** As the file says it: only DuckDB knows which columns the result has. */
export interface SqlDeclaration extends RawColumns, Pick<ColumnsDefinition, 'dayName'> {
  readonly kind: 'sql';
  /** As written, but for blanks and a semicolon at its end. */
  readonly sql: string;
  /** The columns of the result that name a row, in the order of the output. */
  readonly by: readonly string[];
}

/** Plain values only, because it is sent to threads. */
export interface SqlDefinition extends SqlDeclaration {
  /** The columns of the result in its order, those of `by` among them. */
  readonly result: readonly MeasureColumn[];
}

/**
 * 16 hexadecimal digits. The order of the declared columns counts, since `select *` has it; the result's columns do
 * not, since they follow from the rest.
 */
export function sqlHashOf(definition: SqlDeclaration): string {
  const { kind, dayKind, dayName, columns, dayColumn, csv, sql, by } = definition;
  const said = [kind, dayKind, dayName, dayColumn, columns.map(columnParts), by, csvParts(csv)];
  return hashOfParts([...said, sql.trim()]);
}

/** What the rows of the output look like. */
export function sqlShapeOf({ dayKind, dayName, by, result }: SqlDefinition): OutputShape {
  const named = new Map(result.map((column) => [column.name, column]));
  return {
    dayKind,
    dayColumn: dayName,
    keys: by.map((name) => keyOf(named.get(name) as MeasureColumn)),
    measures: result.filter(({ name }) => !by.includes(name)),
    leavesOutZeros: false,
  };
}

const keyOf = ({ name, type, nullable }: MeasureColumn): Column => ({ name, type, nullable });
