/** A run that did not succeed, as a problem: its body may be all that a scheduler's log shows. */
import { type ProblemSlug, problems } from '../../model/problems.js';
import type { Run, RunDay } from '../../model/run.js';
import type { Problem } from '../problem.js';
import { viewRun } from './run.js';

/** The most days that the sentence names. */
const maxNamedDays = 10;

/** For the caller that started the run and waited: the cause decides the kind and the status. */
export function failureOf(run: Run): Problem {
  const slug = run.error?.slug ?? 'run-failed';
  const status = run.status === 'failed' ? problems[slug].status : 409;
  return { slug: run.status === 'failed' ? slug : 'run-failed', status, ...failureFacts(run) };
}

/** For callers that poll the result: always the same kind, so that 409 means "it ended without success". */
export function resultFailureOf(run: Run): Problem {
  const slug: ProblemSlug = 'run-failed';
  return { slug, status: 409, ...failureFacts(run) };
}

function failureFacts(run: Run) {
  return {
    detail: describeFailure(run),
    nextAction: nextActionOf(run),
    extras: { runId: run.id },
    run: viewRun(run),
  };
}

/** By the cause, whatever kind the answer has. */
function nextActionOf({ status, error }: Run): string {
  if (status === 'failed') return problems[error?.slug ?? 'run-failed'].nextAction;
  return 'Start it again: what it did not process stays pending, and no day is counted twice.';
}

function describeFailure(run: Run): string {
  const failed = run.days.filter(({ outcome }) => outcome === 'failed');
  const more = failed.length - maxNamedDays;
  return [
    opening(run),
    ...(run.error === null ? [] : [sentence(run.error.detail)]),
    ...failed.slice(0, maxNamedDays).map(describeDay),
    ...(more > 0 ? [`${more} more days failed.`] : []),
  ].join(' ');
}

function opening(run: Run): string {
  switch (run.status) {
    case 'cancelled':
      return 'The run was cancelled.';
    case 'interrupted':
      return 'The run was interrupted: its process ended before it did.';
    default:
      return 'The run failed.';
  }
}

/** The error's detail names the first mistake, with its place. */
function describeDay({ day, error }: RunDay): string {
  return sentence(`Day ${day}: ${error?.detail ?? 'it could not be processed'}`);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
