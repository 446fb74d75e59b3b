/**
 * The category or undeclared columns that raw files ever had: a new one may not be a category at all, or may have been
 * forgotten. Pure.
 */
import type { Definition } from '../model/definition.js';
import type { CommitFacts } from '../model/ledger.js';

/** At most this many are kept, because a record is read at each start. */
const mostKept = 10_000;

/** The columns that a commit keeps, after days with these columns; null if there are too many. */
export function columnsAfter(
  record: CommitFacts | null,
  seen: ReadonlySet<string>,
): readonly string[] | null {
  const known = record?.columns ?? [];
  const all = new Set([...known, ...seen]);
  if (all.size === known.length) return known;
  return all.size > mostKept ? null : [...all].sort();
}

type NewColumns = (record: CommitFacts | null, columns: readonly string[]) => string[];

/**
 * Columns of a day that no earlier day had. For `wide` data these are categories, and none if earlier columns are
 * unknown; for `columns` and `sql` they are undeclared columns, even for the first days.
 */
export const newColumns: Readonly<Record<Definition['kind'], NewColumns>> = {
  wide: (record, columns) => (record?.columns?.length ? without(columns, record.columns) : []),
  columns: undeclared,
  sql: undeclared,
};

function undeclared(record: CommitFacts | null, columns: readonly string[]): string[] {
  return record?.columns === null ? [] : without(columns, record?.columns ?? []);
}

function without(columns: readonly string[], known: readonly string[]): string[] {
  const all = new Set(known);
  return columns.filter((column) => !all.has(column));
}
