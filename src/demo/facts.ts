/** What the story compares, picked out of the service's answers. */

import type { DaysAnswer } from '../http/schemas/days.js';
import type { ProblemBody } from '../http/schemas/problem.js';
import type { RunAnswer } from '../http/schemas/run.js';
import type { RawProblem } from '../model/raw-problem.js';
import { sumOf, type Total } from '../model/total.js';

export interface FailureFacts {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly message: string;
  /** Undefined where the service did not say. */
  readonly place: Pick<RawProblem, 'file' | 'line' | 'column' | 'value'> | undefined;
}

type RunDays = Pick<RunAnswer, 'days'>;

/** By day. */
export function outcomesOf({ days }: RunDays): Record<string, string> {
  return Object.fromEntries(days.map(({ day, outcome }) => [day, outcome]));
}

/** By day. */
export function statesOf({
  days,
}: {
  readonly days: readonly { readonly day: string; readonly state: string }[];
}): Record<string, string> {
  return Object.fromEntries(days.map(({ day, state }) => [day, state]));
}

/** The different values of a record, such as `['replaced']` where that became of every day. */
export function kindsIn(record: Readonly<Record<string, string>>): string[] {
  return [...new Set(Object.values(record))];
}

export function totalItems({ days }: DaysAnswer): Total {
  return sumOf(days.map(({ output }) => output?.items ?? 0));
}

/** What a failed run says of the first bad cell. */
export function factsOfFailure({ run }: ProblemBody): FailureFacts {
  const error = run?.days.find(({ outcome }) => outcome === 'failed')?.error;
  const first = error?.problems[0];
  return {
    outcomes: outcomesOf(run ?? { days: [] }),
    message: first?.message ?? 'no reason was given',
    place: first && {
      file: first.file,
      line: first.line,
      column: first.column,
      value: first.value,
    },
  };
}
