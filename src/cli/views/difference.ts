import { rowChanges } from '../../client/difference.js';
import type { RunDay } from '../../client/types.js';
import { countOf } from '../../client/words.js';
import { formatTotals } from '../../model/totals.js';
import { numeral } from '../words.js';

/** How the output would change for a day, from a dry run. */
export function describeDifference(day: RunDay): string {
  const { outcome, difference, reason, error, rows, totals } = day;
  if (error !== undefined) return error.detail;
  if (difference === undefined) return reason ?? '';
  if (outcome === 'unchanged') return 'none';
  if (outcome === 'added') return `${countOf(rows, 'row')} more, ${formatTotals(totals)}`;
  const { totalsBefore, totalsAfter } = difference;
  const sums = Object.entries(totalsAfter).map(
    ([name, total]) => `${name} ${numeral(totalsBefore[name] ?? 0)} → ${numeral(total)}`,
  );
  return [...rowChanges(difference), ...sums].join(', ');
}
