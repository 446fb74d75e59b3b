/** What a run tells of each of its days. */
import type { AggregateDayOptions, AggregatedDay, FailedDay } from './aggregate-day.js';
import { differenceOf } from './difference.js';
import type { Plan } from './plan.js';
import type { ReadyDay } from './reconcile.js';
import type { Survey } from './reconciler.js';
import type { DayOutcome, RunDay, RunRequest } from './run.js';
import { rawBytes } from './run-progress.js';

export async function takenDay(
  { output, engine }: AggregateDayOptions,
  { dryRun }: RunRequest,
  survey: Survey,
  status: ReadyDay & Pick<RunDay, 'state'>,
  result: AggregatedDay,
): Promise<RunDay> {
  const { rows, items } = result.encoded;
  const taken: RunDay = {
    day: status.day,
    state: status.state,
    outcome: outcomeOf(status, result),
    orders: result.orders,
    rows,
    items,
    bytes: rawBytes(result.raw),
    engine: engine.name,
  };
  if (!dryRun) return taken;
  const before = await output.rows(survey.output, status.day);
  if (before === null)
    return { ...taken, reason: 'the output changed meanwhile; run it again for the difference' };
  return { ...taken, difference: differenceOf(before, result.rows) };
}

function outcomeOf({ output, ledger }: ReadyDay, { encoded }: AggregatedDay): DayOutcome {
  if (output === null && ledger === null) return 'added';
  const before = output?.sha256 ?? null;
  const after = encoded.rows > 0 ? encoded.sha256 : null;
  return before === after ? 'unchanged' : 'replaced';
}

export function failedDay(
  { engine }: AggregateDayOptions,
  { day, state }: Pick<RunDay, 'day' | 'state'>,
  { raw, error }: FailedDay,
): RunDay {
  const counts = { orders: null, rows: 0, items: 0, bytes: rawBytes(raw) };
  return { day, state, outcome: 'failed', ...counts, engine: engine.name, error };
}

export function skipped(status: Pick<RunDay, 'day' | 'state'>, reason: string): RunDay {
  const { day, state } = status;
  return { day, state, outcome: 'skipped', orders: null, rows: 0, items: 0, bytes: 0, reason };
}

/** A listed day without raw data: one that still waits was asked for in vain, the others are at rest. */
export function leftOut(status: Plan['leave'][number]): RunDay {
  if (status.state !== 'waiting') return skipped(status, status.reason);
  const error = {
    code: 'day-waiting',
    detail: status.reason,
    problems: [],
    problemCount: 0,
  } as const;
  return { ...skipped(status, status.reason), outcome: 'failed', error };
}

export function inOrder({ layout }: AggregateDayOptions, days: readonly RunDay[]): RunDay[] {
  return [...days].sort((a, b) => layout.compare(a.day, b.day));
}
