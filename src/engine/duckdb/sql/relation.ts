/** SQL for the relation `day`: the declared columns under their names, with DuckDB's types. */
import type { Column } from '../../../model/column.js';
import { duckTypeOf } from '../plain/typed-read.js';

export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The relation before there are rows. */
export function emptyDay(columns: readonly Column[]): string {
  const cells = columns.map(
    ({ name, type }) => `CAST(NULL AS ${duckTypeOf(type)}) AS ${quotedName(name)}`,
  );
  return `CREATE VIEW day AS SELECT ${cells.join(', ')} LIMIT 0`;
}
