export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many values there were. */
  readonly rounds: number;
}

/** Throws where there are no values. */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new RangeError('nothing was measured');
  return { median: median(sorted), min, max, rounds: sorted.length };
}

function median(sorted: readonly number[]): number {
  const upper = sorted[sorted.length >> 1] as number;
  const lower = sorted[(sorted.length - 1) >> 1] as number;
  return (lower + upper) / 2;
}
