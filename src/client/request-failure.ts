import type { ProblemSlug } from '../model/problems.js';
import type { ProblemBody } from './types.js';

/** What a person is told of it. */
export type Account = Pick<ProblemBody, 'title' | 'detail' | 'nextAction'> & {
  readonly status?: number;
};

/** Why a request was not answered as asked: by Daymark's own account, or because no answer of Daymark's came. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  constructor(
    readonly account: Account | ProblemBody,
    /** Who was asked for what. */
    readonly where: string,
    options?: ErrorOptions,
  ) {
    super(account.detail, options);
  }

  /** Null where Daymark said nothing. */
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
