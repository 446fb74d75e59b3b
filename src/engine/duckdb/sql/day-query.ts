/** The query that runs a SELECT over the relation `day`, and counts the day's rows besides. */
import { groupedBy } from '../../../model/grouped.js';
import type { SqlDefinition } from '../../../model/sql-definition.js';
import type { DuckQuery, DuckRow } from '../duckdb.js';
import { quotedName } from '../sql-text.js';
import { emptyDay } from './relation.js';

/** A file with rows. */
export interface DaySource {
  readonly path: string;
  /** Equal for files that one SELECT can read. */
  readonly likeness: string;
  readonly setup?: readonly string[];
  /**
   * A SELECT over files like this one. Columns: `bad`, whether a cell of the row is not what it seems; the declared
   * ones by their places, `v0` and so on.
   */
  selectOf(paths: readonly string[]): string;
}

function selectsOf(sources: readonly DaySource[]): string[] {
  const alike = groupedBy(sources, ({ likeness }) => likeness);
  return [...alike.values()].map((some) => some[0]?.selectOf(some.map(({ path }) => path)) ?? '');
}

/** Rows: one that `resultIn` reads, and one for each row of the result. */
export function dayQuery(
  { sql, columns, result }: SqlDefinition,
  sources: readonly DaySource[],
  mostRows: number,
): DuckQuery {
  const all = selectsOf(sources)
    .map((select) => `(${select})`)
    .join('\nUNION ALL BY NAME\n');
  const named = columns.map(({ name }, at) => `v${at} AS ${quotedName(name)}`);
  const isEmpty = sources.length === 0;
  const day = isEmpty
    ? emptyDay(columns)
    : `CREATE VIEW day AS SELECT ${named.join(', ')} FROM (${all})`;
  const counts = isEmpty ? "'0 0'" : `count(*) || ' ' || count_if(bad)`;
  const cells = result.map((_, at) => `c${at}`);
  const none = cells.map(() => 'NULL::VARCHAR');
  const about = `SELECT ${[counts, ...none].join()} ${isEmpty ? '' : `FROM (${all})`}`;
  const rows = `SELECT ${['NULL::VARCHAR', ...cells.map((cell) => `${cell}::VARCHAR`)].join()}
    FROM (\n${sql}\n) AS result(${cells.join()}) LIMIT ${mostRows + 1}`;
  return {
    files: sources.map(({ path }) => path),
    setup: [...new Set(sources.flatMap(({ setup = [] }) => setup)), day],
    select: `(${about}) UNION ALL (${rows})`,
  };
}

export interface FoundResult {
  /** Rows of the day. */
  readonly records: number;
  /** Those with a cell that DuckDB must not be asked about. */
  readonly bad: number;
  readonly rows: readonly DuckRow[];
}

/** Null if it is not well-formed. */
export function resultIn(found: readonly DuckRow[]): FoundResult | null {
  const [told, ...more] = found.filter(([about]) => about !== null);
  const [, records, bad] = /^([0-9]{1,15}) ([0-9]{1,15})$/.exec(told?.[0] ?? '') ?? [];
  if (records === undefined || more.length > 0) return null;
  const rows = found.filter(([about]) => about === null).map((row) => row.slice(1));
  return { records: Number(records), bad: Number(bad), rows };
}
