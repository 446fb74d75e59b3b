import type { CheckpointStatus } from '../../core/checkpoint-reading.js';
import type { Plan } from '../../core/plan.js';
import type { DayStatus } from '../../core/reconcile.js';
import type { RunRequest } from '../../core/run.js';
import type { PlanAnswer } from '../schemas/plan.js';
import { totalBytes } from './day.js';

export function viewPlan(
  select: RunRequest['select'],
  plan: Plan,
  { day, reading }: CheckpointStatus,
): PlanAnswer {
  return {
    select,
    days: plan.take.map(viewPlannedDay),
    leave: plan.leave.map(viewPlannedDay),
    unknown: plan.unknown,
    checkpoint: { day, reading },
  };
}

function viewPlannedDay({ day, state, reason, raw }: DayStatus): PlanAnswer['days'][number] {
  const files = raw?.files ?? [];
  return { day, state, reason, files: files.length, bytes: totalBytes(files) };
}
