import type { FileHandle } from 'node:fs/promises';
import type { EngineJob, RawFile } from '../../core/ports.js';
import { gunzip } from './gunzip.js';
import { FileFault, type ProblemLog, problemIn } from './problems.js';
import { consume, openRawFile, readChunks } from './raw-bytes.js';
import { createRowParser } from './row-parser.js';
import { RowReader } from './row-reader.js';
import type { Tally } from './tally.js';
import { TextGuard } from './text-guard.js';

/** Reads one raw file into the tally and the log. Throws RawReadError, or the signal's reason. */
export async function readCsvFile(
  file: RawFile,
  job: EngineJob,
  tally: Tally,
  log: ProblemLog,
): Promise<void> {
  const handle = await openRawFile(file);
  try {
    const reader = new RowReader(file.name, job, tally, log);
    const fault = await readRows(plainChunks(handle, file, job), file, reader);
    for (const problem of fault?.problems ?? []) log.add(problem);
  } finally {
    await handle.close();
  }
}

function plainChunks(
  handle: FileHandle,
  { name: file, gzip }: RawFile,
  job: EngineJob,
): AsyncIterable<Buffer> {
  const chunks = consume(handle, file, job);
  return gzip
    ? gunzip({ file, chunks, rest: (position) => readChunks(handle, file, position) })
    : chunks;
}

/**
 * Feeds the decoded bytes of a file to `reader`, row by row. Returns the fault that ended the file early,
 * after the rows before it: the first by position, wherever the chunks were cut.
 */
export async function readRows(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  file: Pick<RawFile, 'name' | 'gzip'>,
  reader: RowReader,
): Promise<FileFault | null> {
  const guard = new TextGuard(file);
  const parser = createRowParser(
    file.name,
    (cells, line) => reader.read(cells, line),
    (index) => reader.columnName(index),
  );
  try {
    for await (const bytes of guarded(chunks, guard)) await parser.write(bytes);
    await parser.end();
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return parser.cut(guard.rowLine, error);
  }
  return reader.begun ? null : new FileFault([problemIn(file.name, noHeader)]);
}

const noHeader = 'the file is empty; a header is expected';

async function* guarded(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  guard: TextGuard,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const { bytes, fault } = guard.pass(chunk);
    yield bytes;
    if (fault !== null) throw fault;
  }
  const { bytes, fault } = guard.finish();
  yield bytes;
  if (fault !== null) throw fault;
}
