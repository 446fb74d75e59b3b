import type { DayAggregate, DayRejection, Engine, EngineJob } from '../../core/ports/engine.js';
import { dayResult, type FileReader, type FileReading } from '../day-result.js';
import { ProblemLog } from '../problems.js';
import { Tally } from '../tally.js';
import { readCsvFile } from './csv-file.js';

/**
 * The reference engine: csv-parse, streaming, in memory that does not grow with the files. Without `read` it
 * reads where it is called, and parses on the event loop of its caller.
 */
export function createCsvEngine(read: FileReader = readCsvFile): Engine {
  return {
    name: 'csv',
    aggregate: (job) => aggregate(job, read),
    close: async () => undefined,
  };
}

async function aggregate(job: EngineJob, read: FileReader): Promise<DayAggregate | DayRejection> {
  const tally = new Tally(job.definition);
  const log = new ProblemLog();
  const readings: FileReading[] = [];
  for (const file of job.files) {
    job.signal.throwIfAborted();
    readings.push(await read(file, job, tally, log));
    if (log.full) break;
  }
  return dayResult(job, readings, tally, log);
}
