import type { DayAggregate, DayRejection, Engine, EngineJob } from '../../core/ports.js';
import { dayResult, type FileReading } from '../day-result.js';
import { ProblemLog } from '../problems.js';
import { Tally } from '../tally.js';
import { readCsvFile } from './csv-file.js';

/** The reference engine: csv-parse, streaming, in memory that does not grow with the files. */
export function createCsvEngine(): Engine {
  return { name: 'csv', aggregate, close: async () => undefined };
}

async function aggregate(job: EngineJob): Promise<DayAggregate | DayRejection> {
  const tally = new Tally();
  const log = new ProblemLog();
  const readings: FileReading[] = [];
  for (const file of job.files) {
    job.signal.throwIfAborted();
    readings.push(await readCsvFile(file, job, tally, log));
  }
  return dayResult(job, readings, tally, log);
}
