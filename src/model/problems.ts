/**
 * The registry of problems: every error that a request can be answered with.
 *
 * `/problems`, `docs/PROBLEMS.md` and the OpenAPI document are generated from it, and a test provokes each one.
 */

import type { ProblemExtras } from './problem-extras.js';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Whether the same request can succeed later without any change by the caller. */
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
    when: 'Tokens are configured, and the request has no valid one.',
    nextAction: 'Send `Authorization: Bearer TOKEN`, or Basic with the token as the password.',
  },
  forbidden: {
    status: 403,
    title: 'This token may only read',
    retryable: false,
    when: 'A request for a change, or for something that costs as much as a run, has a read token.',
    nextAction: 'Use an operate token.',
  },
  'cross-origin': {
    status: 403,
    title: 'Another web page’s request',
    retryable: false,
    when: 'The browser says that the request comes from a web page of another origin, or, without tokens, the request is for a host name other than localhost.',
    nextAction:
      'Send it from a page of this service, or from a client that is not a browser; use localhost for a service without tokens.',
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
    when: 'No run has this id or key, or it is no longer in the history.',
    nextAction: 'List the runs with GET /v1/runs.',
  },
  'run-pending': {
    status: 404,
    title: 'The run has not ended',
    retryable: true,
    when: 'The result of a run was requested while it is queued or running.',
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
    when: 'The receipt of a day was requested before its raw data is in the output.',
    nextAction: 'Start a run, or ask again later.',
  },
  'output-absent': {
    status: 404,
    title: 'There is no output yet',
    retryable: true,
    when: 'The output file was requested before the first commit.',
    nextAction: 'Start a run.',
  },
  'not-acceptable': {
    status: 406,
    title: 'No such representation',
    retryable: false,
    when: 'The output was requested in a media type other than JSON and CSV.',
    nextAction: 'Ask for application/json or text/csv.',
  },
  'run-in-progress': {
    status: 409,
    title: 'Another run is active',
    retryable: true,
    when: 'A run with `ifActive: reject`, or a rewind, was requested while a run is queued or running.',
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
    when: 'The run to cancel has ended, or is past its commit point.',
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
    when: 'The request would move the checkpoint up, which would skip data.',
    nextAction: 'Run the days instead: POST /v1/runs.',
  },
  'day-unknown': {
    status: 409,
    title: 'The day is not known',
    retryable: true,
    when: 'The request sets the checkpoint to a day that the output does not hold, or a run names a day that has no raw folder and no rows.',
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
    when: 'A run asks for the engine `spark` or `auto`, but Spark is not configured; for `scan`, but the dataset has columns; or for `duckdb`, but DuckDB is not installed, or the dataset is `wide`.',
    nextAction: 'Ask for another engine, or set DAYMARK_SPARK_MASTER and restart the service.',
  },
  'output-unreadable': {
    status: 409,
    title: 'The output is not one of ours',
    retryable: false,
    when: 'The output file has another header or malformed rows. It is never overwritten.',
    nextAction:
      'Move the file away, or fix the line that `detail` names; Daymark then rebuilds it.',
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
    when: 'A run found entries in the raw root, but none is a day with a raw file.',
    nextAction:
      'Rename the folders to days, or set DAYMARK_LAYOUT or DAYMARK_RAW_DIR to match the data; then run again.',
  },
  'run-failed': {
    status: 422,
    title: 'The run failed',
    retryable: true,
    when: 'Raw data of at least one day is bad or not ready (422), or the run whose result was requested did not succeed (409).',
    nextAction:
      'Fix the raw files that the days’ errors name, then run again. The other days are committed.',
  },
  'idempotency-mismatch': {
    status: 422,
    title: 'The key belongs to another request',
    retryable: false,
    when: 'An idempotency key was sent again with another body, or the id of a run was sent as a key.',
    nextAction: 'Use a new key for a new request.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    retryable: true,
    when: 'An address sent more requests, or more wrong tokens, than allowed within a minute.',
    nextAction: 'Ask again after `Retry-After` seconds; check the token if it was refused before.',
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
    when: 'A bug in Daymark. The log has the cause under the same request id.',
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
    when: 'A service with several datasets could not open this one, or its folders do not respond; the others work.',
    nextAction: 'Fix what `detail` names; the dataset is then opened automatically within seconds.',
  },
  'output-unavailable': {
    status: 503,
    title: 'The output folder cannot be used',
    retryable: true,
    when: 'Reading or writing the output or its ledger fails: permissions, a full disk, a mount that hangs or separates the two, a failing device.',
    nextAction: 'Fix what `detail` names; committed data is safe.',
  },
  'too-many-streams': {
    status: 503,
    title: 'Too many event streams are open',
    retryable: true,
    when: '`DAYMARK_MAX_EVENT_STREAMS` clients already follow runs, or the connection still waits for an earlier answer.',
    nextAction:
      'Ask again after `Retry-After` seconds, on a separate connection, or poll GET /v1/runs/{id}.',
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
    when: 'The event loop delay or the memory use exceeds DAYMARK_MAX_LOOP_DELAY_MS, DAYMARK_MAX_HEAP_BYTES or DAYMARK_MAX_RSS_BYTES.',
    nextAction: 'Ask again after `Retry-After` seconds.',
  },
  'shutting-down': {
    status: 503,
    title: 'The service is shutting down',
    retryable: true,
    when: 'A run was requested, or a connection reused, while the service is stopping.',
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
