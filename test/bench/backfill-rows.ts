/** Many small days in one run as rows of a table: in the terminal and on the page. */
import { duration, times } from './figures.js';
import type { BackfillOfFormat } from './results.js';

export const formatNames = { csv: 'CSV', parquet: 'Parquet' } as const;

export function backfillRows(formats: readonly BackfillOfFormat[]): string[][] {
  return formats.flatMap(({ format, firstRun, nextRun }) =>
    (
      [
        ['first run of a new service', firstRun],
        ['next runs', nextRun],
      ] as const
    ).map(([what, { oneDay, allDays }]) => [
      `${formatNames[format]}, ${what}`,
      duration(oneDay.median),
      duration(allDays.median),
      times(allDays.median / oneDay.median),
    ]),
  );
}
