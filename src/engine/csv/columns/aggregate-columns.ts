import type { DayAggregate, DayRejection, EngineJob } from '../../../core/ports/engine.js';
import type { RawFile } from '../../../core/ports/raw.js';
import {
  type ColumnsDefinition,
  definitionFor,
  type RawColumns,
} from '../../../model/columns-definition.js';
import { dayResult, type FileReading, readInTurn } from '../../day-result.js';
import { readJsonlFile } from '../../jsonl/jsonl-file.js';
import { JsonlRowReader } from '../../jsonl/row-reader.js';
import { ProblemLog } from '../../problems.js';
import { readThrough } from '../csv-file.js';
import { Groups } from './groups.js';
import { ColumnsRowReader, type RowTaker } from './row-reader.js';

export interface ColumnsJob extends EngineJob {
  readonly definition: ColumnsDefinition;
}

export type ColumnsDay = DayAggregate | DayRejection;

/** Throws RawReadError, the signal's reason, or an Error if there are too many groups for memory. */
export type AggregateColumns = (job: ColumnsJob) => Promise<ColumnsDay>;

/** The reference: this folder has every rule about `columns`. Parses where it is called. */
export const aggregateColumns: AggregateColumns = async (job) => {
  const groups = new Groups(job.definition);
  const log = new ProblemLog();
  const readings = await readInTurn(job, log, (file) => readFile(file, job, groups, log));
  if (log.count === 0) groups.complain(log);
  return dayResult(job, readings, groups, log);
};

export type RawJob = Pick<EngineJob, 'day' | 'signal' | 'onBytes'> & {
  readonly definition: RawColumns;
};

/** Reads a file's rows into `rows`, and what is wrong with it into `log`. Throws as `AggregateColumns` does. */
export async function readFile(
  file: RawFile,
  job: RawJob,
  rows: RowTaker,
  log: ProblemLog,
): Promise<FileReading> {
  const definition = definitionFor(file.form, job.definition);
  if (file.form.format === 'jsonl') {
    const lines = new JsonlRowReader(file.name, job.day, definition, rows, log);
    return readJsonlFile(file, job, lines);
  }
  const reader = new ColumnsRowReader(file.name, job.day, definition, rows, log);
  const size = await readThrough(file, job, reader, definition.csv);
  return { ...size, rows: reader.rows, columns: reader.undeclared };
}
