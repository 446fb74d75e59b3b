/** Days as callers write them, parsed by the layout. */
import type { Day, DayLayout } from '../model/day.js';
import type { ProblemDetail } from '../model/problem-extras.js';
import { invalidRequest } from './validation.js';

/** `at` names the field or parameter that holds it. */
export function parseDay(layout: DayLayout, given: string | number, at: string): Day {
  const day = layout.parse(String(given));
  if (day === null) throw invalidRequest([notADay(layout, at)]);
  return day;
}

/** In day order, without repeats. */
export function parseDays(
  layout: DayLayout,
  given: readonly (string | number)[],
  at: string,
): readonly Day[] {
  const errors: ProblemDetail[] = [];
  const days = new Set<Day>();
  for (const [index, each] of given.entries()) {
    const day = layout.parse(String(each));
    if (day === null) errors.push(notADay(layout, `${at}.${index}`));
    else days.add(day);
  }
  if (errors.length > 0) throw invalidRequest(errors);
  return [...days].sort(layout.compare);
}

/** Of a query; null if it lists no days. */
export function parseDayList(layout: DayLayout, text: string | undefined): readonly Day[] | null {
  return text === undefined ? null : parseDays(layout, text.split(','), 'days');
}

function notADay(layout: DayLayout, at: string): ProblemDetail {
  return { at, message: `must be ${layout.shape}` };
}
