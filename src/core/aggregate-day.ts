/** One day of a run: from its raw files to canonical rows, or to the reason for a failure. */

import type { OutputShape } from '../model/column.js';
import type { DayLayout } from '../model/day.js';
import type { Definition } from '../model/definition.js';
import { moreProblems } from '../model/more-problems.js';
import { ProblemError } from '../model/problems.js';
import { placeOf } from '../model/raw-problem.js';
import type { Row } from '../model/row.js';
import type { DayError, DayErrorCode } from '../model/run.js';
import type { Say } from '../model/setting-names.js';
import { checkFiles, columnsOf, type FileChecks } from './check-files.js';
import type { ReadyDay } from './day-status.js';
import { RawReadError } from './failures.js';
import type { DayAggregate, DayRejection, Engine } from './ports/engine.js';
import type { EncodedDay, KeptDay, OutputStore } from './ports/output.js';
import type { RawDay, RawStore } from './ports/raw.js';

export interface AggregatedDay {
  readonly kind: 'aggregated';
  readonly raw: RawDay;
  readonly records: number;
  readonly encoded: KeptDay;
  /** All category columns of its files, sorted by code point. */
  readonly columns: readonly string[];
  /** Warnings for people. */
  readonly warnings: readonly string[];
}

/** A freshly aggregated day: its rows are released before the next day. */
export interface MadeDay extends AggregatedDay {
  readonly rows: readonly Row[];
  readonly encoded: EncodedDay;
}

export interface FailedDay {
  readonly kind: 'failed';
  readonly raw: RawDay;
  readonly error: DayError;
}

export interface AggregateDayOptions {
  readonly layout: DayLayout;
  readonly raw: RawStore;
  readonly output: OutputStore;
  readonly engine: Engine;
  readonly definition: Definition;
  /** The shape of the definition's rows. */
  readonly shape: OutputShape;
  readonly fileChecks: FileChecks;
  readonly say: Say;
}

type Reading = Omit<AggregateDayOptions, 'output'>;

/** A day whose raw files are steady and readable. */
export interface SettledDay {
  readonly kind: 'settled';
  readonly raw: RawDay;
  /** If an engine has already begun with it together with others; otherwise the day is read when its turn comes. */
  readonly read?: () => Promise<DayAggregate | DayRejection>;
}

/** Throws ProblemError when the raw root is gone. */
export async function settleDay(
  options: Pick<AggregateDayOptions, 'raw'>,
  status: ReadyDay,
): Promise<SettledDay | FailedDay> {
  const raw = await options.raw.settle(status.day);
  if (raw === null || !raw.ready) {
    const lack = raw === null ? 'its folder is gone' : `it waits for ${raw.waitsFor}`;
    return failed(status.raw, 'raw-changed', `${lack}, since the run began`);
  }
  return raw.refused.length > 0 ? refused(raw) : { kind: 'settled', raw };
}

/**
 * Throws the signal’s reason when it is aborted, and ProblemError when the raw root is gone, or the engine
 * has nothing for any day.
 */
export async function aggregateDay(
  options: Reading & { readonly output: Pick<OutputStore, 'encode'> },
  settled: SettledDay,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<MadeDay | FailedDay> {
  const { raw } = settled;
  const result = await readDay(options, settled, signal, onBytes);
  if (result.kind === 'failed' && result.error.code !== 'engine-failed') return result;
  const after = await options.raw.settle(raw.day);
  if (after?.identity !== raw.identity) {
    return failed(raw, 'raw-changed', 'its raw files changed while they were read');
  }
  if (result.kind === 'failed') return result;
  if (result.kind === 'rejected') return rejected(raw, saying(result, options.say));
  const { files, warnings, records, rows } = result;
  const encoded = await options.output.encode(raw.day, rows);
  return { kind: 'aggregated', raw, records, rows, encoded, columns: columnsOf(files), warnings };
}

type ReadDay = (DayAggregate & Pick<AggregatedDay, 'warnings'>) | DayRejection;

/** The engine's result, and whether its files are consistent with each other. */
async function readDay(
  options: Reading,
  settled: SettledDay,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<ReadDay | FailedDay> {
  const { raw } = settled;
  try {
    const result = await runEngine(options, settled, signal, onBytes);
    if (result.kind === 'rejected') return result;
    const { problems, warnings } = await checkFiles(raw, result.files, options.fileChecks, signal);
    if (problems.length === 0) return { ...result, warnings };
    return { kind: 'rejected', problems, problemCount: problems.length };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProblemError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    if (!(error instanceof RawReadError)) return failed(raw, 'engine-failed', detail);
    const problem = { file: error.file, line: null, column: null, value: null, message: detail };
    return failed(raw, 'raw-unreadable', detail, [problem]);
  }
}

function runEngine(
  { engine, definition }: Reading,
  { raw, read }: SettledDay,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<DayAggregate | DayRejection> {
  if (read !== undefined) return read();
  const { day, files, complete } = raw;
  return engine.aggregate({ day, definition, files, complete, signal, onBytes });
}

function refused(raw: RawDay): FailedDay {
  const problems = raw.refused.map(({ name, reason }) => ({
    file: name,
    line: null,
    column: null,
    value: null,
    message: reason,
  }));
  const [first] = problems;
  return failed(raw, 'raw-unreadable', `${first?.file}: ${first?.message}`, problems);
}

function saying({ problems, ...rest }: DayRejection, say: Say): DayRejection {
  return { ...rest, problems: problems.map((each) => ({ ...each, message: say(each.message) })) };
}

function rejected(raw: RawDay, rejection: DayRejection): FailedDay {
  const { problems, problemCount, stoppedAt } = rejection;
  const [first] = problems;
  const more = moreProblems(rejection, 1);
  const others = more === null ? '' : ` (and ${more})`;
  const detail = first === undefined ? 'its raw data is bad' : `${placeOf(first)}${others}`;
  const { error } = failed(raw, 'raw-invalid', detail, problems);
  return {
    kind: 'failed',
    raw,
    error: { ...error, problemCount, ...(stoppedAt && { stoppedAt }) },
  };
}

export function failed(
  raw: RawDay,
  code: DayErrorCode,
  detail: string,
  problems: DayError['problems'] = [],
): FailedDay {
  const problemCount = problems.length;
  return {
    kind: 'failed',
    raw,
    error: { code, detail, problems: problems.slice(0, 20), problemCount },
  };
}
