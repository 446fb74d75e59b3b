import type { RawFile } from '../../core/ports/raw.js';
import type { FileJob, FileReader } from '../day-result.js';
import { plainChunks } from '../plain-chunks.js';
import { FileFault, type ProblemLog } from '../problems.js';
import { openRawFile } from '../raw-bytes.js';
import { TextMeter, type TextSize } from '../text-meter.js';
import { createRowParser, type RowForm } from './row-parser.js';
import { RowReader } from './row-reader.js';
import { TextGuard } from './text-guard.js';

/** The reference: this folder has every rule about raw data. */
export const readCsvFile: FileReader = async (file, job, tally, log) => {
  const reader = new RowReader(file.name, job, tally, log);
  const size = await readThrough(file, job, reader);
  return { ...size, rows: reader.rows, columns: reader.categories };
};

/** Receives the rows of one file, and finds their problems. */
export interface RowSink {
  readonly log: ProblemLog;
  /** The first row is the header. Throws FileFault if it cannot be used. */
  read(cells: readonly string[], line: number): void;
  columnName(index: number): string | undefined;
  /** A better description of the fault, if there is one. */
  explain?(fault: FileFault): FileFault;
}

/** Opens a raw file, and feeds it to `sink`. Throws RawReadError, or the signal's reason. */
export async function readThrough(
  file: RawFile,
  job: Pick<FileJob, 'signal' | 'onBytes'>,
  sink: RowSink,
  form?: RowForm,
): Promise<TextSize> {
  return withText(file, job, sink.log, async (chunks) => {
    const fault = await readRows(chunks, file, sink, form);
    return fault && (sink.explain?.(fault) ?? fault);
  });
}

/** Opens a raw file for `read`, and tells `log` of the fault that ended it early. Throws RawReadError, or the signal's reason. */
export async function withText(
  file: RawFile,
  job: Pick<FileJob, 'signal' | 'onBytes'>,
  log: ProblemLog,
  read: (chunks: AsyncIterable<Buffer>) => Promise<FileFault | null>,
): Promise<TextSize> {
  const handle = await openRawFile(file);
  try {
    const meter = new TextMeter();
    const fault = await read(meter.through(plainChunks(handle, file, job)));
    for (const problem of fault?.problems ?? []) log.add(problem);
    return meter.size;
  } finally {
    await handle.close();
  }
}

/**
 * Feeds the decoded bytes of a file to `reader`, row by row. Returns the fault that ended the file early,
 * after the rows before it: the first by position, independent of the chunks. Null if reading ended before it because
 * the log is full.
 */
export async function readRows(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  file: Pick<RawFile, 'name' | 'form'>,
  reader: RowSink,
  form?: RowForm,
): Promise<FileFault | null> {
  const guard = new TextGuard(file, form?.quote);
  const parser = createRowParser(
    file.name,
    (cells, line) => reader.read(cells, line),
    (index) => reader.columnName(index),
    form,
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

/** The text that may be read. Throws FileFault behind it. */
export async function* guarded(
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
