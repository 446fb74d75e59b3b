/**
 * Pages through the output's rows in its order. However few rows a filter lets through, a page reads no more
 * than a share of the output, and says where the next one goes on.
 */

import type { Day, DayLayout } from '../model/day.js';
import { ProblemError } from '../model/problems.js';
import type { OutputRow } from '../model/row.js';
import type { RowCursor, RowFilter, RowPage } from './control-plane.js';
import { cursorName, isNotBehind } from './cursor-name.js';
import type { OutputStore, PlacedRow } from './ports/output.js';
import type { Reconciler } from './reconciler.js';
import type { Survey } from './survey.js';

/** A commit can replace the file between the look and the read; then both are done again. */
const maxTries = 10;

/** Some 150,000 rows, and a tenth of a second of work. */
export const pageBytes = 4 << 20;

export interface BrowseOptions {
  readonly layout: DayLayout;
  readonly output: OutputStore;
  readonly reconciler: Reconciler;
}

export async function browseRows(
  options: BrowseOptions,
  filter: RowFilter,
  signal: AbortSignal,
): Promise<RowPage> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const page = new Page(filter, signal);
    const survey = await options.reconciler.glance();
    const query = { days: daysOf(options.layout, survey, filter), behind: filter.from };
    if (await options.output.rows(survey.output, query, (row) => page.take(row))) return page;
  }
  throw new ProblemError('output-unavailable', 'Other writers kept replacing the output.');
}

function daysOf(layout: DayLayout, { output }: Survey, { day, from }: RowFilter): Day[] {
  return [...output.days.keys()].filter(
    (each) =>
      (day === null || each === day) && (from === null || layout.compare(each, from.day) >= 0),
  );
}

class Page implements RowPage {
  readonly rows: OutputRow[] = [];
  next: RowCursor | null = null;
  readonly #filter: RowFilter;
  readonly #signal: AbortSignal;
  #last: RowCursor | null;
  /** Rows up to this one were told by earlier pages. Undefined until the first row shows whether that matters. */
  #after: RowCursor['after'] | undefined;
  #leftBytes = pageBytes;

  constructor(filter: RowFilter, signal: AbortSignal) {
    this.#filter = filter;
    this.#signal = signal;
    this.#last = filter.from;
  }

  /** Whether it has room for more. */
  take(row: PlacedRow): boolean {
    const { day, hour, category, items, at, sizeBytes } = row;
    const isWanted = !this.#isTold(row) && this.#matches(row);
    const isFull = isWanted && this.rows.length === this.#filter.limit;
    if (isFull || this.#leftBytes <= 0 || this.#signal.aborted) {
      this.next = this.#last;
      return false;
    }
    if (isWanted) this.rows.push({ day, hour, category, items });
    this.#last = { day, hour, category: cursorName(category), at, after: this.#after ?? null };
    this.#leftBytes -= sizeBytes;
    return true;
  }

  #isTold(row: PlacedRow): boolean {
    if (this.#after === undefined) this.#after = startOf(this.#filter, row);
    if (this.#after !== null && this.#filter.from?.day === row.day) {
      if (isUpTo(row, this.#after)) return true;
    }
    this.#after = null;
    return false;
  }

  #matches(row: PlacedRow): boolean {
    const { hour, category } = this.#filter;
    return (hour === null || row.hour === hour) && (category === null || row.category === category);
  }
}

function isUpTo(row: PlacedRow, { hour, category }: NonNullable<RowCursor['after']>): boolean {
  return row.hour < hour || (row.hour === hour && isNotBehind(row.category, category));
}

/** Null where the page begins behind the last row that was told; else its day is another, and read from its start. */
function startOf({ from }: RowFilter, first: PlacedRow): RowCursor['after'] {
  if (from === null || from.day !== first.day) return null;
  if (first.at > from.at) return from.after;
  return from.after ?? { hour: from.hour, category: from.category };
}
