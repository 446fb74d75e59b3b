/** Fields of a problem in addition to its sentence. */

/** One thing that is wrong with a request, or one check that failed. */
export interface ProblemDetail {
  /** Where: a field's path such as `days.0`, a header, a check. */
  readonly at: string;
  readonly message: string;
}

export interface ProblemExtras {
  readonly errors?: readonly ProblemDetail[];
  readonly runId?: string;
  readonly retryAfterSeconds?: number;
  /** For the log; never sent. */
  readonly cause?: unknown;
}
