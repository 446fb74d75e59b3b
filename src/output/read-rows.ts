/** Rows of an output file, as text, with the bytes they take; every rule broken is named with its line. */
import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { DiskFile } from '../disk/disk.js';
import { readRange } from '../disk/whole-files.js';
import type { Day, DayLayout } from '../model/day.js';
import type { AggregateRow } from '../model/row.js';
import { longestOutputRowBytes, outputColumns } from './encode.js';

export interface LocatedRow extends AggregateRow {
  readonly day: Day;
  /** Byte range in the file, line end included. */
  readonly start: number;
  readonly end: number;
}

/** The file is not an output in our form: `message` says where and why. */
export class UnreadableOutput extends Error {
  override readonly name = 'UnreadableOutput';
}

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
  layout: DayLayout,
): AsyncGenerator<LocatedRow> {
  let start = range.offset;
  let line = 1;
  let headerDue = range.header;
  try {
    for await (const { record, info } of records(file, range)) {
      const end = range.offset + info.bytes;
      if (!isBlank(record, end - start)) {
        if (headerDue) checkHeader(record, layout);
        else yield await checkText(file, { ...readRow(record, layout), start, end });
        headerDue = false;
      }
      start = end;
      line = info.lines + 1;
    }
    if (headerDue) throw new RowProblem('it has no header');
  } catch (error) {
    const problem = describe(error, line);
    if (problem === null) throw error;
    throw new UnreadableOutput(problem);
  }
}

function records(file: DiskFile, range: RowRange): AsyncIterable<ParsedRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: longestOutputRowBytes,
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
  if (!row.category.includes('\ufffd')) return row;
  const bytes = Buffer.alloc(row.end - row.start);
  await readRange(file, { offset: row.start, length: bytes.length }, (block, position) => {
    block.copy(bytes, position - row.start);
  });
  if (isUtf8(bytes)) return row;
  throw new RowProblem(`${quote(row.category)} is not UTF-8`);
}

function checkHeader(record: readonly string[], layout: DayLayout): void {
  const wanted = outputColumns(layout);
  if (record.join('\n') !== wanted.join('\n')) {
    throw new RowProblem(`the header is ${quote(record.join(','))}, not ${wanted.join(',')}`);
  }
}

function readRow(
  record: readonly string[],
  layout: DayLayout,
): AggregateRow & { readonly day: Day } {
  if (record.length !== 4) throw new RowProblem(`the row has ${record.length} cells, not 4`);
  const [dayText = '', hourText = '', category = '', itemsText = ''] = record;
  const day = layout.parse(withoutZeros(dayText));
  if (day === null) throw new RowProblem(`${quote(dayText)} is not ${layout.shape}`);
  const hour = Number(hourText);
  if (!/^[0-9]{1,2}$/.test(withoutZeros(hourText)) || hour > 23) {
    throw new RowProblem(`${quote(hourText)} is not an hour from 0 to 23`);
  }
  if (category === '') throw new RowProblem('the category is empty');
  const items = Number(itemsText);
  if (!/^[0-9]+$/.test(withoutZeros(itemsText)) || !Number.isSafeInteger(items)) {
    throw new RowProblem(`${quote(itemsText)} is not a count of items`);
  }
  return { day, hour, category, items };
}

/** Whole numbers may be written as `3.0`, as pandas does. */
export function withoutZeros(text: string): string {
  return text.replace(/^([0-9]+)\.0+$/, '$1');
}

/** Null for what is no fault of the file's contents. */
function describe(error: unknown, line: number): string | null {
  if (error instanceof RowProblem) return `line ${line}: ${error.message}`;
  // The parser fails ahead of the rows that it has still to hand out, so it names its line itself.
  const { code, lines } = error as { readonly code?: unknown; readonly lines?: number };
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return `line ${lines}: a quote is not closed`;
    case 'CSV_MAX_RECORD_SIZE':
      return `line ${lines}: the row is longer than ${longestOutputRowBytes} bytes; perhaps a quote before it is never closed`;
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
