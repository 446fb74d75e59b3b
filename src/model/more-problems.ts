import type { DayError } from './run.js';
import { formatTotal } from './total.js';

/** Describes the problems of a day beyond those `shown`; null if there are none. */
export function moreProblems(
  { problemCount, stoppedAt }: Pick<DayError, 'problemCount' | 'stoppedAt'>,
  shown: number,
): string | null {
  if (problemCount <= shown) return null;
  const more = `${formatTotal(problemCount - shown)} more`;
  if (stoppedAt === undefined) return more;
  const { file, line } = stoppedAt;
  return `at least ${more}; reading stopped at ${line === null ? '' : `line ${line} of `}${file}`;
}
