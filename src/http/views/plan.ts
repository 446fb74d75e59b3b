import type { Plan } from '../../core/plan.js';
import type { DayStatus } from '../../core/reconcile.js';
import type { Survey } from '../../core/reconciler.js';
import type { RunRequest } from '../../core/run.js';
import type { PlanAnswer } from '../schemas/plan.js';
import { totalBytes } from './day.js';

export function viewPlan(
  select: RunRequest['select'],
  plan: Plan,
  { checkpoint, notices }: Pick<Survey, 'checkpoint' | 'notices'>,
): PlanAnswer {
  const { day, reading } = checkpoint;
  return {
    select,
    days: plan.take.map(viewPlannedDay),
    leave: plan.leave.map(viewPlannedDay),
    unknown: plan.unknown,
    checkpoint: { day, reading },
    notices,
  };
}

function viewPlannedDay({ day, state, reason, raw }: DayStatus): PlanAnswer['days'][number] {
  const files = raw?.files ?? [];
  return { day, state, reason, files: files.length, bytes: totalBytes(files) };
}
