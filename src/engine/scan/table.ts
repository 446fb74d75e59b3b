import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import type { EngineJob } from '../../core/ports.js';
import { readHeader } from '../header.js';
import { FileFault } from '../problems.js';
import { longestLineBytes, mostColumns } from './kernel/kernel.js';
import { planTable, type TablePlan } from './table-plan.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface Table {
  readonly plan: TablePlan;
  /** By category as planned. */
  readonly categories: readonly string[];
  /** Where the rows begin in the text. */
  readonly rowsAt: number;
}

export interface OpenedTable extends Table {
  /** The text that was read beyond the header. */
  readonly rest: Uint8Array;
}

type TableJob = Pick<EngineJob, 'day' | 'layout' | 'ignoredColumns'>;

/** Reads the header, and no chunk beyond the one that ends it. Null where it is odd. */
export async function openTable(
  chunks: AsyncIterator<Uint8Array>,
  job: TableJob,
): Promise<OpenedTable | null> {
  let text: Uint8Array = new Uint8Array();
  while (text.length <= longestLineBytes) {
    const { value: chunk, done } = await chunks.next();
    if (done) return opened(text, text.length, job);
    const from = text.length;
    text = from === 0 ? chunk : Buffer.concat([text, chunk]);
    const end = text.indexOf(lineFeed, from);
    if (end !== -1) return opened(text, end, job);
  }
  return null;
}

function opened(text: Uint8Array, headerEnd: number, job: TableJob): OpenedTable | null {
  const ended = headerEnd < text.length;
  const withCr = ended && text[headerEnd - 1] === carriageReturn;
  const names = readNames(text.subarray(0, withCr ? headerEnd - 1 : headerEnd));
  const columns = names === null ? null : readColumns(names, job);
  if (columns === null) return null;
  const rowsAt = ended ? headerEnd + 1 : headerEnd;
  return {
    plan: planTable(columns, job.day),
    categories: columns.categories.map((index) => columns.names[index] as string),
    rowsAt,
    rest: text.subarray(rowsAt),
  };
}

/** Names may be quoted, as long as none goes over several lines. */
function readNames(header: Uint8Array): readonly string[] | null {
  if (!isUtf8(header) || header.includes(0) || header.includes(carriageReturn)) return null;
  // Decoding leaves out a byte order mark.
  const text = new TextDecoder().decode(header);
  try {
    const [names] = parse(text, { record_delimiter: '\n' });
    return names === undefined || names.length > mostColumns ? null : names;
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

function readColumns(names: readonly string[], job: TableJob) {
  try {
    return readHeader(names, '', job);
  } catch (error) {
    if (error instanceof FileFault) return null;
    throw error;
  }
}
