import { RawReadError } from '../../core/failures.js';
import type { RawFile } from '../../core/ports/raw.js';
import type { FileJob } from '../day-result.js';
import { plainChunks } from '../plain-chunks.js';
import { FileFault } from '../problems.js';
import { type OpenRawFile, openRawFile, readEnd } from '../raw-bytes.js';
import type { FileSums } from '../tally.js';
import { lineFeed, TextMeter, type TextSize } from '../text-meter.js';
import type { Threads } from '../threads/thread-pool.js';
import type { TableSums } from './kernel/kernel.js';
import type { KernelShelf } from './kernel-shelf.js';
import { scanChunks } from './scan-chunks.js';
import { scanPooled } from './scan-pooled.js';
import { openTable } from './table.js';
import { isForKernels } from './table-plan.js';
import type { Tuning } from './tuning.js';

export interface ScanMeans {
  readonly pool: Threads;
  readonly kernels: KernelShelf;
  readonly tuning: Tuning;
}

export interface ScannedSums {
  readonly sums: FileSums;
  readonly text: TextSize;
}

/**
 * Adds up one file. Null where anything is odd, be it that the file cannot be read: the reference decides
 * then. Throws the signal's reason, or what broke a thread.
 */
export async function scanFile(
  file: RawFile,
  job: FileJob,
  means: ScanMeans,
): Promise<ScannedSums | null> {
  if (!isForKernels(job.definition)) return null;
  try {
    const handle = await openRawFile(file);
    try {
      return await scanOpenFile(handle, file, job, means);
    } finally {
      await handle.close();
    }
  } catch (error) {
    job.signal.throwIfAborted();
    if (isOdd(error)) return null;
    throw error;
  }
}

/** Gzip data that is damaged, a file that cannot be read, or a system that refuses to. */
function isOdd(error: unknown): boolean {
  const refused = typeof (error as NodeJS.ErrnoException).syscall === 'string';
  return refused || error instanceof RawReadError || error instanceof FileFault;
}

/** Large plain files go to the threads; the others are scanned here, where they are read, chunk by chunk. */
async function scanOpenFile(
  handle: OpenRawFile,
  file: RawFile,
  job: FileJob,
  means: ScanMeans,
): Promise<ScannedSums | null> {
  const size = handle.sizeBytes;
  const pooled = file.form.compression === 'none' && size >= means.tuning.pooledFromBytes;
  const { signal } = job;
  const meter = new TextMeter();
  const chunks = meter.through(plainChunks(handle, file, pooled ? { signal } : job));
  try {
    const table = await openTable(chunks, job);
    if (table === null) return null;
    const sums: TableSums | null = pooled
      ? await scanPooled({ fd: handle.fd, table, to: size }, job, means)
      : await scanChunks(table, chunks, means);
    if (sums === null) return null;
    const text = pooled ? await textOf(handle, size) : meter.size;
    return { sums: { ...sums, categories: table.categories }, text };
  } finally {
    await chunks.return(undefined);
  }
}

/** Of plain text: its end was read by some thread. */
async function textOf(handle: OpenRawFile, textBytes: number): Promise<TextSize> {
  const end = await readEnd(handle, textBytes);
  return { textBytes, endsWithLineFeed: end.at(-1) === lineFeed };
}
