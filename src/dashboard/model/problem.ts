/** What went wrong, as the page shows it: what, why, where, and what to do next. */
import { RequestFailure } from '../../client/request-failure.js';

export interface Problem {
  readonly title: string;
  readonly detail: string;
  /** The request, and each thing that is wrong with it. */
  readonly places: readonly string[];
  readonly nextAction: string;
  /** For finding the log lines; null if the service never answered. */
  readonly requestId: string | null;
  /** The token was refused. If it is still the same, the page asks for another. */
  readonly isRefusal: boolean;
}

/** Any thrown value: bugs of the page are shown, too, not swallowed. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof RequestFailure) {
    const { account, problem, where } = error;
    const { title, detail, nextAction } = account;
    const errors = (problem?.errors ?? []).map(({ at, message }) => `${at} ${message}`);
    const requestId = problem?.requestId ?? null;
    const isRefusal = account.status === 401;
    return { title, detail, places: [where, ...errors], nextAction, requestId, isRefusal };
  }
  return {
    title: 'This page has a bug',
    detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    places: [],
    nextAction: 'Reload the page. The API and the command line have the same information.',
    requestId: null,
    isRefusal: false,
  };
}
