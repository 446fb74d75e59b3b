/** Rows of an output file, as text, with the bytes they take; every rule broken is named with its line. */
import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { DiskFile } from '../disk/disk.js';
import { readRange } from '../disk/whole-files.js';
import { type Cell, type Column, namesOf, type OutputShape } from '../model/column.js';
import { layoutOf } from '../model/day.js';
import { describeColumn, readCell, withoutZeros } from '../model/read-cell.js';
import type { OutputRow } from '../model/row.js';
import { longestRowBytesOf } from './encode.js';

export interface LocatedRow extends OutputRow {
  /** Byte range in the file, line end included. */
  readonly start: number;
  readonly end: number;
}

/** The file is not an output in our form: `message` says where and why. */
export class UnreadableOutput extends Error {
  override readonly name = 'UnreadableOutput';
}

/** Its columns have other names. */
export class OtherHeader extends UnreadableOutput {}

interface ParsedRecord {
  readonly record: string[];
  readonly info: { readonly bytes: number; readonly lines: number };
}

export interface RowRange {
  readonly offset: number;
  readonly length: number;
  /** Whether the range begins with the header. */
  readonly header: boolean;
}

/** The rows in a range of `file`. Throws UnreadableOutput, perhaps before all rows that precede the bad one. */
export async function* readRows(
  file: DiskFile,
  range: RowRange,
  shape: OutputShape,
): AsyncGenerator<LocatedRow> {
  const longestBytes = longestRowBytesOf(shape);
  let start = range.offset;
  let line = 1;
  let headerDue = range.header;
  try {
    for await (const { record, info } of records(file, range, longestBytes)) {
      const end = range.offset + info.bytes;
      if (!isBlank(record, end - start)) {
        if (headerDue) checkHeader(record, line, shape);
        else yield await checkText(file, { ...readRow(record, shape), start, end });
        headerDue = false;
      }
      start = end;
      line = info.lines + 1;
    }
    if (headerDue) throw new RowProblem('it has no header');
  } catch (error) {
    const problem = describe(error, line, longestBytes);
    if (problem === null) throw error;
    throw new UnreadableOutput(problem);
  }
}

function records(
  file: DiskFile,
  range: RowRange,
  longestBytes: number,
): AsyncIterable<ParsedRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: longestBytes,
  });
  // The parser hands on whatever ends the pipeline early, so there is nothing left to do at its end.
  pipeline(Readable.from(blocks(file, range)), parser, () => {});
  return parser as AsyncIterable<ParsedRecord>;
}

async function* blocks(file: DiskFile, { offset, length }: RowRange): AsyncGenerator<Buffer> {
  for (let done = 0; done < length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(1 << 16, length - done));
    const count = await file.read(buffer, offset + done);
    if (count === 0) return;
    done += count;
    yield buffer.subarray(0, count);
  }
}

/** Nothing but a line end, of which other readers make nothing either. */
function isBlank(record: readonly string[], sizeBytes: number): boolean {
  return record.length === 1 && record[0] === '' && sizeBytes <= 2;
}

class RowProblem extends Error {}

/** The parser puts U+FFFD in the place of what is no UTF-8; only the bytes tell whether it stood there before. */
async function checkText(file: DiskFile, row: LocatedRow): Promise<LocatedRow> {
  const doubtful = [...row.key, ...row.values].find((cell) => cell?.includes('\ufffd'));
  if (doubtful === undefined || doubtful === null) return row;
  const bytes = Buffer.alloc(row.end - row.start);
  await readRange(file, { offset: row.start, length: bytes.length }, (block, position) => {
    block.copy(bytes, position - row.start);
  });
  if (isUtf8(bytes)) return row;
  throw new RowProblem(`${quote(doubtful)} is not UTF-8`);
}

function checkHeader(record: readonly string[], line: number, shape: OutputShape): void {
  const wanted = namesOf(shape);
  if (record.join('\n') === wanted.join('\n')) return;
  const found = quote(record.join(','));
  throw new OtherHeader(`line ${line}: the header is ${found}, not ${wanted.join(',')}`);
}

function readRow(record: readonly string[], shape: OutputShape): OutputRow {
  const columns = shape.keys.length + shape.measures.length + 1;
  if (record.length !== columns)
    throw new RowProblem(`the row has ${record.length} cells, not ${columns}`);
  const [dayText = '', ...texts] = record;
  const layout = layoutOf(shape.dayKind);
  const day = layout.parse(withoutZeros(dayText));
  if (day === null) throw new RowProblem(`${quote(dayText)} is not ${layout.shape}`);
  const key = shape.keys.map((column, index) => cellOf(column, texts[index] as string));
  const rest = texts.slice(shape.keys.length);
  return {
    day,
    key,
    values: shape.measures.map((column, at) => cellOf(column, rest[at] as string)),
  };
}

function cellOf(column: Column, text: string): Cell {
  const cell = readCell(column, text);
  if (cell !== undefined) return cell;
  const what = text === '' ? 'it is empty, and must be' : `${quote(text)} is not`;
  throw new RowProblem(`column ${quote(column.name)}: ${what} ${describeColumn(column)}`);
}

/** Null for what is no fault of the file's contents. */
function describe(error: unknown, line: number, longestBytes: number): string | null {
  if (error instanceof RowProblem) return `line ${line}: ${error.message}`;
  // The parser fails ahead of the rows that it has still to hand out, so it names its line itself.
  const { code, lines } = error as { readonly code?: unknown; readonly lines?: number };
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return `line ${lines}: a quote is not closed`;
    case 'CSV_MAX_RECORD_SIZE':
      return `line ${lines}: the row is longer than ${longestBytes} bytes; perhaps a quote before it is never closed`;
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return `line ${lines}: a quote stands where none may be`;
    default:
      return null;
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
