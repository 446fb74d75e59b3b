import type { Cell } from '../../../model/column.js';
import type { RawColumns } from '../../../model/columns-definition.js';
import type { Day, LayoutName } from '../../../model/day.js';
import { FileFault, type ProblemLog, problemIn } from '../../problems.js';
import { isDay } from '../cells.js';
import type { RowSink } from '../csv-file.js';
import { cellMessages, shapeProblem } from '../row-reader.js';
import type { CellPlace } from './accumulators.js';
import { likelyDelimiter, otherDelimiter } from './delimiter.js';
import { type ColumnsHeader, type ReadColumn, readColumnsHeader } from './header.js';

export const emptyCell =
  'it is empty; a ? after the type of this column, under columns of the dataset, would allow that';

/** What the rows of a day go into. */
export interface RowTaker {
  /** Rows read. */
  records: number;
  /** `cells` are of the declared columns, in their order; they are not kept. */
  add(cells: readonly Cell[], place: CellPlace): void;
}

/** Reads the rows of one file into the day's groups, and their problems into the day's log. */
export class ColumnsRowReader implements RowSink {
  /** Data rows read so far. */
  rows = 0;
  #header: ColumnsHeader | null = null;
  readonly #nulls: ReadonlySet<string>;
  readonly #dayKind: LayoutName;
  /** Of the row at hand, in the order in which the columns were declared. */
  readonly #cells: Cell[];

  constructor(
    readonly file: string,
    readonly day: Day,
    readonly definition: RawColumns,
    readonly taker: RowTaker,
    readonly log: ProblemLog,
  ) {
    const { csv, dayKind, columns } = definition;
    this.#nulls = new Set(['', ...csv.nulls]);
    this.#dayKind = dayKind;
    this.#cells = columns.map(() => null);
  }

  /** Once the log is full, nothing more is counted. */
  read(cells: readonly string[], line: number): void {
    if (this.log.full) return;
    if (this.#header === null) {
      this.#header = readColumnsHeader(cells, this.file, this.definition, line);
    } else this.#readRow(this.#header, cells, line);
  }

  columnName(index: number): string | undefined {
    return this.#header?.names[index];
  }

  /** Null where no usable header was read. */
  get undeclared(): readonly string[] | null {
    return this.#header?.undeclared ?? null;
  }

  /** With quoted cells, a wrong delimiter is an error before the header is complete. */
  explain(fault: FileFault): FileFault {
    const [, sign] = /Invalid Closing Quote: got "(.)"/s.exec(String(fault.cause)) ?? [];
    const other =
      this.#header || sign === undefined ? null : likelyDelimiter(sign, this.definition.csv);
    const line = fault.problems[0]?.line;
    if (other === null || line == null) return fault;
    const message = otherDelimiter(other, this.definition.csv, this.file);
    return new FileFault([problemIn(this.file, message, { line })], fault);
  }

  #readRow({ names, read }: ColumnsHeader, row: readonly string[], line: number): void {
    if (row.length !== names.length) {
      this.log.add(problemIn(this.file, shapeProblem(row.length, names.length), { line }));
      return;
    }
    this.rows += 1;
    this.taker.records += 1;
    for (const column of read) {
      const text = row[column.place] as string;
      const message = this.#take(column, text);
      if (message !== null)
        this.log.add(problemIn(this.file, message, { line, column: column.name, value: text }));
    }
    // A day with problems reports nothing else.
    if (this.log.count > 0) return;
    this.taker.add(this.#cells, { file: this.file, line, row: this.taker.records });
  }

  /** Returns what is wrong with the cell. */
  #take({ to, nullable, holdsDay, read, expected }: ReadColumn, text: string): string | null {
    const isEmpty = this.#nulls.has(text);
    const cell = isEmpty ? null : read(text);
    if (holdsDay && cell !== this.day && !isDay(text, this.day, this.#dayKind)) {
      return cellMessages.day(this.day);
    }
    if (cell === null && !(isEmpty && nullable)) return isEmpty ? emptyCell : expected;
    if (to !== -1) this.#cells[to] = cell;
    return null;
  }
}
