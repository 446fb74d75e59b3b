import type { DayStatus } from '../../core/day-status.js';
import type { Plan } from '../../core/plan.js';
import type { Survey } from '../../core/survey.js';
import type { DayLayout } from '../../model/day.js';
import type { RunRequest } from '../../model/run.js';
import { type DayPageQuery, pageOfDays } from '../day-pages.js';
import type { PlanAnswer } from '../schemas/plan.js';
import { type HistoryOf, totalBytes } from './day.js';

export function viewPlan(
  layout: DayLayout,
  { select, ...wish }: DayPageQuery & Pick<RunRequest, 'select'>,
  plan: Plan,
  { checkpoint, notices }: Pick<Survey, 'checkpoint' | 'notices'>,
  historyOf: HistoryOf,
): PlanAnswer {
  const { day, reading } = checkpoint;
  const { page, nextCursor } = pageOfDays(layout, plan.take, wish);
  const planned = (status: DayStatus) => viewPlannedDay(status, historyOf);
  return {
    select,
    days: page.map(planned),
    nextCursor,
    total: totalOf(plan.take),
    leave: plan.leave.map(planned),
    unknown: plan.unknown,
    checkpoint: { day, reading },
    notices,
  };
}

function totalOf(days: Plan['take']): PlanAnswer['total'] {
  return {
    days: days.length,
    files: days.reduce((sum, { raw }) => sum + raw.files.length, 0),
    bytes: days.reduce((sum, { raw }) => sum + totalBytes(raw.files), 0),
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
