/** What can be computed of columns: which measures are in use at first, and which stand beside them as comments. */

import { countOf } from '../client/words.js';
import type { Choice, Judged } from './judged-column.js';

/** Names that a column of the output can have. */
export const fitName = /^(?=.*\S)[^\p{Cc}\u2028\u2029]+$/u;

export function measuresOf(judged: readonly Judged[], names: Set<string>): Choice[] {
  const rows = freeName('rows', new Set([...names, ...judged.map(({ column }) => column.name)]));
  names.add(rows);
  const count: Choice = { isActive: true, name: rows, expression: 'count()', why: 'how many rows' };
  const found = judged
    .flatMap((each) => measuresFor(each))
    .filter(({ name }) => fitName.test(name));
  return [count, ...found.map((each) => ({ ...each, name: takeName(each, names) }))];
}

function takeName({ name, isActive }: Choice, names: Set<string>): string {
  const free = freeName(name, names);
  if (isActive) names.add(free);
  return free;
}

function measuresFor({ use, column: { name, type, nullable } }: Judged): Choice[] {
  const of = argument(name);
  const choice = (label: string, expression: string, why: string): Choice => ({
    ...{ isActive: false, name: label, expression, why },
  });
  const extremes = [
    choice(`least_${name}`, `min(${of})`, 'the least'),
    choice(`most_${name}`, `max(${of})`, 'the greatest'),
  ];
  const known = nullable
    ? [choice(`known_${name}`, `count(${of})`, 'cells that are not empty')]
    : [];
  const scale = type.kind === 'decimal' ? type.scale : 2;
  const mean = choice(
    `mean_${name}`,
    `avg(${of}, ${scale})`,
    `rounded to ${countOf(scale, 'digit')}`,
  );
  switch (use) {
    case 'sum':
      return [
        { ...choice(name, `sum(${of})`, 'an amount'), isActive: true },
        mean,
        ...extremes,
        ...known,
      ];
    case 'level':
      return [
        mean,
        ...extremes,
        choice(name, `sum(${of})`, 'if adding it up means something'),
        ...known,
      ];
    case 'identifier':
    case 'text':
      return [choice(`different_${name}`, `distinct(${of})`, 'how many different ones')];
    case 'time':
    case 'date':
      return extremes;
    default:
      return [];
  }
}

/** A column's name within an expression. */
export function argument(name: string): string {
  return /^[^\s()",:]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  while (taken.has(free)) free += '_';
  return free;
}
