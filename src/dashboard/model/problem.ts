/** What went wrong, as the page shows it: what, why, where, and what to do next. */
import type { ProblemBody } from '../api/types.js';

export interface Problem {
  readonly title: string;
  readonly detail: string;
  /** The request, and each thing that is wrong with it. */
  readonly places: readonly string[];
  readonly nextAction: string;
  /** Find the log lines by it; null where the service never answered. */
  readonly requestId: string | null;
  readonly status: number | null;
}

/** Thrown by the API client for every answer that is no success. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** `asked` names the request, such as `GET /v1/days`. */
export function problemOf(asked: string, status: number, body: unknown): Problem {
  if (!isProblemBody(body)) return unreadableAnswer(asked, status);
  const errors = (body.errors ?? []).map(({ at, message }) => `${at} ${message}`);
  return {
    title: body.title,
    detail: body.detail,
    places: [asked, ...errors],
    nextAction: body.nextAction,
    requestId: body.requestId,
    status,
  };
}

export function unreachable(asked: string, reason: string): Problem {
  return {
    title: 'The service does not answer',
    detail: `The request did not get through: ${reason}.`,
    places: [asked],
    nextAction: 'See whether the service runs and is reached from here. The page keeps trying.',
    requestId: null,
    status: null,
  };
}

/** Whatever was thrown: a defect of the page is shown, too, not swallowed. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof RequestFailure) return error.problem;
  return {
    title: 'This page has a defect',
    detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    places: [],
    nextAction: 'Load the page again. The API and the command line tell the same facts.',
    requestId: null,
    status: null,
  };
}

function unreadableAnswer(asked: string, status: number): Problem {
  return {
    title: `The answer is not one of Daymark (status ${status})`,
    detail: 'Something between this page and the service answered in its place.',
    places: [asked],
    nextAction: 'Look at the proxy in between, or open the page directly.',
    requestId: null,
    status,
  };
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'title' in body && 'nextAction' in body;
}
