/**
 * The registry of problems: everything that a request can be answered with besides success.
 *
 * `/problems`, `docs/PROBLEMS.md` and the OpenAPI document are written from it, and a test answers each one.
 */

import type { ProblemExtras } from './problem-extras.js';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Whether the same request, sent again later, can succeed with nothing else changed by the caller. */
  readonly retryable: boolean;
  readonly when: string;
  readonly nextAction: string;
}

export const problems = {
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    retryable: false,
    when: 'A field, parameter or header is missing, unknown or of the wrong shape.',
    nextAction: 'Correct the fields that `errors` names and send the request again.',
  },
  'invalid-json': {
    status: 400,
    title: 'The body is not JSON',
    retryable: false,
    when: 'The body claims to be JSON and cannot be parsed.',
    nextAction: 'Send well-formed JSON, or no body at all.',
  },
  unauthorized: {
    status: 401,
    title: 'A token is needed',
    retryable: false,
    when: 'Tokens are configured, and the request shows none of them.',
    nextAction: 'Send `Authorization: Bearer TOKEN`, or Basic with the token as the password.',
  },
  forbidden: {
    status: 403,
    title: 'This token may only read',
    retryable: false,
    when: 'A read token is shown with a request for a change, or for what costs as much as a run.',
    nextAction: 'Use an operate token.',
  },
  'cross-origin': {
    status: 403,
    title: 'Another web page’s request',
    retryable: false,
    when: 'A browser says that a web page of another origin sends the request, or, where no tokens are configured, it is sent to a host name other than localhost.',
    nextAction:
      'Send it from a page of this service, or by another client than a browser; a service without tokens is reached as localhost.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such route',
    retryable: false,
    when: 'No route has this method and path, or no type of problem has this name.',
    nextAction: 'See /docs for the routes.',
  },
  'dataset-not-found': {
    status: 404,
    title: 'There is no such dataset',
    retryable: false,
    when: 'No dataset of the service has this name.',
    nextAction: 'List the datasets with GET /v1/datasets.',
  },
  'run-not-found': {
    status: 404,
    title: 'There is no such run',
    retryable: false,
    when: 'No run has this id or key, or it left the history.',
    nextAction: 'List the runs with GET /v1/runs.',
  },
  'run-pending': {
    status: 404,
    title: 'The run has not ended',
    retryable: true,
    when: 'The result of a run is asked for while it is queued or running.',
    nextAction: 'Ask again after `Retry-After` seconds, or send `Prefer: wait=SECONDS`.',
  },
  'day-not-found': {
    status: 404,
    title: 'There is no such day',
    retryable: true,
    when: 'Neither the raw root nor the output holds this day.',
    nextAction: 'List the days with GET /v1/days.',
  },
  'day-pending': {
    status: 404,
    title: 'The day is not committed',
    retryable: true,
    when: 'The receipt of a day is asked for before its raw data is in the output.',
    nextAction: 'Start a run, or ask again later.',
  },
  'output-absent': {
    status: 404,
    title: 'There is no output yet',
    retryable: true,
    when: 'The output file is asked for before the first commit.',
    nextAction: 'Start a run.',
  },
  'not-acceptable': {
    status: 406,
    title: 'No such representation',
    retryable: false,
    when: 'The output is asked for in a media type other than JSON and CSV.',
    nextAction: 'Ask for application/json or text/csv.',
  },
  'run-in-progress': {
    status: 409,
    title: 'Another run is active',
    retryable: true,
    when: 'A run is asked for with `ifActive: reject`, or a rewind, while a run is queued or running.',
    nextAction: 'Wait for the run that `Location` names.',
  },
  'queue-full': {
    status: 409,
    title: 'Too many different runs are waiting',
    retryable: true,
    when: 'Eight different requests are queued behind the active run.',
    nextAction: 'Ask again after `Retry-After` seconds.',
  },
  'run-ended': {
    status: 409,
    title: 'The run is over',
    retryable: false,
    when: 'A run is cancelled that has ended, or that is past its commit point.',
    nextAction: 'Read its result with GET /v1/runs/{id}.',
  },
  'checkpoint-drift': {
    status: 409,
    title: 'The checkpoint was not in sync',
    retryable: true,
    when: 'GET /v1/checkpoint?require=in-sync found a stored value that differs from the output.',
    nextAction: 'It was repaired where it could be; ask again, and find out who changed it.',
  },
  'checkpoint-ahead': {
    status: 409,
    title: 'That day is above the checkpoint',
    retryable: false,
    when: 'The checkpoint is set to a day above its own, which would skip data.',
    nextAction: 'Run the days instead: POST /v1/runs.',
  },
  'day-unknown': {
    status: 409,
    title: 'The day is not known',
    retryable: true,
    when: 'The checkpoint is set to a day that the output does not hold, or a run names a day that has no raw folder and no rows.',
    nextAction: 'List the days with GET /v1/days.',
  },
  'definition-changed': {
    status: 409,
    title: 'The output has other columns than the definition',
    retryable: false,
    when: 'The definition changes the columns of the output, which takes all of its days in one commit, and a run cannot make all of them: raw files are gone or bad, the request names a part, or another service has changed the columns meanwhile.',
    nextAction:
      'Do what `detail` says: bring back or fix the raw files of the days that it names and run all pending days, go back to the former definition, or name another output file.',
  },
  'engine-unavailable': {
    status: 409,
    title: 'That engine is not configured',
    retryable: false,
    when: 'A run asks for the engine `spark` or `auto`, and the service knows no Spark; or for `scan`, and the dataset has columns.',
    nextAction: 'Ask for another engine, or set DAYMARK_SPARK_MASTER and start the service again.',
  },
  'output-unreadable': {
    status: 409,
    title: 'The output is not one of ours',
    retryable: false,
    when: 'The output file has another header or malformed rows. It is never overwritten.',
    nextAction:
      'Move the file away, or fix the line that `detail` names; Daymark then builds it again.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    retryable: false,
    when: 'The body is larger than one mebibyte.',
    nextAction: 'Send a smaller body.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body must be JSON',
    retryable: false,
    when: 'The body is form-encoded (as by `curl -d` and Airflow’s `data={…}`) or of another type.',
    nextAction: 'Send it as JSON with `Content-Type: application/json`.',
  },
  'no-days': {
    status: 422,
    title: 'No day was found',
    retryable: true,
    when: 'A run finds entries in the raw root, and none that is a day with a raw file.',
    nextAction:
      'Name the folders as days, or set DAYMARK_LAYOUT or DAYMARK_RAW_DIR as the data lies; then run again.',
  },
  'run-failed': {
    status: 422,
    title: 'The run failed',
    retryable: true,
    when: 'Raw data of at least one day is bad or not ready (422), or a run whose result is asked for did not succeed (409).',
    nextAction:
      'Fix the raw files that the days’ errors name, then run again. The other days are committed.',
  },
  'idempotency-mismatch': {
    status: 422,
    title: 'The key belongs to another request',
    retryable: false,
    when: 'An idempotency key comes again with another body, or the id of a run comes as a key.',
    nextAction: 'Use a new key for a new request.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    retryable: true,
    when: 'An address sends more requests, or shows more wrong tokens, than it may within a minute.',
    nextAction:
      'Ask again after `Retry-After` seconds; check the token where it was refused before.',
  },
  'engine-failed': {
    status: 500,
    title: 'The run failed through no fault of the data',
    retryable: true,
    when: 'An engine broke, or other writers kept moving the output.',
    nextAction: 'Read the run’s `error`; what was not committed stays pending.',
  },
  'internal-error': {
    status: 500,
    title: 'Something broke inside Daymark',
    retryable: true,
    when: 'A defect. The log has the cause under the same request id.',
    nextAction: 'Report it with the request id and the log line.',
  },
  'raw-unavailable': {
    status: 503,
    title: 'The raw root cannot be read',
    retryable: true,
    when: 'DAYMARK_RAW_DIR is missing, not mounted, not readable, or its mount hangs.',
    nextAction: 'Mount it or fix its permissions; nothing was changed.',
  },
  'dataset-unavailable': {
    status: 503,
    title: 'The dataset cannot be opened',
    retryable: true,
    when: 'A service with several datasets could not open this one, or its places do not answer; the others work.',
    nextAction: 'Fix what `detail` names; the dataset is opened by itself within seconds.',
  },
  'output-unavailable': {
    status: 503,
    title: 'The output folder cannot be used',
    retryable: true,
    when: 'Reading or writing the output or its ledger fails: permissions, a full disk, a mount that hangs or lies between them, a failing device.',
    nextAction: 'Fix what `detail` names; committed data is safe.',
  },
  'too-many-streams': {
    status: 503,
    title: 'Too many event streams are open',
    retryable: true,
    when: 'As many clients follow runs as `DAYMARK_MAX_EVENT_STREAMS` allows, or the connection still waits for an earlier answer.',
    nextAction:
      'Ask again after `Retry-After` seconds, on a connection of its own, or poll GET /v1/runs/{id}.',
  },
  'not-ready': {
    status: 503,
    title: 'The service is not ready',
    retryable: true,
    when: 'A readiness check fails.',
    nextAction: 'See `errors` for the checks that failed.',
  },
  overloaded: {
    status: 503,
    title: 'The service is overloaded',
    retryable: true,
    when: 'The event loop is later, or memory fuller, than DAYMARK_MAX_LOOP_DELAY_MS, DAYMARK_MAX_HEAP_BYTES and DAYMARK_MAX_RSS_BYTES allow.',
    nextAction: 'Ask again after `Retry-After` seconds.',
  },
  'shutting-down': {
    status: 503,
    title: 'The service is shutting down',
    retryable: true,
    when: 'A run is asked for, or a connection is used again, while the service stops.',
    nextAction: 'Ask again after `Retry-After` seconds.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemSlug = keyof typeof problems;

export const problemSlugs = Object.keys(problems) as ProblemSlug[];

/** Ends a request with a problem of the registry. `message` becomes its `detail`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly slug: ProblemSlug,
    detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail, { cause: extras.cause });
  }
}
