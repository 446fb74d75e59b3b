/** Days as people write them: `3`, `3, 5`, `2024-01-03..2024-01-07`. Only known days count. */
import type { DayStatus } from '../../client/types.js';
import { count } from '../../client/words.js';

export type DayRange =
  | { readonly kind: 'days'; readonly days: readonly string[] }
  | { readonly kind: 'mistake'; readonly sentence: string };

/** The most that one request may list. */
const maxDays = 10_000;

/** In day order, without repeats; `known` in day order. */
export function parseDayRange(text: string, known: readonly DayStatus[]): DayRange {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) return mistake('Name at least one day.');
  const order = new Map(known.map(({ day }, index) => [day, index]));
  const chosen = new Set<number>();
  for (const part of parts) {
    const [from = '', to = from, ...more] = part.split('..');
    const [first, last] = [order.get(from), order.get(to)];
    if (more.length > 0) return mistake(`“${part}” is not a range; write it as FIRST..LAST.`);
    if (first === undefined) return mistake(`“${from}” is not a day that is known.`);
    if (last === undefined) return mistake(`“${to}” is not a day that is known.`);
    if (first > last) return mistake(`“${part}” ends before it begins.`);
    for (let index = first; index <= last; index += 1) chosen.add(index);
  }
  if (chosen.size > maxDays) return mistake(`At most ${count(maxDays)} days go into one run.`);
  const days = known.filter((_, index) => chosen.has(index)).map(({ day }) => day);
  return { kind: 'days', days };
}

/** The shortest way to write `days`, which are among `known`: neighbours as ranges. */
export function writeDayRange(days: ReadonlySet<string>, known: readonly DayStatus[]): string {
  const parts: string[] = [];
  for (let index = 0; index < known.length; index += 1) {
    const first = known[index]?.day;
    if (first === undefined || !days.has(first)) continue;
    let last = first;
    for (let next = known[index + 1]; next !== undefined && days.has(next.day); ) {
      last = next.day;
      index += 1;
      next = known[index + 1];
    }
    parts.push(first === last ? first : `${first}..${last}`);
  }
  return parts.join(', ');
}

function mistake(sentence: string): DayRange {
  return { kind: 'mistake', sentence };
}
