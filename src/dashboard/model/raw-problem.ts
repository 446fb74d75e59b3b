/** Where something is wrong in a raw file. */
import type { DayError } from '../api/types.js';

export type RawProblem = DayError['problems'][number];

/** `orders_5.csv, line 17, column “oat milk”: “two” …` */
export function placeOf({ file, line, column, value, message }: RawProblem): string {
  const place = [
    file,
    ...(line === null ? [] : [`line ${line}`]),
    ...(column === null ? [] : [`column “${column}”`]),
  ].join(', ');
  return value === null ? `${place}: ${message}` : `${place}: “${value}” – ${message}`;
}
