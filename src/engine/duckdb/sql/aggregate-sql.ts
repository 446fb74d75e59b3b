/**
 * A day of the definition `sql`: its files as the relation `day`, and the SELECT over it.
 *
 *   see each file ─▶ what DuckDB may read itself, and what the reference has to write for it ─▶ the query ─▶ rows, judged
 *
 * Where DuckDB finds in a file what was not to be seen, the reference reads the whole day: its values, or its errors. Of
 * Parquet it has errors only.
 */
import { rm } from 'node:fs/promises';
import type { DayAggregate, DayRejection } from '../../../core/ports/engine.js';
import type { RawFile } from '../../../core/ports/raw.js';
import { ProblemError } from '../../../model/problems.js';
import type { Row } from '../../../model/row.js';
import { dayResult, type FileReading } from '../../day-result.js';
import { ProblemLog, problemIn } from '../../problems.js';
import { makeStaging, type Staging } from '../../staging.js';
import { changedWhileRead, haveChanged } from '../changed-files.js';
import { type DuckDb, DuckFailure, moreMemory } from '../duckdb.js';
import type { LookAtParquet } from '../parquet/look-at-parquet.js';
import { patternSigns } from '../paths.js';
import { makeSpillFolder } from '../spill-folder.js';
import type { WriteCanonical } from './canonical-rows.js';
import { canonicalSource } from './canonical-source.js';
import { dayQuery, resultIn } from './day-query.js';
import { explainParquet, isParquet, seeParquet } from './parquet-files.js';
import type { SeenFile, SqlJob } from './sql-job.js';
import { inOneLine } from './statement.js';
import { takeResult } from './take-result.js';

export interface SqlMeans {
  readonly duckdb: Pick<DuckDb, 'rows'>;
  /** Of a text file; null for one that the reference is to read. */
  readonly see: (file: RawFile, job: SqlJob) => Promise<SeenFile | null>;
  readonly lookAtParquet: LookAtParquet;
  readonly writeCanonical: WriteCanonical;
  /** Where rows lie that DuckDB cannot read from the raw files. */
  readonly rowsRoot: string;
  /** How much room they may take. */
  readonly mostRowsBytes: number;
  /** The most rows that a SELECT may come to. */
  readonly mostRows: number;
}

/** Throws RawReadError, the signal's reason, or an Error where DuckDB does not answer. */
export async function aggregateSql(
  job: SqlJob,
  means: SqlMeans,
): Promise<DayAggregate | DayRejection> {
  try {
    return await aggregated(job, means);
  } catch (error) {
    if (error instanceof ProblemError && (await haveChanged(job.files))) throw changedWhileRead();
    if (!(error instanceof DuckFailure)) throw error;
    const more = error.kind === 'memory' ? `; ${moreMemory}` : '';
    throw new Error(`sql: ${inOneLine(error.message)}${more}`, { cause: error });
  }
}

async function aggregated(job: SqlJob, means: SqlMeans): Promise<DayAggregate | DayRejection> {
  const seen: (SeenFile | null)[] = [];
  for (const file of job.files) {
    seen.push(await (isParquet(file) ? seeParquet(file, job, means) : means.see(file, job)));
  }
  if (!seen.includes(null)) {
    const found = await resultOf(job, seen as SeenFile[], means);
    if (found !== 'odd') return found;
    return withReference(
      job,
      seen.map(() => null),
      means,
    );
  }
  return withReference(
    job,
    seen.map((each) => (each?.isSure ? each : null)),
    means,
  );
}

