/** What a query over days comes to, by the index of the day: nothing of it is believed before it was checked. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ColumnsDefinition } from '../../model/columns-definition.js';
import { ProblemError } from '../../model/problems.js';
import type { Row } from '../../model/row.js';
import { GroupRows } from '../group-rows.js';
import type { DuckRow } from './duckdb.js';

export interface FoundDay {
  /** In the order of the output; null if a cell or a sum is odd. */
  readonly rows: readonly Row[] | null;
  readonly records: number;
}

/** Some milliseconds' worth. */
const rowsAtOnce = 5_000;

/** Days without rows have no entry. Throws ProblemError if they are not well-formed, or not in their order. */
export async function takeRows(
  rows: readonly DuckRow[],
  definition: ColumnsDefinition,
  days: number,
): Promise<ReadonlyMap<number, FoundDay>> {
  const found = new Map<number, FoundDay>();
  let open = { at: -1, isOdd: false, groups: new GroupRows(definition, malformed) };
  const close = () => {
    if (open.at !== -1) found.set(open.at, foundIn(open));
  };
  for (const [index, [day, bad, ...cells]] of rows.entries()) {
    if (index % rowsAtOnce === 0) await nextTurn();
    const [at, badRows] = [wholeNumber(day), wholeNumber(bad)];
    if (at < open.at || at >= days) throw malformed();
    if (at > open.at) {
      close();
      open = { at, isOdd: false, groups: new GroupRows(definition, malformed) };
    }
    open.isOdd ||= badRows > 0;
    if (!open.isOdd) open.groups.take(cells.map((cell) => cell ?? ''));
  }
  close();
  return found;
}

function foundIn({ isOdd, groups }: { isOdd: boolean; groups: GroupRows }): FoundDay {
  const { found } = groups;
  if (isOdd || found.kind === 'overflow') return { rows: null, records: 0 };
  return { rows: found.rows, records: found.records };
}

function wholeNumber(text: string | null | undefined): number {
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(text ?? '')) throw malformed();
  return Number(text);
}

function malformed(): Error {
  const what = 'the rows of a day are not well-formed, or not in their order';
  const detail = `DuckDB’s result cannot be used: ${what}. None of it was used. Read the days with the engine csv, and report this.`;
  return new ProblemError('engine-failed', detail);
}
