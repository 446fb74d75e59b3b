import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { usualCsv } from '../model/columns-definition.js';
import type { RowForm } from './csv/row-parser.js';
import { FileFault } from './problems.js';
import { longestLineBytes, mostColumns } from './scan/kernel/kernel.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from('\ufeff');

/** The header of a file, if it is not odd. */
export interface HeaderLine<Header> {
  /** As in the file, without byte order mark and line end. */
  readonly text: string;
  readonly columns: Header;
  /** Of the byte order mark, where there is one. */
  readonly markBytes: number;
  /** Where the rows begin in the file. */
  readonly rowsAt: number;
  /** What was read beyond the header. */
  readonly rest: Uint8Array;
}

/** Makes columns of the names of a header; throws FileFault if they cannot be used. */
export type ReadNames<Header> = (names: readonly string[]) => Header;

/**
 * Reads the header of a text, and no chunk beyond the one that ends it. Null if it is odd: faulty, on several lines,
 * or after an empty line or several byte order marks. The reference then handles it.
 */
export async function readHeaderLine<Header>(
  chunks: AsyncIterator<Uint8Array>,
  read: ReadNames<Header>,
  form: RowForm = usualCsv,
): Promise<HeaderLine<Header> | null> {
  let text: Uint8Array = new Uint8Array();
  while (text.length <= longestLineBytes) {
    const { value: chunk, done } = await chunks.next();
    if (done) return headerIn(text, text.length, read, form);
    const from = text.length;
    text = from === 0 ? chunk : Buffer.concat([text, chunk]);
    const end = text.indexOf(lineFeed, from);
    if (end !== -1) return headerIn(text, end, read, form);
  }
  return null;
}

function headerIn<Header>(
  bytes: Uint8Array,
  headerEnd: number,
  read: ReadNames<Header>,
  form: RowForm,
): HeaderLine<Header> | null {
  const ended = headerEnd < bytes.length;
  const withCr = ended && bytes[headerEnd - 1] === carriageReturn;
  const header = bytes.subarray(0, withCr ? headerEnd - 1 : headerEnd);
  if (!isUtf8(header) || header.includes(0) || header.includes(carriageReturn)) return null;
  // Decoding leaves out a byte order mark.
  const text = new TextDecoder().decode(header);
  if (text.startsWith('\ufeff')) return null;
  const names = readNames(text, form);
  const columns = names === null ? null : readColumns(names, read);
  if (columns === null) return null;
  const rowsAt = ended ? headerEnd + 1 : headerEnd;
  return { text, columns, markBytes: markBytesOf(header), rowsAt, rest: bytes.subarray(rowsAt) };
}

/** Names may be quoted, as long as none goes over several lines. */
function readNames(text: string, { delimiter, quote }: RowForm): readonly string[] | null {
  try {
    const form = { delimiter, quote, escape: quote, record_delimiter: '\n' };
    const [names] = parse(text, form);
    return names === undefined || names.length > mostColumns ? null : names;
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

function readColumns<Header>(names: readonly string[], read: ReadNames<Header>): Header | null {
  try {
    return read(names);
  } catch (error) {
    if (error instanceof FileFault) return null;
    throw error;
  }
}

function markBytesOf(header: Uint8Array): number {
  return byteOrderMark.every((byte, index) => header[index] === byte) ? byteOrderMark.length : 0;
}
