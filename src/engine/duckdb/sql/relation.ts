/** SQL for the relation `day`: the declared columns under their names, with DuckDB's types. */
import type { Column } from '../../../model/column.js';
import { duckTypeOf } from '../plain/typed-read.js';
import { quotedName } from '../sql-text.js';

/** The relation before there are rows. */
export function emptyDay(columns: readonly Column[]): string {
  const cells = columns.map(
    ({ name, type }) => `CAST(NULL AS ${duckTypeOf(type)}) AS ${quotedName(name)}`,
  );
  return `CREATE VIEW day AS SELECT ${cells.join(', ')} LIMIT 0`;
}
