import type { DayAggregate, DayRejection, Engine, WideJob } from '../../core/ports/engine.js';
import { dayResult, type FileReader, ownDefinition, readInTurn } from '../day-result.js';
import { ProblemLog } from '../problems.js';
import { Tally } from '../tally.js';
import { type AggregateColumns, aggregateColumns } from './columns/aggregate-columns.js';
import { readCsvFile } from './csv-file.js';

/**
 * The reference engine: csv-parse, streaming, in memory that does not grow with the files. Without `read` and
 * `columns` it reads where it is called, and parses on the event loop of its caller.
 */
export function createCsvEngine(
  read: FileReader = readCsvFile,
  columns: AggregateColumns = aggregateColumns,
): Engine {
  return {
    name: 'csv',
    aggregate: async (job) => {
      const definition = ownDefinition(job);
      return definition.kind === 'columns'
        ? columns({ ...job, definition })
        : aggregate({ ...job, definition }, read);
    },
    close: async () => undefined,
  };
}

async function aggregate(job: WideJob, read: FileReader): Promise<DayAggregate | DayRejection> {
  const tally = new Tally(job.definition);
  const log = new ProblemLog();
  const readings = await readInTurn(job, log, (file) => read(file, job, tally, log));
  return dayResult(job, readings, tally, log);
}
