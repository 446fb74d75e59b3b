/**
 * Days of a run. Small ones are read together, since each query costs some milliseconds and a file of a few kilobytes
 * far less; a large one has a query of its own.
 *
 *   look at each file ─▶ one query over the days ─▶ rows of each day, judged ─▶ the day, or the reference if it is odd
 */
import { availableParallelism } from 'node:os';
import type { EngineJob, EngineSession } from '../../core/ports/engine.js';
import { ProblemError } from '../../model/problems.js';
import type { AggregateColumns, ColumnsJob } from '../csv/columns/aggregate-columns.js';
import { sideBySide } from '../side-by-side.js';
import { stopWhenAllAborted, untilAborted } from '../until-aborted.js';
import { batchesOf } from './batches.js';
import { changedWhileRead, haveChanged } from './changed-files.js';
import { type DayToRead, daysQuery } from './columns-sql.js';
import { DayWork } from './day-work.js';
import { type DuckDb, DuckFailure, type DuckFailureKind, moreMemory } from './duckdb.js';
import type { LookAtFile } from './look-at-file.js';
import { takeRows } from './take-rows.js';

export interface DuckMeans {
  readonly duckdb: Pick<DuckDb, 'rows'>;
  readonly look: LookAtFile;
  /** Reads the days in which something is odd: what it says of them holds. */
  readonly localColumns: AggregateColumns;
  /** The most rows that a query may come to. */
  readonly mostRows: number;
}

/** A child that fails this often in a batch fails the rest of it: a broken one is not started a thousand times. */
const mostFailures = 12;

/** All jobs are of one definition. Never throws. */
export function openSession(jobs: readonly ColumnsJob[], means: DuckMeans): EngineSession {
  const closing = new AbortController();
  const unneeded = stopWhenAllAborted(jobs, closing);
  const batches = batchesOf(jobs).map((each) => new Batch(each, means, closing.signal));
  const placeOf = new Map(batches.flatMap(({ jobs: own }, at) => own.map((job) => [job, at])));
  return {
    aggregate: async (job) => {
      const at = placeOf.get(job as ColumnsJob);
      const batch = at === undefined ? undefined : batches[at];
      if (at === undefined || batch === undefined)
        throw new Error('the session was not begun with this job');
      job.signal.throwIfAborted();
      const days = await untilAborted(job.signal, batch.read());
      // While the days of this one are taken, the next is read.
      batches[at + 1]?.read().catch(() => undefined);
      return (days.get(job) as DayWork).result(means.localColumns);
    },
    close: async () => {
      unneeded();
      closing.abort(new Error('the session was closed'));
      await Promise.allSettled(batches.map((batch) => batch.ended()));
    },
  };
}

type Days = ReadonlyMap<EngineJob, DayWork>;

/** Days that one query reads, once any of them is asked for. */
class Batch {
  #reading: Promise<Days> | null = null;
  /** How often the child failed. */
  #failures = 0;

  constructor(
    readonly jobs: readonly ColumnsJob[],
    readonly means: DuckMeans,
    readonly signal: AbortSignal,
  ) {}

  read(): Promise<Days> {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  async ended(): Promise<void> {
    await this.#reading;
  }

  async #read(): Promise<Days> {
    const days = new Map(this.jobs.map((job) => [job, new DayWork(job)]));
    // Each file is opened, and read to its end.
    await sideBySide([...days.values()], 2 * availableParallelism(), (day) =>
      day.look(this.means.look, this.signal),
    );
    await this.#ask([...days.values()].filter(({ toRead }) => toRead !== null));
    return days;
  }

  async #ask(days: readonly DayWork[]): Promise<void> {
    if (days.length === 0) return;
    try {
      await this.#query(days);
    } catch (error) {
      this.signal.throwIfAborted();
      await this.#askApart(days, error);
    }
  }

  /** So that only the days fail that are to blame. */
  async #askApart(days: readonly DayWork[], error: unknown): Promise<void> {
    if (error instanceof ProblemError) return this.#askUnchanged(days, error);
    if (!(error instanceof DuckFailure)) this.#failures += 1;
    if (days.length === 1 || this.#failures > mostFailures) {
      for (const day of days) settle(day, error);
      return;
    }
    const half = Math.ceil(days.length / 2);
    await this.#ask(days.slice(0, half));
    await this.#ask(days.slice(half));
  }

  /** What no sound DuckDB says fails the run, unless it is of files that changed as it read them. */
  async #askUnchanged(days: readonly DayWork[], error: ProblemError): Promise<void> {
    const unchanged: DayWork[] = [];
    for (const day of days) {
      if (await haveChanged(day.job.files)) day.fail(changedWhileRead());
      else unchanged.push(day);
    }
    if (unchanged.length === days.length) throw error;
    await this.#ask(unchanged);
  }

  async #query(days: readonly DayWork[]): Promise<void> {
    const { duckdb, mostRows } = this.means;
    const [{ job }] = days as [DayWork];
    const toRead = days.map((day) => day.toRead as DayToRead);
    const query = daysQuery(job.definition, toRead, mostRows);
    const rows = await duckdb.rows(query, this.signal, (share) => {
      for (const day of days) day.reach(share);
    });
    if (rows.length > mostRows) throw new DuckFailure('data', 'the days have too many groups');
    const found = await takeRows(rows, job.definition, days.length);
    for (const [at, day] of days.entries()) day.take(found.get(at) ?? { rows: [], records: 0 });
  }
}

/** What DuckDB says against a day that it read alone. */
function settle(day: DayWork, error: unknown): void {
  if (!(error instanceof DuckFailure)) day.fail(error);
  else if (error.kind === 'data') day.take({ rows: null, records: 0 });
  else day.fail(new Error(`${inWords[error.kind]}: ${error.message}`, { cause: error }));
}

const inWords: Readonly<Record<Exclude<DuckFailureKind, 'data'>, string>> = {
  memory: `DuckDB needs more memory, or room on disk, than it may have; ${moreMemory}, or read the day with the engine csv`,
  refused: 'DuckDB must not read the day; read it with the engine csv, and report this',
  query: 'DuckDB does not understand the query; read the day with the engine csv, and report this',
};
