import type { DayError, Run, RunDay } from '../../client/types.js';
import { moreProblems } from '../../model/more-problems.js';
import { type ProblemSlug, problems } from '../../model/problems.js';
import { placeOf } from '../../model/raw-problem.js';
import { hasEnded } from '../../model/run.js';
import { measureOf } from '../../model/totals.js';
import type { Connected } from '../connect.js';
import type { Output } from '../console.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { Failure } from '../failure.js';
import { type Column, table, wrapped } from '../table.js';
import { numeral, took } from '../words.js';
import { outcomeStyles, stateStyles, statusStyles } from './colours.js';
import { describeDifference } from './difference.js';
import { measureCell, measureColumn } from './measure.js';
import { viewWarnings } from './notices.js';

/** The most wrong cells of one day that are listed. */
const maxProblems = 5;

export function viewRun(out: Output, run: Run): string {
  const measure = measureOf(run.days.map(({ totals }) => totals));
  const days =
    run.days.length === 0
      ? ''
      : `${table(
          out,
          columnsOf(run, measure),
          run.days.map((day) => rowOf(out, run, day, measure)),
        )}\n`;
  // The reason for a failure is printed separately.
  const warnings = viewWarnings(
    out,
    run.warnings.filter((warning) => warning !== run.error?.detail),
  );
  return `${days}${warnings}${wrapped(summary(out, run), 0, out.columns())}\n`;
}

function columnsOf({ dryRun }: Run, measure: string | null): Column[] {
  return [
    { title: 'DAY' },
    { title: 'WAS' },
    { title: dryRun ? 'WOULD BE' : 'OUTCOME' },
    { title: 'RECORDS', align: 'right' },
    { title: 'ROWS', align: 'right' },
    ...measureColumn(measure),
    ...(dryRun ? [{ title: 'CHANGE' }] : []),
  ];
}

function rowOf(out: Output, { dryRun }: Run, day: RunDay, measure: string | null): string[] {
  const { state, outcome, records, rows, totals } = day;
  const isRead = outcome !== 'failed' && outcome !== 'skipped';
  return [
    day.day,
    out.paint(stateStyles[state], state),
    out.paint(outcomeStyles[outcome], outcome),
    numeral(records),
    numeral(isRead ? rows : null),
    ...measureCell(measure, isRead ? totals : null),
    ...(dryRun ? [describeDifference(day)] : []),
  ];
}

function summary(out: Output, run: Run): string {
  const { id, status, dryRun, commit, checkpoint, days, durationMs, engineReason } = run;
  const isIdle = status === 'succeeded' && days.length === 0;
  return [
    `${dryRun ? 'dry run' : 'run'} ${id} ${out.paint(statusStyles[status], status)}`,
    ...(isIdle ? ['nothing to do'] : []),
    ...(hasEnded(run) ? [took(durationMs)] : []),
    ...(commit === null ? [] : [`commit ${commit}`]),
    ...(dryRun || !hasEnded(run) ? [] : [`checkpoint ${checkpoint.after ?? 'none'}`]),
    ...(engineReason === null ? [] : [engineReason]),
  ].join(' · ');
}

export function exitCodeOfRun({ status, error }: Run): ExitCode {
  switch (status) {
    case 'succeeded':
      return exitCodes.ok;
    case 'failed':
      return error === null || error.type === '/problems/no-days'
        ? exitCodes.found
        : exitCodes.unavailable;
    case 'cancelled':
    case 'interrupted':
      return exitCodes.unavailable;
    default:
      return exitCodes.unfinished;
  }
}

/** Null if it has not failed (so far). */
export function failureOfRun(run: Run, { client, inCommands }: Connected): Failure | null {
  if (!hasEnded(run) || run.status === 'succeeded') return null;
  const slug = (run.error?.type.replace('/problems/', '') ?? 'run-failed') as ProblemSlug;
  const failed = run.days.filter(({ outcome }) => outcome === 'failed');
  return {
    exitCode: exitCodeOfRun(run),
    title: run.status === 'failed' ? problems[slug].title : `The run was ${run.status}`,
    detail: [
      ...(run.error === null ? [] : [run.error.detail]),
      ...failed.flatMap(({ day, error }) => describeDay(day, error)),
      ...(run.status === 'failed' ? [] : ['Nothing was changed; what was pending stays pending.']),
    ].join('\n'),
    where: `run ${run.id} at ${client.place}`,
    nextAction: inCommands(nextActionAfter(run, slug)),
  };
}

function nextActionAfter({ status, dryRun }: Run, slug: ProblemSlug): string {
  if (status !== 'failed') return 'Run it again.';
  if (dryRun && slug === 'run-failed')
    return 'Fix these raw files: a run would leave out their days.';
  return problems[slug].nextAction;
}

/** Each wrong cell with its place, in the engine's words. */
export function describeDay(day: string, error: DayError | undefined): string[] {
  if (error === undefined) return [`day ${day}: it could not be processed`];
  const { problems: cells, detail } = error;
  if (cells.length === 0) return [`day ${day}: ${detail}`];
  const more = moreProblems(error, Math.min(cells.length, maxProblems));
  return [
    ...cells.slice(0, maxProblems).map((cell) => `day ${day}: ${placeOf(cell)}`),
    ...(more === null ? [] : [`day ${day}: ${more}`]),
  ];
}
