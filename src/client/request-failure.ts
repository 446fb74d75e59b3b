import type { ProblemSlug } from '../model/problems.js';
import type { ProblemBody } from './types.js';

/** The explanation for people. */
export type Account = Pick<ProblemBody, 'title' | 'detail' | 'nextAction'> & {
  readonly status?: number;
};

/** Why a request failed: as Daymark explains it, or because Daymark did not answer. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  constructor(
    readonly account: Account | ProblemBody,
    /** Which request it was, and where it went. */
    readonly where: string,
    options?: ErrorOptions,
  ) {
    super(account.detail, options);
  }

  /** Null if Daymark did not answer. */
  get problem(): ProblemBody | null {
    return 'type' in this.account ? this.account : null;
  }
}

export function isProblem(
  error: unknown,
  slug: ProblemSlug,
): error is RequestFailure & { readonly problem: ProblemBody } {
  return error instanceof RequestFailure && error.problem?.type === `/problems/${slug}`;
}
