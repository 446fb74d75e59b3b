/** Files that are wrong for a usual definition, and what is said of them. */
import { aggregateColumns } from '../../../src/engine/csv/columns/aggregate-columns.js';
import { type Contents, writeFiles } from '../job.js';
import { columnsJob, definitionOf, type ShortSource } from './job.js';

export const source: ShortSource = {
  columns: { zone: 'text', fare: 'decimal(6,2)?', seconds: 'integer' },
  by: ['zone'],
  measures: { trips: 'count()', seconds: 'sum(seconds)' },
};

export async function rejection(contents: Contents, of: Partial<ShortSource> = {}) {
  const definition = definitionOf({ ...source, ...of });
  const day = await aggregateColumns(columnsJob(await writeFiles(contents), definition));
  if (day.kind === 'aggregated') throw new Error('the day was accepted');
  return day;
}

export async function problemsOf(text: string | Uint8Array, of: Partial<ShortSource> = {}) {
  return (await rejection({ 'a.csv': text }, of)).problems;
}
