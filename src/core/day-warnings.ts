/** Warnings of a run about days that it processed anyway. Pure. */

import type { Day } from '../model/day.js';
import type { Definition } from '../model/definition.js';
import type { CommitFacts } from '../model/ledger.js';
import type { AggregatedDay } from './aggregate-day.js';
import { newColumns } from './known-columns.js';

/** More are only counted: a warning for each of thousands of days would help nobody. */
const mostTold = 20;

export function warningsOfDays(
  { kind }: Pick<Definition, 'kind'>,
  record: CommitFacts | null,
  days: ReadonlyMap<Day, AggregatedDay>,
): string[] {
  const all: string[] = [];
  const toldColumns = new Set<string>();
  for (const [day, { warnings, columns }] of days) {
    for (const warning of warnings) all.push(`day ${day}: ${warning}`);
    for (const column of newColumns[kind](record, columns)) {
      if (toldColumns.has(column)) continue;
      toldColumns.add(column);
      all.push(`day ${day}: ${newColumnWarning(kind, column)}`);
    }
  }
  const more = all.length - mostTold;
  return more > 0 ? [...all.slice(0, mostTold), `and ${more} more warnings about days`] : all;
}

function newColumnWarning(kind: Definition['kind'], column: string): string {
  const name = JSON.stringify(column.length > 100 ? `${column.slice(0, 100)}…` : column);
  return kind === 'wide'
    ? `no earlier day had the column ${name}, which is counted as a category; if it is not one, add it to DAYMARK_IGNORED_COLUMNS`
    : `no earlier day had the column ${name}, which the dataset does not declare under columns; its cells are left out`;
}
