import type { RowSums } from '../../core/control-plane.js';
import type { Cell, Column, OutputShape } from '../../model/column.js';
import type { OutputRow } from '../../model/row.js';
import type { SumsAnswer } from '../schemas/output.js';

/** A row as an object, by the names of its columns. */
export function viewRow({ dayColumn, keys, measures }: OutputShape, row: OutputRow) {
  return Object.fromEntries([
    [dayColumn, row.day],
    ...keys.map((column, at) => [column.name, viewCell(column, row.key[at] ?? null)]),
    ...measures.map((column, at) => [column.name, viewCell(column, row.values[at] ?? null)]),
  ]);
}

export function viewSums(sums: RowSums): SumsAnswer {
  const { shape, wish, groups, others, days, leftOut } = sums;
  const key = shape.keys[wish.by] as Column;
  return {
    groups: groups.map((group) => ({ ...group, value: viewCell(key, group.value) })),
    others,
    days: { first: days[0] ?? null, last: days.at(-1) ?? null, count: days.length, leftOut },
  };
}

function viewCell({ type }: Column, cell: Cell): string | number | boolean | null {
  if (cell === null) return null;
  if (type.kind === 'boolean') return cell === 'true';
  const isExact = type.kind === 'integer' && Number.isSafeInteger(Number(cell));
  return isExact ? Number(cell) : cell;
}
