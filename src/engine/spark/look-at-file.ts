/** What Daymark must know about a raw file before Spark reads it; needs a few kilobytes of the file. */
import type { EngineJob } from '../../core/ports/engine.js';
import type { RawFile } from '../../core/ports/raw.js';
import { type ColumnsDefinition, usualCsv } from '../../model/columns-definition.js';
import type { OwnDefinition, WideDefinition } from '../../model/definition.js';
import { type ColumnsHeader, readColumnsHeader } from '../csv/columns/header.js';
import { ownDefinition } from '../day-result.js';
import { isBomb } from '../gunzip.js';
import { type Columns, readHeader } from '../header.js';
import { type HeaderLine, readHeaderLine } from '../header-line.js';
import { lookThrough } from '../look-through.js';
import { plainChunks } from '../plain-chunks.js';
import { type OpenRawFile, readEnd } from '../raw-bytes.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** How many bytes of text the lines of the file must add up to, each counted with a line end of one byte. */
export type ExpectedText =
  | { readonly kind: 'exact'; readonly bytes: number }
  /** Of gzip data only the size modulo 2^32 is known: its last four bytes tell. */
  | { readonly kind: 'gzip'; readonly bytes: number };

/** The columns of a file, by the kind of its definition. */
export type KnownColumns =
  | { readonly kind: 'wide'; readonly definition: WideDefinition; readonly columns: Columns }
  | {
      readonly kind: 'columns';
      readonly definition: ColumnsDefinition;
      readonly columns: ColumnsHeader;
    };

export interface FileLook {
  readonly header: Omit<HeaderLine<KnownColumns>, 'rest'>;
  readonly expected: ExpectedText;
}

/** Null if the file is odd or cannot be read. Throws the signal's reason. */
export async function lookAtFile(file: RawFile, job: EngineJob): Promise<FileLook | null> {
  // Hadoop knows gzip data by this ending alone, and takes `.GZ` for text.
  if (isGzip(file) && !file.path.endsWith('.gz')) return null;
  return lookThrough(file, job.signal, (handle) => lookAt(handle, file, job));
}

async function lookAt(
  handle: OpenRawFile,
  file: RawFile,
  job: EngineJob,
): Promise<FileLook | null> {
  const [definition, { signal }] = [ownDefinition(job), job];
  const chunks = plainChunks(handle, file, { signal })[Symbol.asyncIterator]();
  try {
    const form = definition.kind === 'columns' ? definition.csv : usualCsv;
    const header = await readHeaderLine(chunks, (names) => known(names, definition), form);
    if (header === null) return null;
    const expected = await expectedText(handle, file, header.markBytes);
    return expected && { header, expected };
  } finally {
    await chunks.return?.();
  }
}

/** Throws FileFault. */
function known(names: readonly string[], definition: OwnDefinition): KnownColumns {
  return definition.kind === 'columns'
    ? { kind: 'columns', definition, columns: readColumnsHeader(names, '', definition, 1) }
    : { kind: 'wide', definition, columns: readHeader(names, '', definition) };
}

async function expectedText(
  handle: OpenRawFile,
  file: RawFile,
  markBytes: number,
): Promise<ExpectedText | null> {
  const { sizeBytes } = file;
  const end = await readEnd(handle, sizeBytes);
  if (isGzip(file)) {
    const bytes = end.readUInt32LE();
    return isBomb(bytes, sizeBytes) ? null : { kind: 'gzip', bytes };
  }
  const last = end.at(-1);
  // With an LF behind it, or without: Spark could not tell.
  if (last === carriageReturn) return null;
  const missingLineEnd = last === lineFeed ? 0 : 1;
  return { kind: 'exact', bytes: sizeBytes - markBytes + missingLineEnd };
}

/** Of what Spark reads, the rest is not compressed. */
export function isGzip({ form }: Pick<RawFile, 'form'>): boolean {
  return form.compression === 'gzip';
}