/** The reference writes the text files that were not `seen`, and explains those of Parquet. */
async function withReference(
  job: SqlJob,
  seen: readonly (SeenFile | null)[],
  means: SqlMeans,
): Promise<DayAggregate | DayRejection> {
  const { rowsRoot, mostRowsBytes: mostBytes, writeCanonical } = means;
  const { definition, day, signal } = job;
  const left = job.files.filter((_, at) => seen[at] === null);
  const files = left.filter((file) => !isParquet(file));
  const staging = await makeRoom(rowsRoot);
  try {
    const { folder } = staging;
    const task = { day, files, definition, folder, mostBytes };
    const { readings, written, problems } = await writeCanonical(task, { signal });
    const log = new ProblemLog();
    log.become(problems);
    const parquet = await explainParquet({ ...job, files: left.filter(isParquet) }, means, log);
    if (log.count > 0) return await dayResult(job, [], nothing, log);
    const made = written.map((each, at) => ({
      reading: readings[at] as FileReading,
      isSure: true,
      source: canonicalSource(each, definition),
    }));
    const all = job.files.map(
      (file, at) => seen[at] ?? ((isParquet(file) ? parquet : made).shift() as SeenFile),
    );
    const found = await resultOf(job, all, means);
    if (found === 'odd') throw unsound('not the rows that its files have');
    return found;
  } finally {
    await staging.remove();
  }
}

async function makeRoom(root: string): Promise<Pick<Staging, 'folder' | 'remove'>> {
  if (!patternSigns.test(root)) return makeStaging(root);
  const folder = makeSpillFolder();
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

const nothing = { records: 0, rows: async () => [] };

/** `odd` where DuckDB did not read what there is, or may have failed on a cell that is not what it seems. */
async function resultOf(
  job: SqlJob,
  seen: readonly SeenFile[],
  means: SqlMeans,
): Promise<DayAggregate | DayRejection | 'odd'> {
  const readings = seen.map(({ reading }) => reading);
  const records = readings.reduce((sum, { rows }) => sum + rows, 0);
  const log = new ProblemLog();
  // A day of nothing but empty files is refused.
  const check = await dayResult(job, readings, nothing, log);
  if (check.kind === 'rejected') return check;
  const rows = await rowsOf(job, seen, records, log, means);
  return rows === 'odd' ? rows : dayResult(job, readings, { records, rows: async () => rows }, log);
}

/** What is wrong with the result goes into the log. */
async function rowsOf(
  job: SqlJob,
  seen: readonly SeenFile[],
  records: number,
  log: ProblemLog,
  { duckdb, mostRows }: SqlMeans,
): Promise<readonly Row[] | 'odd'> {
  const complain = (message: string) => {
    log.add(problemIn(namesOf(job), message));
    return [];
  };
  const sources = seen.flatMap(({ reading, source }) => (reading.rows > 0 ? [source] : []));
  try {
    const query = dayQuery(job.definition, sources, mostRows);
    const found = resultIn(await duckdb.rows(query, job.signal));
    if (found === null) throw unsound('no count of the rows of a day');
    if (found.bad > 0 || found.records !== records) return 'odd';
    if (found.rows.length > mostRows) return complain(tooMany(mostRows));
    const taken = await takeResult(found.rows, job.definition);
    if (taken.kind === 'rows') return taken.rows;
    const { column, value, message } = taken;
    log.add({ ...problemIn(namesOf(job), message), column, value });
    return [];
  } catch (error) {
    if (!(error instanceof DuckFailure) || error.kind !== 'data') throw error;
    if (!seen.every(({ isSure }) => isSure)) return 'odd';
    return complain(`sql fails on its rows: ${inOneLine(error.message)}`);
  }
}

function tooMany(mostRows: number): string {
  const most = mostRows.toLocaleString('en');
  return `the result of sql has more rows than ${most}, the most that are taken; group by fewer columns, or by columns with fewer values`;
}

function namesOf({ files }: SqlJob): string {
  const [first, ...others] = files.map(({ name }) => name);
  return others.length === 0 ? (first ?? '') : `${first} and ${others.length} more`;
}

function unsound(what: string): ProblemError {
  const detail = `DuckDB’s result cannot be used: it has ${what}. None of it was used. Please report this.`;
  return new ProblemError('engine-failed', detail);
}
