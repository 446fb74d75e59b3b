import { availableParallelism } from 'node:os';
import { compiledFile } from '../../compiled-file.js';
import type { DayAggregate, DayRejection, Engine, EngineJob } from '../../core/ports.js';
import { dayResult, type FileReader, type FileReading, readingOf } from '../day-result.js';
import { ProblemLog } from '../problems.js';
import { Tally } from '../tally.js';
import { createKernel } from './kernel/create-kernel.js';
import { KernelShelf } from './kernel-shelf.js';
import { begin, type ScannedFile, scanAhead } from './scan-ahead.js';
import type { ScanMeans } from './scan-file.js';
import { ThreadPool } from './thread-pool.js';
import { bufferBytes, type Tuning, usualTuning } from './tuning.js';

export interface ScanEngineOptions {
  /** Reads the files that are odd, as a whole and by itself: what it says of them holds. */
  readonly reference: FileReader;
  /** Threads; by default as many as the machine runs at once, and at most 8. */
  readonly workers?: number;
  /** For tests. */
  readonly tuning?: Partial<Tuning>;
  /** For tests: what the threads run. */
  readonly thread?: URL;
}

export interface ScanEngine extends Engine {
  /** One file as this engine reads it, for an engine that is itself at a loss. */
  readonly readFile: FileReader;
}

/** Beyond these, memory and disks are the limit, and each costs about 10 MiB. */
const mostThreads = 8;

/**
 * The fast engine: bytes are added up without ever becoming strings, by threads that share large files.
 * It takes only what it fully understands. A file with anything odd in it, from a quote to a sum beyond
 * 2^53 − 1, is left to the reference as a whole, in its turn and with the sums of the files before it; so
 * results and errors are the reference's own.
 */
export function createScanEngine({
  reference,
  workers = Math.min(availableParallelism(), mostThreads),
  tuning: changes = {},
  thread = compiledFile('worker', import.meta.url),
}: ScanEngineOptions): ScanEngine {
  const tuning = { ...usualTuning, ...changes };
  const pool = new ThreadPool(workers, thread);
  const kernels = new KernelShelf(() => createKernel(bufferBytes(tuning)));
  const means = { pool, kernels, tuning };
  return {
    name: 'scan',
    aggregate: (job) => aggregate(job, means, reference),
    readFile: async (file, job, tally, log) => {
      const scanned = await begin(file, job, means);
      return take(scanned, { job, tally, log, reference });
    },
    close: () => pool.close(),
  };
}

async function aggregate(
  job: EngineJob,
  means: ScanMeans,
  reference: FileReader,
): Promise<DayAggregate | DayRejection> {
  const tally = new Tally();
  const log = new ProblemLog();
  const readings: FileReading[] = [];
  for await (const scanned of scanAhead(job, means)) {
    readings.push(await take(scanned, { job, tally, log, reference }));
  }
  return dayResult(job, readings, tally, log);
}

interface Reading {
  readonly job: EngineJob;
  readonly tally: Tally;
  readonly log: ProblemLog;
  readonly reference: FileReader;
}

async function take(
  { file, meter, scanned }: ScannedFile,
  { job, tally, log, reference }: Reading,
): Promise<FileReading> {
  if (scanned !== null && tally.add(scanned.sums)) return readingOf(scanned.sums, scanned.text);
  return reference(file, { ...job, onBytes: meter.again() }, tally, log);
}
