/** A day's turn in a run: aggregated, or known from an earlier try; then kept for the commit, or compared by a dry
 * run. */

import type { RunDay, RunRequest } from '../model/run.js';
import {
  type AggregateDayOptions,
  type AggregatedDay,
  aggregateDay,
  type FailedDay,
  settleDay,
} from './aggregate-day.js';
import type { CommitGate } from './commit-gate.js';
import type { ReadyDay } from './day-status.js';
import type { KeptDays } from './kept-days.js';
import type { ReadAhead } from './read-ahead.js';
import { comparedDay, takenDay } from './run-days.js';
import type { RunMeter } from './run-progress.js';
import type { Survey } from './survey.js';

export interface TakenDay {
  readonly kind: 'taken';
  readonly kept: AggregatedDay;
  readonly told: RunDay;
}

interface Work {
  readonly survey: Survey;
  readonly kept: KeptDays;
  readonly ahead: ReadAhead;
}

/** The rows of the day live no longer than this call. */
export async function takeDay(
  options: AggregateDayOptions,
  handle: {
    readonly request: RunRequest;
    readonly gate: Pick<CommitGate, 'signal'>;
    readonly meter: RunMeter;
  },
  { survey, kept: days, ahead }: Work,
  status: ReadyDay & Pick<RunDay, 'state'>,
): Promise<TakenDay | FailedDay> {
  const earlier = days.of(status);
  if (earlier !== null) {
    return { kind: 'taken', kept: earlier, told: takenDay(options, status, earlier, survey) };
  }
  const begun = ahead.of(status.day);
  const settled = begun ?? (await settleDay(options, status));
  if (settled.kind === 'failed') return settled;
  const onBytes = begun === null ? handle.meter.begin(status) : () => {};
  const made = await aggregateDay(options, settled, handle.gate.signal, onBytes);
  if (made.kind === 'failed') return made;
  if (handle.request.dryRun) {
    const told = await comparedDay(options, survey, status, made);
    return { kind: 'taken', kept: days.toldOnly(made), told };
  }
  const kept = await days.keep(made);
  return { kind: 'taken', kept, told: takenDay(options, status, kept, survey) };
}
