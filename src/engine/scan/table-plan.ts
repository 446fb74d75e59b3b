import type { Day } from '../../model/day.js';
import type { Columns } from '../header.js';

/** What the cells of a column are. Numbers, because a kernel looks at them for each row. */
export const cellKind = { ignored: 0, day: 1, hour: 2, count: 3 } as const;
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
  /** The column of the hour where counts come before it; else null. */
  readonly lateHour: number | null;
  /** What a day cell must hold, in ASCII. */
  readonly day: Uint8Array;
}

export function planTable(columns: Columns, day: Day): TablePlan {
  const firstCategory = columns.categories[0] ?? columns.names.length;
  return {
    segments: segmentsOf(columns),
    categories: columns.categories.length,
    lateHour: firstCategory < columns.hour ? columns.hour : null,
    day: new TextEncoder().encode(day),
  };
}

function segmentsOf({ names, hour, day, categories }: Columns): Segment[] {
  const isCategory = new Set(categories);
  const kindOf = (column: number): CellKind => {
    if (column === hour) return cellKind.hour;
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
