import { type CsvError, type Info, Parser } from 'csv-parse';
import { type CsvForm, usualCsv } from '../../model/columns-definition.js';
import { FileFault, problemIn } from '../problems.js';

/** Called for each row, with the physical line on which it begins. Blank lines are not rows. */
export type OnRow = (cells: readonly string[], line: number) => void;

export interface RowParser {
  /** Calls `onRow` for each row that `bytes` complete. Throws FileFault, or what `onRow` throws. */
  write(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
  /**
   * Ends a file that goes wrong in the row beginning on `line`: the rows before it count, but it does not. Returns the
   * first fault: `fault`, or one that csv-parse had not reported yet.
   */
  cut(line: number, fault: FileFault): Promise<FileFault>;
}

/** A name for a column by its index, where the header is known. */
export type ColumnName = (index: number) => string | undefined;

/** How cells are kept apart. */
export type RowForm = Pick<CsvForm, 'delimiter' | 'quote'>;

/** csv-parse as a sink. Rows are handed over while it parses, so none is ever queued. */
export function createRowParser(
  file: string,
  onRow: OnRow,
  columnName: ColumnName,
  { delimiter, quote }: RowForm = usualCsv,
): RowParser {
  let nextLine = 1;
  let parsedLines = 0;
  let skippedLines = 0;
  let cutLine = Number.POSITIVE_INFINITY;
  let failed = false;

  const parser = new Parser({
    bom: false,
    delimiter,
    quote,
    escape: quote,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (cells: readonly string[], { lines, empty_lines }) => {
      // csv-parse creates an error, with a stack and copies of all cells, for each row that is not as wide as the
      // first, even in relaxed mode. Before the first row it has no width to compare with.
      info.records = 0;
      const skipped = empty_lines - skippedLines;
      const line = nextLine + skipped;
      nextLine = line + (lines - parsedLines - skipped === 1 ? 1 : 1 + lineFeedsIn(cells));
      parsedLines = lines;
      skippedLines = empty_lines;
      if (line < cutLine) onRow(cells, line);
      return null;
    },
  });
  const info: { records: number } = parser.info;
  // The callbacks of write and end carry every error; the event would end the process.
  parser.on('error', () => undefined);

  const settle = (start: (done: (error?: Error | null) => void) => unknown) =>
    new Promise<void>((resolve, reject) => {
      start((error) => (error ? reject(error) : resolve()));
    }).catch((error) => {
      failed = true;
      const skipped = ((error as Partial<Info>).empty_lines ?? skippedLines) - skippedLines;
      throw inWords(error, file, nextLine + skipped, columnName);
    });

  const end = () => settle((done) => parser.end(done));
  return {
    write: (bytes) => settle((done) => parser.write(bytes, done)),
    end,
    cut: async (line, fault) => {
      if (failed) return fault;
      cutLine = line;
      try {
        await end();
      } catch (error) {
        if (!(error instanceof FileFault)) throw error;
        // A quote that is open where the file was cut may well have been closed further on.
        if (!isOpenQuote(error.cause)) return error;
      }
      return fault;
    },
  };
}

/**
 * csv-parse counts a quoted CRLF as two lines, so its count of lines is used only to see that a row has no
 * quoted line end at all.
 */
function lineFeedsIn(cells: readonly string[]): number {
  return cells.reduce((count, cell) => count + cell.split('\n').length - 1, 0);
}

const openQuote = 'CSV_QUOTE_NOT_CLOSED';

const messages: Readonly<Record<string, string>> = {
  [openQuote]: 'a quote in this row is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote; a quote inside quotes is written twice',
  INVALID_OPENING_QUOTE: 'a quote stands inside a field that is not quoted; quote the whole field',
};

function isOpenQuote(error: unknown): boolean {
  return (error as CsvError | undefined)?.code === openQuote;
}

/** Errors of csv-parse in our words; any other comes from `onRow` and passes as it is. */
function inWords(error: unknown, file: string, line: number, columnName: ColumnName): unknown {
  const { code, column } = error as { code?: string; column?: unknown };
  const message = messages[code ?? ''];
  if (message === undefined) return error;
  const name = typeof column === 'number' ? columnName(column) : undefined;
  const place = name === undefined ? { line } : { line, column: name };
  return new FileFault([problemIn(file, message, place)], error);
}
