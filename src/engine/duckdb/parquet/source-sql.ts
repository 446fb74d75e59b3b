/** Parquet files in DuckDB's SQL. */
import type { RawColumns } from '../../../model/columns-definition.js';
import type { Day } from '../../../model/day.js';
import { groupedBy } from '../../../model/grouped.js';
import { listOf, quotedText } from '../sql-text.js';
import { cellSql, otherDaySql } from './column-sql.js';
import type { SoundLook } from './look-at-parquet.js';

/**
 * DuckDB believes what a footer says of values: that there is no null, or none above a maximum. Where it is wrong,
 * DuckDB makes rows of that.
 */
export const parquetSetup: readonly string[] = [
  "SET disabled_optimizers = 'statistics_propagation,filter_pushdown,row_group_pruner'",
];

export interface ParquetToRead {
  readonly path: string;
  /** The index of its day. */
  readonly nth: number;
  readonly day: Day;
  readonly look: SoundLook;
}

/**
 * Columns: `nth`, `bad`, and the values of the declared columns by their places, `v0` and so on. `single` is the day
 * of all files, null if they are of several.
 */
export function parquetSourceSql(
  files: readonly ParquetToRead[],
  definition: RawColumns,
  single: Day | null,
): string {
  const alike = groupedBy(files, ({ look }) => look.likeness);
  return [...alike.values()]
    .map((some) => alikeSql(some, definition, single))
    .join('\nUNION ALL\n');
}

function alikeSql(
  files: readonly ParquetToRead[],
  definition: RawColumns,
  single: Day | null,
): string {
  const { look } = files[0] as ParquetToRead;
  const cells = definition.columns.map((each, at) => cellSql(each, look.declared[at] ?? null));
  const bad = cells.flatMap(({ bad }, at) => (bad === null ? [] : bad(`v${at}`)));
  const otherDay = otherDaySql(look, definition, 'day');
  if (otherDay !== null) bad.push(otherDay.bad);
  const values = cells.map(({ value }, at) => `${value} AS v${at}`);
  return `SELECT nth, (${bad.join(' OR ') || 'false'}) AS bad, ${cells.map((_, at) => `v${at}`).join()}
    FROM (SELECT *, ${values.join()} FROM (${readSql(files, look, single)}))`;
}

/** Columns: `nth`, `day`, and those of the file by their places, `c0` and so on. */
function readSql(files: readonly ParquetToRead[], look: SoundLook, single: Day | null): string {
  const table = tableSql(
    files.map(({ path }) => path),
    look,
  );
  if (single !== null) {
    const [{ nth }] = files as [ParquetToRead];
    return `SELECT ${nth} AS nth, ${quotedText(single)} AS day, * FROM ${table}`;
  }
  const days = files.map(
    ({ path, nth, day }) => `(${quotedText(path)}, ${nth}, ${quotedText(day)})`,
  );
  return `SELECT own.nth, own.day, t.* FROM ${table}
    JOIN (VALUES ${days.join()}) AS own(path, nth, day) ON t.filename = own.path`;
}

/**
 * The table `t`, with columns by their places. Names of folders give no columns. Where a path has the signs of a pattern
 * and other files match it, DuckDB takes it for a pattern: such a path must be the only one.
 */
export function tableSql(paths: readonly string[], { width }: Pick<SoundLook, 'width'>): string {
  const columns = Array.from({ length: width }, (_, place) => `c${place}`);
  return `read_parquet(${listOf(paths)}, hive_partitioning = false, union_by_name = false) AS t(${columns.join()})`;
}
