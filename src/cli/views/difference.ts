import type { RunAnswer } from '../../http/schemas/run.js';
import { counted, numeral } from '../words.js';

type RunDayAnswer = RunAnswer['days'][number];

/** What a dry run says of a day: how the output would change. */
export function describeDifference({
  outcome,
  difference,
  reason,
  error,
  rows,
  items,
}: RunDayAnswer): string {
  if (error !== undefined) return error.detail;
  if (difference === undefined) return reason ?? '';
  if (outcome === 'unchanged') return 'none';
  if (outcome === 'added') return `${counted(rows, 'row')}, ${counted(items, 'item')} more`;
  const { rowsAdded, rowsRemoved, rowsChanged, itemsBefore, itemsAfter } = difference;
  const rowCounts = [
    ...(rowsChanged === 0 ? [] : [`${counted(rowsChanged, 'row')} changed`]),
    ...(rowsAdded === 0 ? [] : [`${numeral(rowsAdded)} added`]),
    ...(rowsRemoved === 0 ? [] : [`${numeral(rowsRemoved)} removed`]),
  ];
  return [...rowCounts, `items ${numeral(itemsBefore)} → ${numeral(itemsAfter)}`].join(', ');
}
