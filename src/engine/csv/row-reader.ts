import type { WideJob } from '../../core/ports/engine.js';
import type { Range } from '../../model/column.js';
import { bucketWith } from '../buckets.js';
import { type Columns, categoriesOf, readHeader } from '../header.js';
import { type ProblemLog, problemIn } from '../problems.js';
import type { Tally } from '../tally.js';
import { byReader, isDay, parseCount } from './cells.js';

/** What is wrong with a cell, in words. */
export const cellMessages = {
  day: (day: string) => `it must be ${day}, the day of its folder`,
  by: ({ least, most }: Range) => `it must be an integer from ${least} to ${most}`,
  number: 'it must be a count: a non-negative integer',
  large: 'the number is larger than 2^53 − 1',
  sum: 'with it the sum exceeds 2^53 − 1',
} as const;

/** Reads the rows of one file into the day's tally, and their problems into the day's log. */
export class RowReader {
  /** Data rows read so far. */
  rows = 0;
  #columns: Columns | null = null;
  /** The tally's sums by column index, looked up once per file and category. */
  readonly #sums: (Float64Array | undefined)[] = [];
  readonly #readBy: readonly ((text: string) => number | null)[];

  constructor(
    readonly file: string,
    readonly job: Pick<WideJob, 'day' | 'definition'>,
    readonly tally: Tally,
    readonly log: ProblemLog,
  ) {
    this.#readBy = job.definition.by.map(byReader);
  }

  /** The first row is the header. Throws FileFault if it cannot be used. Once the log is full, nothing more is
   * counted. */
  read(cells: readonly string[], line: number): void {
    if (this.log.full) return;
    if (this.#columns === null)
      this.#columns = readHeader(cells, this.file, this.job.definition, line);
    else this.#readRow(this.#columns, cells, line);
  }

  columnName(index: number): string | undefined {
    return this.#columns?.names[index];
  }

  /** The category columns of the header; null where no usable one was read. */
  get categories(): readonly string[] | null {
    const columns = this.#columns;
    return columns && categoriesOf(columns);
  }

  #readRow(columns: Columns, cells: readonly string[], line: number): void {
    if (cells.length !== columns.names.length) {
      const misshapen = shapeProblem(cells.length, columns.names.length);
      this.log.add(problemIn(this.file, misshapen, { line }));
      return;
    }
    this.rows += 1;
    this.tally.records += 1;
    this.#checkDay(columns, cells, line);
    this.#addCounts(columns, cells, line, this.#bucketOf(columns, cells, line));
  }

  #checkDay({ day }: Columns, cells: readonly string[], line: number): void {
    if (day !== null && !isDay(cells[day] as string, this.job.day, this.job.definition.dayKind)) {
      this.#complain(cellMessages.day(this.job.day), cells, day, line);
    }
  }

  #bucketOf({ by }: Columns, cells: readonly string[], line: number): number | null {
    let bucket: number | null = 0;
    for (let index = 0; index < by.length; index += 1) {
      const at = by[index] as number;
      const range = this.job.definition.by[index] as Range;
      const value = this.#readBy[index]?.(cells[at] as string) ?? null;
      if (value === null) this.#complain(cellMessages.by(range), cells, at, line);
      bucket = bucket === null || value === null ? null : bucketWith(bucket, range, value);
    }
    return bucket;
  }

  /** The inner loop: most cells are 0, and return immediately. */
  #addCounts(
    { categories, names }: Columns,
    cells: readonly string[],
    line: number,
    bucket: number | null,
  ): void {
    for (const index of categories) {
      const cell = cells[index] as string;
      if (cell === '0' || cell === '') continue;
      const count = parseCount(cell);
      if (count === null) {
        this.#complain(cellMessages.number, cells, index, line);
      } else if (!Number.isSafeInteger(count)) {
        this.#complain(cellMessages.large, cells, index, line);
      } else if (bucket !== null && count > 0) {
        this.#sums[index] ??= this.tally.sumsOf(names[index] as string);
        const added = addSafely(this.#sums[index], bucket, count);
        if (!added) this.#complain(cellMessages.sum, cells, index, line);
      }
    }
  }

  #complain(message: string, cells: readonly string[], index: number, line: number): void {
    const place = { line, column: this.columnName(index) as string, value: cells[index] as string };
    this.log.add(problemIn(this.file, message, place));
  }
}

export function shapeProblem(cells: number, columns: number): string {
  return `the row has ${cells} ${cells === 1 ? 'cell' : 'cells'}, the header ${columns}`;
}

/** Returns false, and adds nothing, if the sum would no longer be exact. */
function addSafely(sums: Float64Array, bucket: number, count: number): boolean {
  const sum = (sums[bucket] as number) + count;
  if (!Number.isSafeInteger(sum)) return false;
  sums[bucket] = sum;
  return true;
}
