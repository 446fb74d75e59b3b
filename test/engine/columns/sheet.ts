/** Cells as a text file, whose delimiter and quote may be any. */
import type { Random } from '../../../src/sample/random.js';

export interface SheetForm {
  readonly delimiter: string;
  readonly quote: string;
  readonly lineEnd: string;
  readonly lastLineEnd: boolean;
  readonly mark: boolean;
  readonly quoteAll: boolean;
  /** By what it is decided whether a blank line follows; null for none. */
  readonly blankLines: Random | null;
}

export interface Sheet {
  readonly cells: readonly (readonly string[])[];
  readonly form: SheetForm;
  readonly text: string;
  /** The physical line on which each row begins. */
  readonly lines: readonly number[];
}

export function writeSheet(cells: Sheet['cells'], form: SheetForm): Sheet {
  const { delimiter, lineEnd, lastLineEnd, mark, blankLines } = form;
  const lines: number[] = [];
  let text = '';
  let line = 1;
  for (const [at, row] of cells.entries()) {
    const isLast = at === cells.length - 1;
    lines.push(line);
    const blank = blankLines?.below(5) === 0 ? 1 : 0;
    const written = row.map((cell) => writeCell(cell, row.length, form)).join(delimiter);
    const ended = `${written}${isLast && !lastLineEnd ? '' : lineEnd.repeat(1 + blank)}`;
    line += ended.split('\n').length - 1;
    text += ended;
  }
  return { cells, form, text: `${mark ? '\ufeff' : ''}${text}`, lines };
}

/** With one cell of a row in another's place. */
export function withCell(sheet: Sheet, row: number, column: number, cell: string): Sheet {
  const cells = sheet.cells.map((each, at) => (at === row ? each.with(column, cell) : each));
  return writeSheet(cells, { ...sheet.form, blankLines: null });
}

/** The empty cell of a row of one would be a blank line. */
function writeCell(cell: string, width: number, { delimiter, quote, quoteAll }: SheetForm): string {
  const isOdd = /[\r\n]/.test(cell) || cell.includes(delimiter) || cell.includes(quote);
  const isQuoted = quoteAll || isOdd || (cell === '' && width === 1);
  return isQuoted ? `${quote}${cell.replaceAll(quote, quote + quote)}${quote}` : cell;
}
