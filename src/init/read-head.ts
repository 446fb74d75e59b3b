/** The first rows of a raw file, by the reader that a run has: what it refuses is refused here in its words. */
import type { RawFile } from '../core/ports/raw.js';
import { readRows } from '../engine/csv/csv-file.js';
import type { RowForm } from '../engine/csv/row-parser.js';
import { plainChunks } from '../engine/plain-chunks.js';
import { FileFault, ProblemLog } from '../engine/problems.js';
import { openRawFile } from '../engine/raw-bytes.js';

/** Of one file; more files tell more than more of one. */
const mostHeadBytes = 524_288;

export interface Head {
  /** Of the text. */
  readonly bytes: Buffer;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

/** Throws FileFault where the file is no gzip though it is named so, and RawReadError. */
export async function readHead(file: RawFile): Promise<Head> {
  const handle = await openRawFile(file);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of plainChunks(handle, file, { signal: new AbortController().signal })) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > mostHeadBytes) break;
    }
  } finally {
    await handle.close();
  }
  const isWhole = length <= mostHeadBytes;
  return { bytes: Buffer.concat(chunks).subarray(0, mostHeadBytes), isWhole };
}

export interface HeadRows {
  readonly header: readonly string[] | null;
  /** Of the header, which may stand below empty lines. */
  readonly headerLine: number;
  readonly rows: readonly (readonly string[])[];
  /** What ends the file early. */
  readonly fault: FileFault | null;
}

/** The last row of a head that is not whole is left out: it may be cut. */
export async function rowsOf(
  { bytes, isWhole }: Head,
  file: Pick<RawFile, 'name' | 'form'>,
  form: RowForm,
): Promise<HeadRows> {
  const all: (readonly string[])[] = [];
  const log = new ProblemLog();
  let headerLine = 1;
  // A log that is full ends the reading behind the last whole row.
  if (!isWhole) log.become({ first: [], count: 0, stoppedAt: { file: file.name, line: null } });
  const sink = {
    log,
    read: (cells: readonly string[], line: number) => {
      if (all.length === 0) headerLine = line;
      all.push(cells);
    },
    columnName: () => undefined,
  };
  const fault = await readRows([bytes], file, sink, form).catch((error) => {
    if (error instanceof FileFault) return error;
    throw error;
  });
  return { header: all[0] ?? null, headerLine, rows: all.slice(1), fault };
}
