import type { RawFile } from '../../core/ports/raw.js';
import { guarded, withText } from '../csv/csv-file.js';
import { TextGuard } from '../csv/text-guard.js';
import type { FileJob, FileReading } from '../day-result.js';
import { FileFault } from '../problems.js';
import { lineFeed } from '../text-meter.js';
import type { JsonlRowReader } from './row-reader.js';

/** The reference for JSON Lines: this folder has every rule about them. Throws RawReadError, or the signal's reason. */
export async function readJsonlFile(
  file: RawFile,
  job: Pick<FileJob, 'signal' | 'onBytes'>,
  reader: JsonlRowReader,
): Promise<FileReading> {
  const size = await withText(file, job, reader.log, (chunks) => readLines(chunks, file, reader));
  // Which other fields its objects have is not told: they may differ in each.
  return { ...size, rows: reader.rows, columns: reader.rows === 0 ? null : [] };
}

/** Returns the fault that ended the file early, if it did, after the lines before it. */
export async function readLines(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  file: Pick<RawFile, 'name' | 'form'>,
  reader: JsonlRowReader,
): Promise<FileFault | null> {
  try {
    let begun: Buffer[] = [];
    for await (const bytes of guarded(chunks, new TextGuard(file, null))) {
      const end = bytes.lastIndexOf(lineFeed) + 1;
      if (end > 0) {
        reader.read(Buffer.concat([...begun, bytes.subarray(0, end)]).toString());
        begun = [];
      }
      if (reader.log.full) return null;
      if (end < bytes.length) begun.push(bytes.subarray(end));
    }
    reader.read(Buffer.concat(begun).toString());
    reader.finish();
    return null;
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return reader.log.full ? null : error;
  }
}
