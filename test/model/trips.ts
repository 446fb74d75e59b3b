/** A definition to change, and what is said of it. */
import type { ColumnsSource } from '../../src/model/columns-definition.js';
import { readColumnsDefinition } from '../../src/model/read-columns-definition.js';

export const trips: ColumnsSource = {
  dayKind: 'date',
  columns: [
    ['zone', 'text'],
    ['fare', 'decimal(12,2)?'],
    ['seconds', 'integer'],
    ['picked_up', 'timestamp'],
    ['paid on', 'date?'],
  ],
  by: ['zone', 'hour: hour(picked_up)'],
  measures: [
    ['trips', 'count()'],
    ['paid', 'count(fare)'],
    ['fare', 'sum(fare)'],
    ['seconds', ' sum( seconds ) '],
    ['longest', 'max(seconds)'],
    ['first', 'min("paid on")'],
    ['mean', 'avg(fare, 3)'],
    ['zones', 'distinct(zone)'],
  ],
};

export function definition(change: Partial<ColumnsSource> = {}) {
  const read = readColumnsDefinition({ ...trips, ...change });
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes, null, 2));
  return read.definition;
}

export function mistakes(change: Partial<ColumnsSource>) {
  const read = readColumnsDefinition({ ...trips, ...change });
  return read.kind === 'mistakes' ? read.mistakes : [];
}
