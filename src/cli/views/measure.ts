/** The measure that tables of days show, under its own name; without a measure there is no column. */
import type { Totals } from '../../model/totals.js';
import type { Column } from '../table.js';
import { numeral } from '../words.js';

export function measureColumn(measure: string | null): Column[] {
  return measure === null ? [] : [{ title: measure, align: 'right' }];
}

export function measureCell(measure: string | null, totals: Totals | null | undefined): string[] {
  return measure === null ? [] : [numeral(totals?.[measure])];
}
