/**
 * The validator of what is told of days. Surveys hand out the same objects while nothing changed, so comparing
 * objects is enough, and a client that has the list already costs no more than the look.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Survey } from '../core/survey.js';
import type { HistoryOf } from './views/day.js';

/** Gives the strong ETag of every page: another one as soon as any day, or what is told beside them, is another. */
export function createDaysEtag(historyOf: HistoryOf): (survey: Survey) => string {
  // No other process, and no later one, has the same.
  const process = randomUUID();
  let version = 0;
  let last: readonly (readonly unknown[])[] = [];

  return ({ days, raw, notices }) => {
    const told = [days, days.map(({ day }) => historyOf(day)), raw.ignored];
    const isTheSame = told.every((list, index) => hasSameObjects(list, last[index] ?? []));
    if (version === 0 || !isTheSame || !isDeepStrictEqual(notices, last[told.length])) version += 1;
    last = [...told, notices];
    return `"${process}-${version}"`;
  };
}

function hasSameObjects(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((each, index) => each === b[index]));
}
