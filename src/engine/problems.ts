import type { DayRejection } from '../core/ports/engine.js';
import type { RawProblem, StoppedAt } from '../model/raw-problem.js';

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

export const mostKept = 20;

/** Reading stops after this many problems of a day: more would help nobody, and cost time. */
export const mostProblems = 10_000;

export interface Problems {
  /** The first 20. */
  readonly first: readonly RawProblem[];
  readonly count: number;
  /** Null while there are fewer than `mostProblems`. */
  readonly stoppedAt: StoppedAt | null;
}

/** The problems of a day. Once it is full, it accepts no more, so that reading stops at one place. */
export class ProblemLog implements Problems {
  first: readonly RawProblem[] = [];
  count = 0;
  stoppedAt: StoppedAt | null = null;

  /** Whether the day is not to be read on. */
  get full(): boolean {
    return this.stoppedAt !== null;
  }

  add(problem: RawProblem): void {
    this.addAll({ problems: [problem], count: 1 });
  }

  /** Some problems of one file that has more than are listed. */
  addAll({ problems, count }: Pick<DayRejection, 'problems'> & Pick<Problems, 'count'>): void {
    const [first] = problems;
    if (this.full || first === undefined) return;
    this.count += Math.max(count, problems.length);
    if (this.first.length < mostKept) this.first = [...this.first, ...problems].slice(0, mostKept);
    if (this.count < mostProblems) return;
    this.stoppedAt = { file: first.file, line: first.line };
  }

  /** Goes on where another log is. */
  become({ first, count, stoppedAt }: Problems): void {
    Object.assign(this, { first, count, stoppedAt });
  }
}
