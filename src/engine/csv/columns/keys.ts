/** Keys of a row: a cell, or a part of one. */
import type { Cell, Column } from '../../../model/column.js';
import type { KeyExpression, KeyPart } from '../../../model/columns-definition.js';
import { weekdayOf } from '../../../model/instant.js';

export type KeyOf = (cells: readonly Cell[]) => Cell;

export function createKeys(by: readonly KeyExpression[], columns: readonly Column[]): KeyOf[] {
  return by.map(({ column, part }) => {
    const place = columns.findIndex(({ name }) => name === column);
    if (part === null) return (cells) => cells[place] as Cell;
    const partOf = createPart[part]();
    return (cells) => {
      const cell = cells[place] as Cell;
      return cell === null ? null : partOf(cell);
    };
  });
}

/** Of a date or a time in its one form, which both begin with the date. */
const createPart: Record<KeyPart, () => (cell: string) => string> = {
  hour: () => (cell) => String(Number(cell.slice(11, 13))),
  date: () => dateOf,
  weekday: createWeekday,
};

function dateOf(cell: string): string {
  return cell.slice(0, 10);
}

/** Most rows of a day have the date of the one before. */
function createWeekday(): (cell: string) => string {
  let [date, weekday] = ['', ''];
  return (cell) => {
    const own = dateOf(cell);
    if (own !== date) [date, weekday] = [own, String(weekdayOf(own))];
    return weekday;
  };
}
