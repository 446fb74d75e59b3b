/** What each part found, as it is written to JSON, committed, and made into docs/PERFORMANCE.md. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Facts } from './facts.js';
import type { PartName, pageParts } from './options.js';
import type { Summary } from './statistics.js';
import type { MeasuredColumn } from './subjects.js';
import type { Shape } from './workloads/rows.js';
import type { SalesFormat } from './workloads/sales.js';

/** All times are in milliseconds. */
export interface DaysResult {
  readonly threads: number;
  /** Of each contestant, but fewer for one who has used up the budget. */
  readonly rounds: number;
  readonly budgetMs: number;
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
  readonly days: readonly DayResult[];
}

export interface DayResult {
  readonly shape: Shape;
  readonly orders: number;
  readonly sizeBytes: number;
  readonly contestants: readonly ContestantResult[];
}

export interface ContestantResult {
  readonly name: string;
  readonly time: Summary;
  /** Without the start of its process, where it has one of its own. */
  readonly job: Summary | null;
}

export interface LargeResult {
  /** Why it was not measured; the other fields are null then. */
  readonly skipped: string | null;
  readonly orders: number | null;
  readonly sizeBytes: number | null;
  readonly run: Summary | null;
  readonly wc: Summary | null;
  /** Null too where /proc does not tell. */
  readonly peakMemoryBytes: number | null;
  readonly idleMemoryBytes: number | null;
}

export interface GrowthResult {
  readonly sizes: readonly GrowthOfSize[];
}

export interface GrowthOfSize {
  readonly name: DaySize;
  readonly histories: readonly HistoryResult[];
}

/** What a day adds to the output: about 1 kB, or 38 kB as real days do. */
export type DaySize = 'small' | 'real-shaped';

export interface HistoryResult {
  readonly days: number;
  readonly outputBytes: number;
  readonly times: Readonly<Record<GrowthSubject, Summary>>;
  /** `lstat` of every folder and file in plain C, on two threads; null where there is no compiler. */
  readonly plainStats: Summary | null;
}

export const growthSubjects = [
  'one-day run',
  'copy of the output',
  'one-day run, less the copy',
  'run with nothing to do',
  'GET /v1/checkpoint',
  'GET /v1/days',
  'GET /v1/days/{day}',
  'GET /v1/plan',
  'GET /v1/output?day={day}',
] as const;
export type GrowthSubject = (typeof growthSubjects)[number];

export interface HttpResult {
  readonly connections: number;
  readonly secondsPerTurn: number;
  readonly subjects: readonly HttpSubjectResult[];
}

export interface HttpSubjectResult {
  readonly name: string;
  readonly requestsPerSecond: Summary;
  readonly p50: Summary;
  readonly p99: Summary;
}

export interface ScaleResult {
  /** How often the service was started, and each request sent. */
  readonly starts: number;
  readonly looks: number;
  readonly histories: readonly ScaleOfHistory[];
}

export interface ScaleOfHistory extends MeasuredColumn<ScaleSubject, ScaleSize> {
  readonly days: number;
}

export const scaleSubjects = [
  'first run over all days',
  'start to ready',
  'first look at all days',
  'run with nothing to do',
  'one-day run',
  'GET /v1/checkpoint',
  'GET /v1/days',
  'GET /v1/days?state=new,late,changed',
  'GET /v1/plan',
  'first page of the dashboard',
  'longest wait beside GET /v1/days',
] as const;
export type ScaleSubject = (typeof scaleSubjects)[number];

export const scaleSizes = [
  'output',
  'memory, ready',
  'memory, after the first look',
  'memory, after all of this',
  'peak memory of the first run',
  'answer of GET /v1/days',
  'answers for the dashboard',
  'newest full record',
  'newest differential record',
  'record of the first run',
  '_daymark/ in all',
] as const;
export type ScaleSize = (typeof scaleSizes)[number];

export interface DatasetsResult {
  readonly daysPerDataset: number;
  readonly starts: number;
  readonly looks: number;
  readonly services: readonly ServiceOfDatasets[];
}

