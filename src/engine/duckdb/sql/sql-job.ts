/** What is asked of a day, and what is seen of its files. */
import type { EngineJob } from '../../../core/ports/engine.js';
import type { SqlDefinition } from '../../../model/sql-definition.js';
import type { FileReading } from '../../day-result.js';
import type { DaySource } from './day-query.js';

export interface SqlJob extends EngineJob {
  readonly definition: SqlDefinition;
}

/** A file that DuckDB may read itself. */
export interface SeenFile {
  readonly reading: FileReading;
  /** Whether DuckDB reads each of its cells as the reference does; otherwise it says which rows it does not. */
  readonly isSure: boolean;
  readonly source: DaySource;
}
