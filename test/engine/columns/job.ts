/** Jobs of `columns` over files written for a test. */
import type { RawFile } from '../../../src/core/ports/raw.js';
import type { ColumnsDay, ColumnsJob } from '../../../src/engine/csv/columns/aggregate-columns.js';
import type { ColumnsDefinition, ColumnsSource } from '../../../src/model/columns-definition.js';
import type { Day } from '../../../src/model/day.js';
import { readColumnsDefinition } from '../../../src/model/read-columns-definition.js';

/** Columns, keys and measures as pairs with a colon; the rest is as usual. */
export interface ShortSource extends Omit<Partial<ColumnsSource>, 'columns' | 'measures'> {
  readonly columns: Readonly<Record<string, string>>;
  readonly measures: Readonly<Record<string, string>>;
}

export function definitionOf({ columns, measures, ...rest }: ShortSource): ColumnsDefinition {
  const read = readColumnsDefinition({
    dayKind: 'date',
    by: [],
    columns: Object.entries(columns),
    measures: Object.entries(measures),
    ...rest,
  });
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes, null, 2));
  return read.definition;
}

export type ColumnsJobOptions = Partial<Pick<ColumnsJob, 'complete' | 'signal' | 'onBytes'>> & {
  readonly day?: string;
};

export function columnsJob(
  files: readonly RawFile[],
  definition: ColumnsDefinition,
  { day, ...options }: ColumnsJobOptions = {},
): ColumnsJob {
  const usualDay = definition.dayKind === 'date' ? '2026-11-23' : '3';
  return {
    ...{ day: (day ?? usualDay) as Day, files, definition },
    ...{ complete: false, signal: new AbortController().signal, ...options },
  };
}

/** Key and values of each row in one line; an empty cell is nothing. */
export function linesOf(day: ColumnsDay): string[] {
  if (day.kind === 'rejected') throw new Error(JSON.stringify(day.problems, null, 2));
  return day.rows.map(({ key, values }) => `${key.join()}: ${values.join()}`);
}
