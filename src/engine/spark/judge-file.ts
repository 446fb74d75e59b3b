/** Decides whether Spark's result for a file can be accepted; nothing else does. */

import { expectedOf } from '../../model/cell-of.js';
import type { Column, Range } from '../../model/column.js';
import { bucketsOf, type OwnDefinition } from '../../model/definition.js';
import type { RawProblem } from '../../model/raw-problem.js';
import { emptyCell } from '../csv/columns/row-reader.js';
import { cellMessages } from '../csv/row-reader.js';
import { isBomb } from '../gunzip.js';
import { problemIn } from '../problems.js';
import type { FileSums } from '../tally.js';
import type { TextSize } from '../text-meter.js';
import type { PlannedFile, WidePlanned } from './plan.js';
import type { CellKind, LineMark, SeenFile } from './results.js';

/** Of a file in which nothing is odd. Spark counts each line with a line end of one byte, be there one or not. */
export function textOf({ expected, file, markBytes }: PlannedFile, seen: SeenFile): TextSize {
  const spelled = seen.plainBytes + markBytes;
  const endsWithLineFeed =
    expected.kind === 'exact'
      ? expected.bytes + markBytes === file.sizeBytes
      : spelled % 2 ** 32 === expected.bytes;
  return { textBytes: endsWithLineFeed ? spelled : spelled - 1, endsWithLineFeed };
}

/** The sums of the file; null if anything is odd. */
export function sumsOf(planned: WidePlanned, seen: SeenFile): FileSums | null {
  if (!isOrdinary(planned, seen)) return null;
  const { categories, names } = planned.columns;
  const placeOf = new Map(categories.map((column, place) => [column, place]));
  const sums = new Float64Array(bucketsOf(planned.definition) * categories.length);
  for (const [bucket, column, sum] of seen.sums) {
    if (sum === null) return null;
    sums[bucket * categories.length + (placeOf.get(column) as number)] = sum;
  }
  return {
    records: seen.lines.row ?? 0,
    categories: categories.map((column) => names[column] as string),
    sums,
  };
}

const ordinaryMarks: ReadonlySet<string> = new Set<LineMark>(['header', 'row', 'blank']);

/** Whether Spark read the whole file, and found nothing odd in it. */
export function isOrdinary(
  planned: PlannedFile,
  { lines, badCells, trouble, ...seen }: SeenFile,
): boolean {
  const others = Object.keys(lines).filter((mark) => !ordinaryMarks.has(mark));
  return (
    trouble === null &&
    lines.header === 1 &&
    others.length === 0 &&
    badCells === 0 &&
    hasExpectedText(planned, seen)
  );
}

/** Every byte was seen once. Anything that Hadoop silently skips, or Daymark would refuse, shows up here. */
function hasExpectedText(
  { expected, file, markBytes }: PlannedFile,
  { plainBytes, crLines }: Pick<SeenFile, 'plainBytes' | 'crLines'>,
): boolean {
  if (expected.kind === 'exact') return plainBytes === expected.bytes;
  const textBytes = plainBytes + markBytes;
  const ended = textBytes % 2 ** 32 === expected.bytes;
  // Of a last line without a line end it is not known whether it was the one that ends with CR.
  const unended = (textBytes - 1) % 2 ** 32 === expected.bytes && crLines === 0;
  return (ended || unended) && !isBomb(textBytes, file.sizeBytes);
}

// ---------------------------------------------------------------- files that are too large to be read again

export interface Complaint {
  readonly problems: readonly RawProblem[];
  /** How many in all, as far as Spark can tell. */
  readonly count: number;
}

/** What Spark itself can say against a file that is odd: columns and values, but no lines. */
export function complaintOf(planned: PlannedFile, seen: SeenFile, day: string): Complaint {
  const cells = seen.examples.map(({ column, kind, value }) =>
    problemIn(planned.file.name, messageOf(planned, kind, column, day), {
      column: planned.columns.names[column] as string,
      ...(value === null ? {} : { value }),
    }),
  );
  const rows = Object.entries(rowMessages).flatMap(([mark, message]) => {
    const count = seen.lines[mark as LineMark] ?? 0;
    return count === 0
      ? []
      : [
          {
            count,
            problem: problemIn(planned.file.name, told(count, message(advice[planned.kind]))),
          },
        ];
  });
  const sums = seen.sums.flatMap(([, column, sum]) => {
    const place = { column: planned.columns.names[column] as string };
    return sum === null ? [problemIn(planned.file.name, cellMessages.sum, place)] : [];
  });
  const count = seen.badCells + sums.length + rows.reduce((sum, row) => sum + row.count, 0);
  const problems = [...rows.map(({ problem }) => problem), ...cells, ...sums];
  return count > 0 ? { problems, count } : { problems: [unreadable(planned)], count: 1 };
}

function messageOf(planned: PlannedFile, kind: CellKind, column: number, day: string): string {
  switch (kind) {
    case 'day':
      return cellMessages.day(day);
    case 'empty':
      return emptyCell;
    case 'type':
      return typeMessage(planned, column);
    case 'by':
      return byMessage(planned as WidePlanned, column);
    default:
      return cellMessages[kind];
  }
}

function byMessage({ definition, columns }: WidePlanned, column: number): string {
  return cellMessages.by(definition.by[columns.by.indexOf(column)] as Range);
}

function typeMessage({ definition, columns: { names } }: PlannedFile, column: number): string {
  const columns = definition.kind === 'columns' ? definition.columns : [];
  const declared = columns.find(({ name }) => name === names[column]) as Column;
  return `it must be ${expectedOf(declared.type)}`;
}

/** Of a file whose header already is odd. */
export function headerComplaint(file: string, kind: OwnDefinition['kind']): RawProblem {
  const what =
    'Spark cannot read this file: its header is faulty, or goes over several lines, or its name does not end with .gz in lower case';
  return problemIn(file, `${what}; ${advice[kind]}`, { line: 1 });
}

export const advice: Readonly<Record<OwnDefinition['kind'], string>> = {
  wide: 'read it with the engine scan, or set DAYMARK_SPARK_EXPLAIN_UP_TO_BYTES above its size, to learn more',
  columns:
    'read its day with the engine csv, or set DAYMARK_SPARK_EXPLAIN_UP_TO_BYTES above the size of the day, to learn more',
};

const rowMessages: Readonly<Partial<Record<LineMark, (advice: string) => string>>> = {
  cells: () => 'rows with another number of cells than the header',
  nul: () => 'lines with a NUL byte',
  utf8: () => 'lines that are not valid UTF-8',
  long: () => 'lines longer than 1 MiB',
  quote: (more) =>
    `lines with quotes that are not closed in the same line, which Spark cannot read; ${more}`,
  cr: (more) => `lines with a CR that is not part of their line end; ${more}`,
};

function told(count: number, message: string): string {
  return `${count.toLocaleString('en')} ${message}`;
}

function unreadable({ file, kind }: PlannedFile): RawProblem {
  return problemIn(file.name, `Spark cannot tell whether it read this file whole; ${advice[kind]}`);
}
