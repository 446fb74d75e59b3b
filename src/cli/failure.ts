/** What went wrong, in one shape: title, detail, where, what to do; and the exit status that says so. */
import { RequestFailure } from '../client/request-failure.js';
import type { ProblemBody } from '../client/types.js';
import { ConfigError } from '../config/config-error.js';
import { UnfitSample } from '../init/unfit-sample.js';
import { UnfitPlace } from '../output/place.js';
import { type ExitCode, exitCodes } from './exit-codes.js';

/** A mistake in the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Failure {
  readonly exitCode: ExitCode;
  readonly title: string;
  readonly detail: string;
  readonly where?: string;
  readonly nextAction?: string;
  /** The service's own problem document, for programs. */
  readonly problem?: ProblemBody;
}

const seeHelp = 'See --help, which has examples.';

export function failureOf(error: unknown): Failure {
  if (error instanceof RequestFailure) return failureOfRequest(error);
  if (error instanceof UsageError) {
    return {
      ...fields('usage', 'The command line is wrong', error.message),
      nextAction: seeHelp,
    };
  }
  if (error instanceof ConfigError) {
    return fields('config', 'The configuration is not valid', error.mistakes.join('\n'));
  }
  if (error instanceof UnfitPlace) {
    return fields('config', 'The output cannot be kept there', error.message);
  }
  if (error instanceof UnfitSample) {
    return fields('found', 'No dataset can be written from these files', error.message);
  }
  return isSystemError(error) ? failureOfSystem(error) : defect(error);
}

function fields(code: keyof typeof exitCodes, title: string, detail: string): Failure {
  return { exitCode: exitCodes[code], title, detail };
}

function failureOfRequest({ account, problem, where }: RequestFailure): Failure {
  const { title, detail, nextAction } = account;
  if (problem === null) return { ...fields('unavailable', title, detail), where, nextAction };
  const exitCode = exitCodeOf(problem);
  // The first is in the detail already.
  const more = (problem.errors ?? []).slice(1).map(({ at, message }) => `${at} ${message}`);
  return {
    exitCode,
    title,
    detail: [detail, ...more].join('\n'),
    where,
    // A problem's remarks about request fields do not help a user who gave options.
    nextAction: exitCode === exitCodes.usage ? seeHelp : nextAction,
    problem,
  };
}

/** By kind if that matters, otherwise by who has to act: on 4xx the caller, on 5xx the service. */
function exitCodeOf({ type, status }: ProblemBody): ExitCode {
  switch (type) {
    case '/problems/run-failed':
    case '/problems/no-days':
    case '/problems/checkpoint-drift':
      return exitCodes.found;
    case '/problems/run-in-progress':
    case '/problems/queue-full':
      return exitCodes.unavailable;
    case '/problems/internal-error':
      return exitCodes.defect;
    default:
      return exitCodeOfStatus(status);
  }
}

function exitCodeOfStatus(status: number): ExitCode {
  if (status >= 500 || status === 429) return exitCodes.unavailable;
  return status === 400 ? exitCodes.usage : exitCodes.refused;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function failureOfSystem(error: NodeJS.ErrnoException): Failure {
  return {
    ...fields('unavailable', 'The files cannot be used', `${error.message}.`),
    nextAction: 'Fix permissions or free space, then try again; committed data is safe.',
  };
}

function defect(error: unknown): Failure {
  return {
    ...fields(
      'defect',
      'Something broke inside Daymark',
      error instanceof Error ? error.message : String(error),
    ),
    nextAction: 'Run it again with --verbose, and report what it prints.',
  };
}
