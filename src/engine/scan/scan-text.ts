import { RawReadError } from '../../core/failures.js';
import type { EngineJob } from '../../core/ports/engine.js';
import type { RawFile } from '../../core/ports/raw.js';
import { plainChunks } from '../plain-chunks.js';
import { FileFault } from '../problems.js';
import { type OpenRawFile, openRawFile, readEnd } from '../raw-bytes.js';
import { lineFeed, TextMeter, type TextSize } from '../text-meter.js';
import type { KernelShelf } from './kernel-shelf.js';
import { type OpenedText, scanChunks } from './scan-chunks.js';
import { type PooledThreads, scanPooled } from './scan-pooled.js';
import type { Tuning } from './tuning.js';

/** A way to read rows. */
export interface TextScan<Plan, Sums, Opened extends OpenedText<Plan>> {
  /** Reads the header, and no chunk beyond the one that ends it. Null where it is odd. */
  readonly open: (chunks: AsyncIterator<Uint8Array>) => Promise<Opened | null>;
  readonly kernels: KernelShelf<Plan, Sums>;
  readonly threads: PooledThreads<Plan, Sums>;
  readonly tuning: Tuning;
}

export interface ScannedText<Opened, Sums> {
  readonly opened: Opened;
  /** Of each part that was scanned by itself. */
  readonly sums: readonly Sums[];
  readonly text: TextSize;
}

type Signals = Pick<EngineJob, 'signal' | 'onBytes'>;

/**
 * Scans one file. Null where anything is odd, be it that the file cannot be read: the reference decides
 * then. Throws the signal's reason, or what broke a thread.
 */
export async function scanText<Plan, Sums, Opened extends OpenedText<Plan>>(
  file: RawFile,
  job: Signals,
  scan: TextScan<Plan, Sums, Opened>,
): Promise<ScannedText<Opened, Sums> | null> {
  try {
    const handle = await openRawFile(file);
    try {
      return await scanOpenFile(handle, file, job, scan);
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
async function scanOpenFile<Plan, Sums, Opened extends OpenedText<Plan>>(
  handle: OpenRawFile,
  file: RawFile,
  job: Signals,
  { open, kernels, threads, tuning }: TextScan<Plan, Sums, Opened>,
): Promise<ScannedText<Opened, Sums> | null> {
  const { fd, sizeBytes: to } = handle;
  const pooled = file.form.compression === 'none' && to >= tuning.pooledFromBytes;
  const { signal } = job;
  const meter = new TextMeter();
  const chunks = meter.through(plainChunks(handle, file, pooled ? { signal } : job));
  try {
    const opened = await open(chunks);
    if (opened === null) return null;
    if (pooled) {
      const { plan, rowsAt: from } = opened;
      const sums = await scanPooled({ fd, plan, from, to, tuning }, job, threads);
      return sums && { opened, sums, text: await textOf(handle, to) };
    }
    const sums = await scanChunks(opened, chunks, kernels, tuning);
    return sums === null ? null : { opened, sums: [sums], text: meter.size };
  } finally {
    await chunks.return(undefined);
  }
}

/** Of plain text: its end was read by some thread. */
async function textOf(handle: OpenRawFile, textBytes: number): Promise<TextSize> {
  const end = await readEnd(handle, textBytes);
  return { textBytes, endsWithLineFeed: end.at(-1) === lineFeed };
}
