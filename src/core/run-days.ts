/** A run's report about each of its days. */

import type { OutputDay } from '../model/ledger.js';
import type { DayDifference, DayOutcome, RunDay } from '../model/run.js';
import { noTotals } from '../model/totals.js';
import type { AggregateDayOptions, AggregatedDay, FailedDay, MadeDay } from './aggregate-day.js';
import type { ReadyDay } from './day-status.js';
import { Difference, noDifference } from './difference.js';
import type { Plan } from './plan.js';
import { rawBytes } from './run-progress.js';
import type { Survey } from './survey.js';

export function takenDay(
  { engine }: AggregateDayOptions,
  status: ReadyDay & Pick<RunDay, 'state'>,
  result: AggregatedDay,
  { columns }: Pick<Survey, 'columns'>,
): RunDay {
  const { rows, totals } = result.encoded;
  return {
    day: status.day,
    state: status.state,
    outcome: outcomeOf(status, result, columns !== null),
    records: result.records,
    rows,
    totals,
    bytes: rawBytes(result.raw),
    engine: engine.name,
  };
}

/** What a dry run tells of a day: what a run would change. */
export async function comparedDay(
  options: AggregateDayOptions,
  survey: Survey,
  status: ReadyDay & Pick<RunDay, 'state'>,
  made: MadeDay,
): Promise<RunDay> {
  const taken = takenDay(options, status, made, survey);
  // The same bytes are the same rows.
  if (taken.outcome === 'unchanged') {
    return { ...taken, difference: noDifference(made.encoded.totals) };
  }
  if (survey.columns !== null) return { ...taken, difference: otherRows(status.output, made) };
  const difference = new Difference(options.shape, made.rows);
  const query = { days: [status.day], behind: null };
  const isRead = await options.output.rows(survey.output, query, (row) => {
    difference.take(row);
    return true;
  });
  if (!isRead)
    return { ...taken, reason: 'the output changed meanwhile; run it again for the difference' };
  return { ...taken, difference: difference.end() };
}

/** Rows below other columns are other rows. */
function otherRows(before: OutputDay | null, { encoded }: MadeDay): DayDifference {
  return {
    rowsAdded: encoded.rows,
    rowsRemoved: before?.rows ?? 0,
    rowsChanged: 0,
    totalsBefore: before?.totals ?? {},
    totalsAfter: encoded.totals,
  };
}

function outcomeOf(
  { output, ledger }: ReadyDay,
  { encoded }: AggregatedDay,
  hasOtherColumns: boolean,
): DayOutcome {
  if (output === null && ledger === null) return 'added';
  if (output !== null && hasOtherColumns) return 'replaced';
  const before = output?.sha256 ?? null;
  const after = encoded.rows > 0 ? encoded.sha256 : null;
  return before === after ? 'unchanged' : 'replaced';
}

export function failedDay(
  { engine, shape }: AggregateDayOptions,
  { day, state }: Pick<RunDay, 'day' | 'state'>,
  { raw, error }: FailedDay,
): RunDay {
  const counts = { records: null, rows: 0, totals: noTotals(shape), bytes: rawBytes(raw) };
  return { day, state, outcome: 'failed', ...counts, engine: engine.name, error };
}

export function skipped(
  { shape }: Pick<AggregateDayOptions, 'shape'>,
  { day, state }: Pick<RunDay, 'day' | 'state'>,
  reason: string,
): RunDay {
  const counts = { records: null, rows: 0, totals: noTotals(shape), bytes: 0 };
  return { day, state, outcome: 'skipped', ...counts, reason };
}

/** A listed day without raw data: a waiting one fails, the others are skipped. */
export function leftOut(
  options: Pick<AggregateDayOptions, 'shape'>,
  status: Plan['leave'][number],
): RunDay {
  const day = skipped(options, status, status.reason);
  if (status.state !== 'waiting') return day;
  const error = {
    code: 'day-waiting',
    detail: status.reason,
    problems: [],
    problemCount: 0,
  } as const;
  return { ...day, outcome: 'failed', error };
}

export function inOrder({ layout }: AggregateDayOptions, days: readonly RunDay[]): RunDay[] {
  return [...days].sort((a, b) => layout.compare(a.day, b.day));
}