export interface ServiceOfDatasets extends MeasuredColumn<DatasetsSubject, DatasetsSize> {
  readonly datasets: number;
}

export const datasetsSubjects = [
  'first run of each dataset, all asked for at once',
  'start to ready',
  'first GET /v1/datasets',
  'GET /v1/datasets',
  'GET /v1/datasets/{dataset}/days',
  'run with nothing to do',
  'one-day run',
  'one-day run of each dataset, all asked for at once',
  'longest wait beside these',
] as const;
export type DatasetsSubject = (typeof datasetsSubjects)[number];

export const datasetsSizes = [
  'memory, ready',
  'memory, after the first look at all',
  'memory, after all of this',
  'peak memory of the first runs',
] as const;
export type DatasetsSize = (typeof datasetsSizes)[number];

/** A large day of sales in each format, put into an output that has others. */
export interface ColumnsResult {
  readonly threads: number;
  readonly rounds: number;
  readonly budgetMs: number;
  readonly rows: number;
  /** Rows of the output for each day. */
  readonly groups: number;
  readonly daysBefore: number;
  readonly absent: DaysResult['absent'];
  readonly days: readonly SalesDayResult[];
}

export interface SalesDayResult {
  readonly format: SalesFormat;
  readonly sizeBytes: number;
  readonly contestants: readonly ContestantResult[];
}

export interface BackfillResult {
  readonly days: number;
  readonly rounds: number;
  readonly rowsOfDay: number;
  readonly groupsOfDay: number;
  readonly formats: readonly BackfillOfFormat[];
}

export interface BackfillOfFormat {
  readonly format: SalesFormat;
  /** Of a service that has just been started, and has no state yet. */
  readonly firstRun: OneAndAll;
  readonly nextRun: OneAndAll;
}

export interface OneAndAll {
  /** A run of a dataset that has no other. */
  readonly oneDay: Summary;
  readonly allDays: Summary;
}

export interface MemoryResult {
  readonly rowsOfDay: number;
  readonly groupsOfDay: number;
  readonly formats: readonly MemoryOfFormat[];
}

export interface MemoryOfFormat {
  readonly format: SalesFormat;
  readonly oneDayRun: Summary;
  readonly looks: readonly MemoryAfterRuns[];
}

/** Null where /proc does not tell. */
export interface MemoryAfterRuns {
  readonly runs: number;
  readonly serviceBytes: number | null;
  readonly duckDbBytes: number | null;
}

export interface PartResults {
  readonly days: DaysResult;
  readonly large: LargeResult;
  readonly growth: GrowthResult;
  readonly http: HttpResult;
  readonly columns: ColumnsResult;
  readonly backfill: BackfillResult;
  readonly memory: MemoryResult;
  readonly scale: ScaleResult;
  readonly datasets: DatasetsResult;
}

export interface Measured<Part extends PartName> {
  readonly format: 1;
  readonly facts: Facts;
  readonly result: PartResults[Part];
}

/** A full run's parts, each with its own circumstances: they may have been measured one by one. */
export type AllMeasured = { readonly [Part in (typeof pageParts)[number]]: Measured<Part> };

export async function writeResult(
  folder: string,
  part: PartName,
  measured: Measured<PartName>,
): Promise<string> {
  const path = join(folder, `${part}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, `${JSON.stringify(measured, null, 2)}\n`);
  return path;
}

export async function readResults(folder: string): Promise<AllMeasured> {
  return {
    days: await readResult(folder, 'days'),
    large: await readResult(folder, 'large'),
    growth: await readResult(folder, 'growth'),
    http: await readResult(folder, 'http'),
    columns: await readResult(folder, 'columns'),
    backfill: await readResult(folder, 'backfill'),
    memory: await readResult(folder, 'memory'),
  };
}

export async function readResult<Part extends PartName>(
  folder: string,
  part: Part,
): Promise<Measured<Part>> {
  const measured = JSON.parse(await readFile(join(folder, `${part}.json`), 'utf8'));
  if (measured.format !== 1) throw new Error(`${part}.json is of another format`);
  return measured as Measured<Part>;
}
