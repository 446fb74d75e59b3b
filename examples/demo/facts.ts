/** What the story compares, picked out of the service's answers. */
import type { DayStatus, Days, ProblemBody, Run } from '#daymark/client/types.js';
import type { RawProblem } from '#daymark/model/raw-problem.js';
import { sumOf, type Total } from '#daymark/model/total.js';

/** By day. */
export function outcomesOf({ days }: Pick<Run, 'days'>): Record<string, string> {
  return Object.fromEntries(days.map(({ day, outcome }) => [day, outcome]));
}

type StatesOfDays = readonly { readonly day: string; readonly state: string }[];

/** By day. */
export function statesOf({ days }: { readonly days: StatesOfDays }): Record<string, string> {
  return Object.fromEntries(days.map(({ day, state }) => [day, state]));
}

/** The different values of a record, such as `['replaced']` where that became of every day. */
export function kindsIn(record: Readonly<Record<string, string>>): string[] {
  return [...new Set(Object.values(record))];
}

export function itemsOf({ output }: Pick<DayStatus, 'output'>): Total {
  return output?.totals['items_count'] ?? 0;
}

export function totalItems({ days }: Days): Total {
  return sumOf(days.map(itemsOf));
}

/** The first bad cell that a failed run tells of. */
export function badCellIn({ run }: ProblemBody): RawProblem {
  const error = run?.days.find(({ outcome }) => outcome === 'failed')?.error;
  const [first = { file: '', line: null, column: null, value: null, message: 'no reason' }] =
    error?.problems ?? [];
  return first;
}
