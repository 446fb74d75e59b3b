/**
 * The columns that raw files ever had which are categories, or are not declared: one that turns up some day may be no
 * category at all, or be missed. Pure.
 */
import type { Definition } from '../model/definition.js';
import type { CommitFacts } from '../model/ledger.js';

/** Beyond so many they are not kept: a record is read at each start. */
const mostKept = 10_000;

/** What a commit is to keep, after days with these columns; null where they are too many. */
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
 * Those of a day that no day before had: categories of `wide` data, none where it is not known what the days before
 * had; of `columns` those that are not declared, with the first ones.
 */
export const newColumns: Readonly<Record<Definition['kind'], NewColumns>> = {
  wide: (record, columns) => (record?.columns?.length ? without(columns, record.columns) : []),
  columns: (record, columns) =>
    record?.columns === null ? [] : without(columns, record?.columns ?? []),
};

function without(columns: readonly string[], known: readonly string[]): string[] {
  const all = new Set(known);
  return columns.filter((column) => !all.has(column));
}
