/** Which rows of the output a request asks for, by the names of its columns. */
import type { RowFilter, SumWish } from '../core/control-plane.js';
import type { Cell, OutputShape } from '../model/column.js';
import { layoutOf } from '../model/day.js';
import type { ProblemDetail } from '../model/problem-extras.js';
import { describeColumn, readCell } from '../model/read-cell.js';
import { rowCursorOf } from './cursor.js';
import { parseDay } from './day-input.js';
import type { OutputQuery, SumsQuery } from './schemas/output.js';
import { invalidRequest } from './validation.js';

const defaultLimit = 1000;

export function toRowFilter(shape: OutputShape, query: OutputQuery): RowFilter {
  const { limit = defaultLimit, cursor, ...filter } = query;
  return {
    ...filterIn(shape, filter, ['limit', 'cursor']),
    limit,
    behind: rowCursorOf(shape, cursor),
  };
}

/** `more`: what the route also takes. */
function filterIn(
  shape: OutputShape,
  { day, from, to, ...others }: Pick<OutputQuery, 'day' | 'from' | 'to'>,
  more: readonly string[],
): Pick<RowFilter, 'day' | 'from' | 'to' | 'keys'> {
  const parse = (text: string | undefined, at: string) =>
    text === undefined ? null : parseDay(layoutOf(shape.dayKind), text, at);
  return {
    day: parse(day, 'day'),
    from: parse(from, 'from'),
    to: parse(to, 'to'),
    keys: keysIn(shape, others, more),
  };
}

const defaultSums = 20;

export function toSumWish(shape: OutputShape, query: SumsQuery): SumWish {
  const { by, per, measure, limit = defaultSums, ...filter } = query;
  const keys = shape.keys.map(({ name }) => name);
  const additive = shape.measures.flatMap((each) => (each.additive ? [each.name] : []));
  const mistakes: ProblemDetail[] = [];
  if (!keys.includes(by)) mistakes.push({ at: 'by', message: oneOf('a key column', keys) });
  const isMeasure = measure === undefined || additive.includes(measure) || measure === 'rows';
  if (!isMeasure) {
    const message = oneOf('rows, or a measure that can be added up', additive);
    mistakes.push({ at: 'measure', message });
  }
  if (mistakes.length > 0) throw invalidRequest(mistakes);
  const sorting = measure ?? additive[0] ?? 'rows';
  return {
    ...filterIn(shape, filter, ['by', 'per', 'measure', 'limit']),
    by: keys.indexOf(by),
    perDay: per !== undefined,
    measure: additive.includes(sorting) ? sorting : null,
    limit,
  };
}

function oneOf(what: string, names: readonly string[]): string {
  return `must be ${what} of the output; there ${names.length === 0 ? 'is none' : `are: ${names.join(', ')}`}`;
}

/** For a file, which has no pages. */
export function toCsvFilter(shape: OutputShape, query: OutputQuery): RowFilter {
  const paging = ['limit', 'cursor'].filter((name) => Object.hasOwn(query, name));
  const message = 'does not go with text/csv, which has no pages';
  if (paging.length > 0) throw invalidRequest(paging.map((at) => ({ at, message })));
  return toRowFilter(shape, query);
}

function keysIn(
  { keys }: OutputShape,
  given: Readonly<Record<string, unknown>>,
  more: readonly string[],
) {
  const wanted = new Map<number, Cell>();
  const errors: ProblemDetail[] = [];
  for (const [at, text] of Object.entries(given)) {
    const place = keys.findIndex(({ name }) => name === at);
    const column = keys[place];
    const cell = column && readCell(column, String(text));
    if (column === undefined)
      errors.push({ at, message: `is not known here; known: ${known(keys, more)}` });
    else if (cell === undefined) errors.push({ at, message: `must be ${describeColumn(column)}` });
    else wanted.set(place, cell);
  }
  if (errors.length > 0) throw invalidRequest(errors);
  return wanted;
}

function known(keys: OutputShape['keys'], more: readonly string[]): string {
  return ['day', 'from', 'to', ...keys.map(({ name }) => name), ...more].join(', ');
}
