/**
 * Pages through the output's rows in its order. However few rows pass a filter, a page reads only a bounded part of
 * the output, and says where the next one continues.
 */

import type { Cell, OutputShape } from '../model/column.js';
import { type Day, layoutOf } from '../model/day.js';
import { ProblemError } from '../model/problems.js';
import type { OutputRow, Row } from '../model/row.js';
import type { RowCursor, RowFilter, RowPage, WantedRows } from './control-plane.js';
import { cursorCell, isNotBehind } from './cursor-name.js';
import type { OutputStore, PlacedRow } from './ports/output.js';
import type { Reconciler } from './reconciler.js';
import type { Survey } from './survey.js';

const maxTries = 10;

/** Some 150,000 rows, and a tenth of a second of work. */
export const pageBytes = 4 << 20;

export interface BrowseOptions {
  readonly output: OutputStore;
  readonly reconciler: Pick<Reconciler, 'glance'>;
}

export async function browseRows(
  options: BrowseOptions,
  wanted: WantedRows,
  signal: AbortSignal,
): Promise<RowPage> {
  return ofOneVersion(options, async (survey) => {
    const filter = wanted(survey.output.shape);
    const page = new Page(survey.output.shape, filter, signal);
    const query = { days: daysOf(survey, filter), behind: filter.behind };
    const isWhole = await options.output.rows(survey.output, query, (row) => page.take(row));
    return isWhole ? page : null;
  });
}

/**
 * What `read` finds; null if the output was replaced in the meantime. A commit can do that between the look and the
 * read: then both are repeated.
 */
export async function ofOneVersion<T>(
  { reconciler }: Pick<BrowseOptions, 'reconciler'>,
  read: (survey: Survey) => Promise<T | null>,
): Promise<T> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const found = await read(await reconciler.glance());
    if (found !== null) return found;
  }
  throw new ProblemError('output-unavailable', 'Other writers kept replacing the output.');
}

/**
 * The header and the rows that pass the filter, in blocks. All are from one version of the output: if that is replaced
 * in the meantime, this throws. Null if there is no output.
 */
export async function filteredCsv(
  options: BrowseOptions,
  wanted: WantedRows,
  signal: AbortSignal,
): Promise<AsyncIterable<Buffer> | null> {
  const survey = await options.reconciler.glance();
  const filter = wanted(survey.output.shape);
  return survey.output.sizeBytes === null ? null : blocksOf(options, survey, filter, signal);
}

async function* blocksOf(
  { output }: BrowseOptions,
  survey: Survey,
  filter: RowFilter,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const { shape } = survey.output;
  yield output.header(shape);
  let behind: RowCursor | null = null;
  do {
    const page: Page = new Page(shape, { ...filter, behind, limit: rowsAtOnce }, signal);
    const query = { days: daysOf(survey, { ...filter, behind }), behind };
    if (!(await output.rows(survey.output, query, (row) => page.take(row)))) {
      throw new ProblemError('output-unavailable', 'The output was replaced while it was read.');
    }
    for (const [day, rows] of byDay(page.rows)) yield (await output.encode(day, rows, shape)).bytes;
    behind = page.next;
  } while (behind !== null && !signal.aborted);
}

const rowsAtOnce = 10_000;

function byDay(rows: readonly OutputRow[]): ReadonlyMap<Day, readonly OutputRow[]> {
  const days = new Map<Day, OutputRow[]>();
  for (const row of rows) {
    const known = days.get(row.day);
    if (known === undefined) days.set(row.day, [row]);
    else known.push(row);
  }
  return days;
}

export function daysOf(
  { output }: Survey,
  { day, from, to, behind }: Omit<RowFilter, 'limit' | 'keys'>,
): Day[] {
  const { compare } = layoutOf(output.shape.dayKind);
  const isIn = (each: Day) =>
    (day === null || each === day) &&
    (from === null || compare(each, from) >= 0) &&
    (to === null || compare(each, to) <= 0) &&
    (behind === null || compare(each, behind.day) >= 0);
  return [...output.days.keys()].filter(isIn);
}

class Page implements RowPage {
  readonly rows: OutputRow[] = [];
  next: RowCursor | null = null;
  readonly shape: OutputShape;
  readonly #filter: RowFilter;
  readonly #keys: readonly (readonly [number, Cell])[];
  readonly #signal: AbortSignal;
  #last: PlacedRow | null = null;
  /** Earlier pages returned the rows up to this one. Undefined until the first row shows whether that matters. */
  #after: RowCursor['after'] | undefined;
  #leftBytes = pageBytes;

  constructor(shape: OutputShape, filter: RowFilter, signal: AbortSignal) {
    this.shape = shape;
    this.#filter = filter;
    this.#keys = [...filter.keys];
    this.#signal = signal;
  }

  /** Whether it has room for more. */
  take(row: PlacedRow): boolean {
    const { day, key, values, sizeBytes } = row;
    const isWanted = !this.#isTold(row) && this.#matches(row);
    const isFull = isWanted && this.rows.length === this.#filter.limit;
    if (isFull || this.#leftBytes <= 0 || this.#signal.aborted) {
      this.next = this.#cursor();
      return false;
    }
    if (isWanted) this.rows.push({ day, key, values });
    this.#last = row;
    this.#leftBytes -= sizeBytes;
    return true;
  }

  #cursor(): RowCursor | null {
    if (this.#last === null) return this.#filter.behind;
    const { day, key, at } = this.#last;
    return { day, key: key.map(cursorCell), at, after: this.#after ?? null };
  }

  #isTold(row: PlacedRow): boolean {
    if (this.#after === undefined) this.#after = startOf(this.#filter, row);
    if (this.#after !== null && this.#filter.behind?.day === row.day) {
      if (isNotBehind(this.shape, row.key, this.#after)) return true;
    }
    this.#after = null;
    return false;
  }

  #matches(row: PlacedRow): boolean {
    return matches(row, this.#keys);
  }
}

export function matches({ key }: Row, wanted: readonly (readonly [number, Cell])[]): boolean {
  return wanted.every(([place, cell]) => key[place] === cell);
}

/** Null if the page begins right after the last returned row; otherwise its day has changed, and is read from its
 * start. */
function startOf({ behind }: RowFilter, first: PlacedRow): RowCursor['after'] {
  if (behind === null || behind.day !== first.day) return null;
  if (first.at > behind.at) return behind.after;
  return behind.after ?? behind.key;
}
