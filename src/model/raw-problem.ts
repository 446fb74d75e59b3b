/** What is wrong in raw files. */

/**
 * One thing wrong in a raw file. `line` is 1-based and physical, and of a Parquet file the row; null where a file as a
 * whole is wrong.
 */
export interface RawProblem {
  readonly file: string;
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
}

/** Where reading of a day stopped because it had too many problems; there may be more than were counted. */
export interface StoppedAt {
  readonly file: string;
  /** Null if the engine does not know lines. */
  readonly line: number | null;
}

/** Whether it has rows, and no lines. */
function isInRows(file: string): boolean {
  return /\.parquet$/i.test(file);
}

/** `orders_5.csv, line 17, column "oat milk" holds "two": …` */
export function placeOf({ file, line, column, value, message }: RawProblem): string {
  const where = [
    file,
    ...(line === null ? [] : [`${isInRows(file) ? 'row' : 'line'} ${line}`]),
    ...(column === null ? [] : [`column ${JSON.stringify(column)}`]),
  ];
  const found = value === null ? '' : ` holds ${JSON.stringify(value)}`;
  return `${where.join(', ')}${found}: ${message}`;
}
