import type { RawFile } from '../../core/ports/raw.js';
import type { FileReader } from '../day-result.js';
import { plainChunks } from '../plain-chunks.js';
import { FileFault } from '../problems.js';
import { openRawFile } from '../raw-bytes.js';
import { TextMeter } from '../text-meter.js';
import { createRowParser } from './row-parser.js';
import { RowReader } from './row-reader.js';
import { TextGuard } from './text-guard.js';

/** The reference: every rule about raw data is told here and in the files beside it. */
export const readCsvFile: FileReader = async (file, job, tally, log) => {
  const handle = await openRawFile(file);
  try {
    const reader = new RowReader(file.name, job, tally, log);
    const meter = new TextMeter();
    const fault = await readRows(meter.through(plainChunks(handle, file, job)), file, reader);
    for (const problem of fault?.problems ?? []) log.add(problem);
    return { ...meter.size, rows: reader.rows, columns: reader.categories };
  } finally {
    await handle.close();
  }
};

/**
 * Feeds the decoded bytes of a file to `reader`, row by row. Returns the fault that ended the file early,
 * after the rows before it: the first by position, wherever the chunks were cut. Null where reading ended
 * before it, because the log is full.
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
    for await (const bytes of guarded(chunks, guard)) {
      await parser.write(bytes);
      if (reader.log.full) return null;
    }
    await parser.end();
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    const first = await parser.cut(guard.rowLine, error);
    return reader.log.full ? null : first;
  }
  return null;
}

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
