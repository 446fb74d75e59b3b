import type { Day } from '../../model/day.js';
import { bucketsOf, type WideDefinition } from '../../model/definition.js';
import type { Columns } from '../header.js';

/** What the cells of a column are. Numbers, because a kernel looks at them for each row. */
export const cellKind = { ignored: 0, day: 1, by: 2, count: 3 } as const;
export type CellKind = (typeof cellKind)[keyof typeof cellKind];

/** Columns side by side that are read alike. */
export interface Segment {
  readonly kind: CellKind;
  readonly columns: number;
  /** For counts: the place of the first one's category among all categories. */
  readonly firstCategory: number;
}

/** How to read the rows of one file. Plain values only: it is sent to threads. */
export interface TablePlan {
  readonly segments: readonly Segment[];
  readonly categories: number;
  /** Of one `by` column, one for each value from `least` on; 1 without such a column. */
  readonly buckets: number;
  readonly least: number;
  /** The place of the `by` column where counts come before it; else null. */
  readonly lateBy: number | null;
  /** What a day cell must hold, in ASCII. */
  readonly day: Uint8Array;
}

/** A kernel reads two digits of one column. */
const largestBy = 99;

/** Memory of a thread: beyond them the reference, which keeps only what it finds, reads the file. */
const mostSums = 1 << 21;

/** Whether a kernel can read tables by this definition. */
export function isForKernels({ by }: WideDefinition): boolean {
  return by.length === 0 || (by.length === 1 && by.every(({ most }) => most <= largestBy));
}

export function fits({ categories }: Columns, definition: WideDefinition): boolean {
  return categories.length * bucketsOf(definition) <= mostSums;
}

export function planTable(columns: Columns, day: Day, definition: WideDefinition): TablePlan {
  const firstCategory = columns.categories[0] ?? columns.names.length;
  const [at = -1] = columns.by;
  return {
    segments: segmentsOf(columns),
    categories: columns.categories.length,
    buckets: bucketsOf(definition),
    least: definition.by[0]?.least ?? 0,
    lateBy: firstCategory < at ? at : null,
    day: new TextEncoder().encode(day),
  };
}

function segmentsOf({ names, by, day, categories }: Columns): Segment[] {
  const isCategory = new Set(categories);
  const kindOf = (column: number): CellKind => {
    if (by.includes(column)) return cellKind.by;
    if (column === day) return cellKind.day;
    return isCategory.has(column) ? cellKind.count : cellKind.ignored;
  };

  const segments: Segment[] = [];
  let firstCategory = 0;
  for (let from = 0; from < names.length; ) {
    const kind = kindOf(from);
    let to = from + 1;
    while (to < names.length && kindOf(to) === kind) to += 1;
    segments.push({ kind, columns: to - from, firstCategory });
    if (kind === cellKind.count) firstCategory += to - from;
    from = to;
  }
  return segments;
}
