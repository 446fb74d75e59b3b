/** Which days of a run are read by one query. Pure. */
import type { ColumnsJob } from '../csv/columns/aggregate-columns.js';

/** About as much as DuckDB reads in the time that a query costs by itself. */
const smallBytes = 4 * 1_048_576;
/** A query over these takes some tenths of a second, and its rows little memory. */
const mostBytes = 32 * 1_048_576;
const mostDays = 500;
/** Of text to compressed data, usually. */
const usualRatio = 8;

/** In the order of the jobs. A large day is alone. */
export function batchesOf(jobs: readonly ColumnsJob[]): ColumnsJob[][] {
  const batches: ColumnsJob[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const job of jobs) {
    const own = textBytesOf(job);
    const batch = batches.at(-1);
    bytes += own;
    const fits = own <= smallBytes && bytes <= mostBytes && (batch?.length ?? 0) < mostDays;
    if (batch !== undefined && fits) {
      batch.push(job);
      continue;
    }
    batches.push([job]);
    // Nothing joins a large one.
    bytes = own <= smallBytes ? own : Number.POSITIVE_INFINITY;
  }
  return batches;
}

function textBytesOf({ files }: ColumnsJob): number {
  return files.reduce(
    (sum, { sizeBytes, form }) => sum + sizeBytes * (form.compression === 'none' ? 1 : usualRatio),
    0,
  );
}
