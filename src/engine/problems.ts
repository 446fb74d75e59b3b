import type { RawProblem } from '../core/ports.js';

/** A cell can hold a mebibyte; a message to people should not. */
const mostShown = 100;

export interface ProblemPlace {
  readonly line?: number;
  readonly column?: string;
  readonly value?: string;
}

export function problemIn(file: string, message: string, place: ProblemPlace = {}): RawProblem {
  const { line, column, value } = place;
  return {
    file,
    line: line ?? null,
    column: column === undefined ? null : shorten(column),
    value: value === undefined ? null : shorten(value),
    message,
  };
}

/** Cut to what fits a message, never through a surrogate pair. */
export function shorten(text: string): string {
  if (text.length <= mostShown) return text;
  return `${text.slice(0, mostShown).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Ends the reading of a file: nothing after it can be trusted. */
export class FileFault extends Error {
  override readonly name = 'FileFault';

  constructor(
    readonly problems: readonly RawProblem[],
    cause?: unknown,
  ) {
    super(problems[0]?.message, { cause });
  }
}

const mostKept = 20;

/** The problems of a day: the first 20, and how many in all. */
export class ProblemLog {
  readonly first: RawProblem[] = [];
  count = 0;

  /** Some problems of more than are told one by one. */
  addAll({
    problems,
    count,
  }: {
    readonly problems: readonly RawProblem[];
    readonly count: number;
  }): void {
    const before = this.count;
    for (const problem of problems) this.add(problem);
    this.count = before + Math.max(count, problems.length);
  }

  add(problem: RawProblem): void {
    this.count += 1;
    if (this.first.length < mostKept) this.first.push(problem);
  }
}
