/**
 * The ETag of the lists of days. Surveys return the same objects while nothing has changed, so comparing objects is
 * enough, and a client that already has the list costs no more than the look.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Survey } from '../core/survey.js';
import type { HistoryOf } from './views/day.js';

/** Returns the strong ETag of every page; it changes as soon as any day, or anything else on a page, changes. */
export function createDaysEtag(historyOf: HistoryOf): (survey: Survey) => string {
  // Unique to this process.
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
