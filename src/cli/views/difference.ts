import { rowChanges } from '../../client/difference.js';
import type { RunDay } from '../../client/types.js';
import { countOf } from '../../client/words.js';
import { numeral } from '../words.js';

/** What a dry run says of a day: how the output would change. */
export function describeDifference(day: RunDay): string {
  const { outcome, difference, reason, error, rows, items } = day;
  if (error !== undefined) return error.detail;
  if (difference === undefined) return reason ?? '';
  if (outcome === 'unchanged') return 'none';
  if (outcome === 'added') return `${countOf(rows, 'row')}, ${countOf(items, 'item')} more`;
  const { itemsBefore, itemsAfter } = difference;
  const sums = `items ${numeral(itemsBefore)} → ${numeral(itemsAfter)}`;
  return [...rowChanges(difference), sums].join(', ');
}
