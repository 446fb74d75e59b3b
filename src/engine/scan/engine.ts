import type { DayAggregate, DayRejection, Engine, WideJob } from '../../core/ports/engine.js';
import {
  dayResult,
  type FileJob,
  type FileReader,
  type FileReading,
  readingOf,
  wideJob,
} from '../day-result.js';
import { ProblemLog } from '../problems.js';
import { Tally } from '../tally.js';
import { ThreadPool, type Threads } from '../threads/thread-pool.js';
import { createKernel } from './kernel/create-kernel.js';
import { KernelShelf } from './kernel-shelf.js';
import { begin, type ScannedFile, scanAhead } from './scan-ahead.js';
import type { ScanMeans } from './scan-file.js';
import { bufferBytes, type Tuning, usualTuning } from './tuning.js';

export interface ScanEngineOptions {
  /** Reads odd files as a whole; its results for them are final. */
  readonly reference: FileReader;
  /** Ends with the engine. */
  readonly pool?: Threads;
  /** For tests. */
  readonly tuning?: Partial<Tuning>;
}

export interface ScanEngine extends Engine {
  /** Reads one file, for an engine that cannot. */
  readonly readFile: FileReader;
}

/**
 * The fast engine: bytes are added up without ever becoming strings, by threads that share large files.
 * It takes only what it fully understands. A file with anything odd in it, from a quote to a sum beyond
 * 2^53 − 1, is left to the reference as a whole, in order and with the sums of the files before it, so results and
 * errors are the reference's own.
 */
export function createScanEngine({
  reference,
  pool = new ThreadPool(),
  tuning: changes = {},
}: ScanEngineOptions): ScanEngine {
  const tuning = { ...usualTuning, ...changes };
  const kernels = new KernelShelf(() => createKernel(bufferBytes(tuning)));
  const means = { pool, kernels, tuning };
  return {
    name: 'scan',
    aggregate: async (job) => aggregate(wideJob(job), means, reference),
    readFile: async (file, job, tally, log) => {
      const scanned = await begin(file, job, means);
      return take(scanned, { job, tally, log, reference });
    },
    close: () => pool.close(),
  };
}

async function aggregate(
  job: WideJob,
  means: ScanMeans,
  reference: FileReader,
): Promise<DayAggregate | DayRejection> {
  const tally = new Tally(job.definition);
  const log = new ProblemLog();
  const readings: FileReading[] = [];
  for await (const scanned of scanAhead(job, means)) {
    readings.push(await take(scanned, { job, tally, log, reference }));
    if (log.full) break;
  }
  return dayResult(job, readings, tally, log);
}

interface Reading {
  readonly job: FileJob;
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
