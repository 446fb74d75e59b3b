import type { WideJob } from '../../core/ports/engine.js';
import type { RawFile } from '../../core/ports/raw.js';
import { ByteMeter } from '../byte-meter.js';
import type { FileJob } from '../day-result.js';
import { type ScanMeans, type ScannedSums, scanFile } from './scan-file.js';

export interface ScannedFile {
  readonly file: RawFile;
  readonly meter: ByteMeter;
  /** Null where the file is odd. */
  readonly scanned: ScannedSums | null;
}

/**
 * The files of a job in order, while the next ones are scanned already, so that many small files keep the
 * threads as busy as a large one. When it ends, early or not, no file is open any more.
 */
export async function* scanAhead(job: WideJob, means: ScanMeans): AsyncGenerator<ScannedFile> {
  const left = new AbortController();
  const signal = AbortSignal.any([job.signal, left.signal]);
  const files = job.files.values();
  const begun: Promise<ScannedFile>[] = [];
  const beginNext = () => {
    const { value: file, done } = files.next();
    if (!done) begun.push(begin(file, { ...job, signal }, means));
  };

  try {
    for (let ahead = 0; ahead < means.pool.size; ahead += 1) beginNext();
    for (let first = begun.shift(); first !== undefined; first = begun.shift()) {
      job.signal.throwIfAborted();
      const scanned = await first;
      beginNext();
      yield scanned;
    }
  } finally {
    left.abort();
    await Promise.allSettled(begun);
  }
}

export function begin(file: RawFile, job: FileJob, means: ScanMeans): Promise<ScannedFile> {
  const meter = new ByteMeter((count) => job.onBytes?.(count));
  const scan = scanFile(file, { ...job, onBytes: meter.count }, means);
  const scanned = scan.then((sums) => ({ file, meter, scanned: sums }));
  // It may fail before its turn comes; then it is awaited.
  scanned.catch(() => undefined);
  return scanned;
}
