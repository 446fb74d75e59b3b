/** Cells as CSV, in any form that a sound raw file may have. */

export type Cells = readonly (readonly string[])[];

export interface CsvForm {
  readonly lineEnd: string;
  readonly lastLineEnd: boolean;
  readonly mark: boolean;
  /** How many empty lines follow a row; none by default. */
  readonly emptyLines?: (row: number) => number;
  /** Which cells are quoted though they need not be. */
  readonly quoted?: (row: number, column: number) => boolean;
}

export function csvText(
  cells: Cells,
  { lineEnd, lastLineEnd, mark, quoted = () => false, emptyLines = () => 0 }: CsvForm,
): string {
  const write = (cell: string, row: number, column: number) =>
    quoted(row, column) || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = cells.map(
    (row, at) =>
      row.map((cell, column) => write(cell, at, column)).join() + lineEnd.repeat(emptyLines(at)),
  );
  return `${mark ? '\ufeff' : ''}${lines.join(lineEnd)}${lastLineEnd ? lineEnd : ''}`;
}
