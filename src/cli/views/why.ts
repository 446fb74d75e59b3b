import type { DayStatus } from '../../client/types.js';

/** A day that failed is not to be taken for one that has just come. */
export function describeWhy({
  reason,
  lastError,
}: Pick<DayStatus, 'reason' | 'lastError'>): string {
  return lastError === null ? reason : `${reason}; the last run failed on it: ${lastError.detail}`;
}
