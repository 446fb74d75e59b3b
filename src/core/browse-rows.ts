/** Pages through the output's rows in its order, reading only the days that a page needs. */
import { compareRows } from './category-order.js';
import type { RowFilter, RowPage } from './control-plane.js';
import type { Day, DayLayout } from './day.js';
import type { OutputRow, OutputStore } from './ports.js';
import { ProblemError } from './problems.js';
import type { Reconciler, Survey } from './reconciler.js';

/** A commit can replace the file between the look and the read; then both are done again. */
const maxTries = 10;

export interface BrowseOptions {
  readonly layout: DayLayout;
  readonly output: OutputStore;
  readonly reconciler: Reconciler;
}

export async function browseRows(options: BrowseOptions, filter: RowFilter): Promise<RowPage> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const page = await readPage(options, await options.reconciler.glance(), filter);
    if (page !== null) return page;
  }
  throw new ProblemError('output-unavailable', 'Other writers kept replacing the output.');
}

async function readPage(
  { layout, output }: BrowseOptions,
  survey: Survey,
  filter: RowFilter,
): Promise<RowPage | null> {
  const rows: OutputRow[] = [];
  for (const day of daysOf(layout, survey, filter)) {
    const found = await output.rows(survey.output, day);
    if (found === null) return null;
    rows.push(...found.filter((row) => matches(row, filter)));
    if (rows.length > filter.limit) break;
  }
  return { rows: rows.slice(0, filter.limit), more: rows.length > filter.limit };
}

function daysOf(layout: DayLayout, { output }: Survey, { day, after }: RowFilter): Day[] {
  return [...output.days.keys()].filter(
    (each) =>
      (day === null || each === day) && (after === null || layout.compare(each, after.day) >= 0),
  );
}

function matches(row: OutputRow, { hour, category, after }: RowFilter): boolean {
  if (hour !== null && row.hour !== hour) return false;
  if (category !== null && row.category !== category) return false;
  return after === null || row.day !== after.day || compareRows(row, after) > 0;
}
