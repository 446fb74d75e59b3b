/** The category columns that raw files ever had: a column that turns up one day may be no category at all. Pure. */
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

/** Those of a day that no day before had. None where it is not known what these had. */
export function newColumns(record: CommitFacts | null, columns: readonly string[]): string[] {
  if (record === null || record.columns === null || record.columns.length === 0) return [];
  const known = new Set(record.columns);
  return columns.filter((column) => !known.has(column));
}
