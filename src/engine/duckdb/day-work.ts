/** A day of a session: what is known of its files, what DuckDB found in them, and what comes of both. */
import type { DayAggregate, DayRejection } from '../../core/ports/engine.js';
import type { RawFile } from '../../core/ports/raw.js';
import type { Row } from '../../model/row.js';
import { ByteMeter } from '../byte-meter.js';
import type { AggregateColumns, ColumnsJob } from '../csv/columns/aggregate-columns.js';
import { dayResult, type FileReading } from '../day-result.js';
import { ProblemLog } from '../problems.js';
import type { DayToRead } from './columns-sql.js';
import type { FileLook, LookAtFile } from './look-at-file.js';
import type { FoundDay } from './take-rows.js';

/** A part without rows, as other programs write it; one of Parquet has a footer. */
const empty: FileReading = { textBytes: 0, endsWithLineFeed: false, rows: 0, columns: null };

type Looked = FileLook | 'empty' | 'odd';

export class DayWork {
  readonly #meter: ByteMeter;
  readonly #sizeBytes: number;
  #looks: readonly Looked[] = [];
  /** Null where the reference is to read the day. */
  #rows: readonly Row[] | null = [];
  #failure: unknown = null;

  constructor(readonly job: ColumnsJob) {
    this.#meter = new ByteMeter((count) => job.signal.aborted || job.onBytes?.(count));
    this.#sizeBytes = job.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** Throws the signal's reason. */
  async look(look: LookAtFile, signal: AbortSignal): Promise<void> {
    const { files, day, definition } = this.job;
    const looks: Looked[] = [];
    let seenBytes = 0;
    const onBytes = (count: number) => {
      seenBytes += count;
      // The files are read twice.
      this.#meter.reach(Math.floor(Math.min(seenBytes, this.#sizeBytes) / 2));
    };
    for (const file of files) {
      const seen = isEmpty(file)
        ? 'empty'
        : ((await look(file, { day, definition, signal, onBytes })) ?? 'odd');
      looks.push(seen);
      if (seen === 'odd') {
        this.#rows = null;
        break;
      }
    }
    this.#looks = looks;
  }

  /** What DuckDB is to read; null if there is nothing, or the day is odd. */
  get toRead(): DayToRead | null {
    const files = this.#looks.flatMap((look, at) =>
      typeof look === 'object' && look.rows > 0
        ? [{ ...look, ...(this.job.files[at] as RawFile) }]
        : [],
    );
    return this.#rows === null || files.length === 0 ? null : { day: this.job.day, files };
  }

  /** A share of its query from 0 to 1. */
  reach(share: number): void {
    this.#meter.reach(Math.floor((this.#sizeBytes * (1 + share)) / 2));
  }

  /** Where DuckDB found other rows than there are, what it says of them does not count. */
  take({ rows, records }: FoundDay): void {
    this.#rows = records === this.#records ? rows : null;
  }

  fail(error: unknown): void {
    this.#failure = error;
  }

  get #records(): number {
    return this.#looks.reduce((sum, look) => sum + (typeof look === 'object' ? look.rows : 0), 0);
  }

  async result(localColumns: AggregateColumns): Promise<DayAggregate | DayRejection> {
    const { job } = this;
    job.signal.throwIfAborted();
    if (this.#failure !== null) throw this.#failure;
    const rows = this.#rows;
    if (rows === null) return localColumns({ ...job, onBytes: this.#meter.again() });
    this.#meter.reach(this.#sizeBytes);
    const sums = { records: this.#records, rows: async () => rows };
    return dayResult(job, this.#looks.map(readingOf), sums, new ProblemLog());
  }
}

function isEmpty({ sizeBytes, form }: RawFile): boolean {
  return sizeBytes === 0 && form.compression === 'none' && form.format !== 'parquet';
}

function readingOf(look: Looked): FileReading {
  if (typeof look !== 'object') return empty;
  const { textBytes, endsWithLineFeed, rows, undeclared } = look;
  const reading = { textBytes, endsWithLineFeed, rows, columns: undeclared };
  return 'lacking' in look ? { ...reading, lacking: look.lacking } : reading;
}
