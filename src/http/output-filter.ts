/** Which rows of the output a request asks for, by the names of its columns. */
import type { RowFilter } from '../core/control-plane.js';
import type { Cell, OutputShape } from '../model/column.js';
import { layoutOf } from '../model/day.js';
import type { ProblemDetail } from '../model/problem-extras.js';
import { describeColumn, readCell } from '../model/read-cell.js';
import { rowCursorOf } from './cursor.js';
import { parseDay } from './day-input.js';
import type { OutputQuery } from './schemas/output.js';
import { invalidRequest } from './validation.js';

const defaultLimit = 1000;

export function toRowFilter(shape: OutputShape, query: OutputQuery): RowFilter {
  const { day, from, to, limit = defaultLimit, cursor, ...others } = query;
  const parse = (text: string | undefined, at: string) =>
    text === undefined ? null : parseDay(layoutOf(shape.dayKind), text, at);
  return {
    day: parse(day, 'day'),
    from: parse(from, 'from'),
    to: parse(to, 'to'),
    keys: keysIn(shape, others),
    limit,
    behind: rowCursorOf(shape, cursor),
  };
}

/** For a file, which has no pages. */
export function toCsvFilter(shape: OutputShape, query: OutputQuery): RowFilter {
  const paging = ['limit', 'cursor'].filter((name) => Object.hasOwn(query, name));
  const message = 'does not go with text/csv, which has no pages';
  if (paging.length > 0) throw invalidRequest(paging.map((at) => ({ at, message })));
  return toRowFilter(shape, query);
}

function keysIn({ keys }: OutputShape, given: Readonly<Record<string, unknown>>) {
  const wanted = new Map<number, Cell>();
  const errors: ProblemDetail[] = [];
  for (const [at, text] of Object.entries(given)) {
    const place = keys.findIndex(({ name }) => name === at);
    const column = keys[place];
    const cell = column && readCell(column, String(text));
    if (column === undefined)
      errors.push({ at, message: `is not known here; known: ${known(keys)}` });
    else if (cell === undefined) errors.push({ at, message: `must be ${describeColumn(column)}` });
    else wanted.set(place, cell);
  }
  if (errors.length > 0) throw invalidRequest(errors);
  return wanted;
}

function known(keys: OutputShape['keys']): string {
  return ['day', 'from', 'to', ...keys.map(({ name }) => name), 'limit', 'cursor'].join(', ');
}
