import type { DayStatus } from '../../client/types.js';

/** Distinguishes a day that failed from one that has just arrived. */
export function describeWhy({
  reason,
  lastError,
}: Pick<DayStatus, 'reason' | 'lastError'>): string {
  return lastError === null ? reason : `${reason}; the last run failed on it: ${lastError.detail}`;
}
