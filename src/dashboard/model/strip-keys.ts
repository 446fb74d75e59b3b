/** Moving through the strip by keyboard. */
import type { Group } from './groups.js';

/** The layout that the keys move in: the rows of the page, each with its days and its offset. */
export interface Row {
  readonly offset: number;
  readonly days: readonly string[];
}

export function rowsOf(groups: readonly Group[]): readonly Row[] {
  return groups.flatMap((group) =>
    group.kind === 'void'
      ? []
      : [
          {
            offset: group.offset,
            days: group.slots.map((slot) => (slot.kind === 'day' ? slot.status.day : slot.day)),
          },
        ],
  );
}

const rowSteps: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -12,
  PageDown: 12,
};

/** The day that `key` leads to from `day`; null for a key that does not move. */
export function move(rows: readonly Row[], day: string, key: string): string | null {
  const row = rows.findIndex(({ days }) => days.includes(day));
  const here = rows[row];
  if (here === undefined) return null;
  const column = here.days.indexOf(day);
  const step = rowSteps[key];
  if (step !== undefined) return inColumn(rows, row + step, here.offset + column);
  switch (key) {
    // Time runs to the right in a row, and upwards from row to row.
    case 'ArrowLeft':
      return here.days[column - 1] ?? rows[row + 1]?.days.at(-1) ?? day;
    case 'ArrowRight':
      return here.days[column + 1] ?? rows[row - 1]?.days[0] ?? day;
    case 'Home':
      return rows.at(-1)?.days[0] ?? day;
    case 'End':
      return rows[0]?.days.at(-1) ?? day;
    default:
      return null;
  }
}

function inColumn(rows: readonly Row[], wanted: number, column: number): string | null {
  const row = rows[Math.min(Math.max(wanted, 0), rows.length - 1)];
  if (row === undefined) return null;
  const index = Math.min(Math.max(column - row.offset, 0), row.days.length - 1);
  return row.days[index] ?? null;
}
