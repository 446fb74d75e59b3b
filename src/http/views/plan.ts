import type { Plan } from '../../core/plan.js';
import type { DayStatus } from '../../core/reconcile.js';
import type { Survey } from '../../core/reconciler.js';
import type { RunRequest } from '../../core/run.js';
import type { PlanAnswer } from '../schemas/plan.js';
import { type HistoryOf, totalBytes } from './day.js';

export function viewPlan(
  select: RunRequest['select'],
  plan: Plan,
  { checkpoint, notices }: Pick<Survey, 'checkpoint' | 'notices'>,
  historyOf: HistoryOf,
): PlanAnswer {
  const { day, reading } = checkpoint;
  const planned = (status: DayStatus) => viewPlannedDay(status, historyOf);
  return {
    select,
    days: plan.take.map(planned),
    leave: plan.leave.map(planned),
    unknown: plan.unknown,
    checkpoint: { day, reading },
    notices,
  };
}

function viewPlannedDay(
  { day, state, reason, raw }: DayStatus,
  historyOf: HistoryOf,
): PlanAnswer['days'][number] {
  const files = raw?.files ?? [];
  const lastError = historyOf(day)?.entry.error ?? null;
  return { day, state, reason, files: files.length, bytes: totalBytes(files), lastError };
}
