import { problems } from '../../model/problems.js';
import { dayOutcomes, type Run, type RunDay, type RunError } from '../../model/run.js';
import { sumOf } from '../../model/total.js';
import { sumTotals } from '../../model/totals.js';
import { type ListedRunAnswer, listedRequestedDays, type RunAnswer } from '../schemas/run.js';
import { countKinds } from './count-kinds.js';

export function viewRun(run: Run): RunAnswer {
  const { select, days, dryRun, engine, onDayFailure } = run.request;
  return {
    id: run.id,
    key: run.key,
    attempt: run.attempt,
    status: run.status,
    select,
    requestedDays: days,
    dryRun,
    engine,
    engineReason: run.engineReason,
    onDayFailure,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    durationMs: run.durationMs,
    checkpoint: run.checkpoint,
    reading: run.reading,
    commit: run.commit,
    summary: { ...sumUp(run.days), requestedDays: days?.length ?? null },
    days: run.days,
    progress: run.progress,
    warnings: run.warnings,
    error: run.error === null ? null : viewRunError(run.error),
  };
}

/** For lists: short, however many days there are. */
export function viewListedRun(run: Run): ListedRunAnswer {
  const { days, requestedDays, ...short } = viewRun(run);
  return { ...short, requestedDays: requestedDays?.slice(0, listedRequestedDays) ?? null };
}

type DayFigures = Omit<RunAnswer['summary'], 'requestedDays'>;

/** A run keeps the same list object until a day is added. */
const known = new WeakMap<readonly RunDay[], DayFigures>();

function sumUp(days: readonly RunDay[]): DayFigures {
  const before = known.get(days);
  if (before !== undefined) return before;
  const figures = {
    days: days.length,
    outcomes: countKinds(
      dayOutcomes,
      days.map(({ outcome }) => outcome),
    ),
    records: sumOf(days.map(({ records }) => records ?? 0)),
    rows: days.reduce((sum, { rows }) => sum + rows, 0),
    totals: sumTotals(days.map(({ totals }) => totals)),
    bytes: days.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  known.set(days, figures);
  return figures;
}

function viewRunError({ slug, detail }: RunError): RunAnswer['error'] {
  return { type: `/problems/${slug}`, title: problems[slug].title, detail };
}
