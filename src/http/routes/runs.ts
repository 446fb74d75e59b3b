/** /v1/runs: start a run, list runs. */
import type { DatasetRoutes } from '../app-options.js';
import { runCursor, runIdOf } from '../cursor.js';
import { datasetOf } from '../dataset-of.js';
import { keyFromHeader } from '../idempotency-key.js';
import { json, operation } from '../operation.js';
import { waitWish } from '../prefer-wait.js';
import { reconciledFirst } from '../reconcile-first.js';
import { answerSubmission } from '../run-answers.js';
import { toRunRequest } from '../run-request.js';
import { runListSchema } from '../schemas/run.js';
import {
  runListQuery,
  runRequestSchema,
  submitHeaders,
  submitQuery,
} from '../schemas/run-request.js';
import { submitAnswers } from '../submit-answers.js';
import { viewListedRun, viewRun } from '../views/run.js';

const defaultLimit = 50;

const startRun = operation(
  {
    operationId: 'startRun',
    tag: 'Runs',
    summary: 'Start a run',
    description:
      'Processes the pending days, or the days that the request lists. Answers at once, or with `wait` once the run has ended. Send an `Idempotency-Key` if the request may be repeated.',
  },
  { body: runRequestSchema, querystring: submitQuery, headers: submitHeaders },
  submitAnswers,
);

const listRuns = operation(
  {
    operationId: 'listRuns',
    tag: 'Runs',
    summary: 'List runs',
    description:
      'The newest first, from all replicas, with totals for their days; `expand=days` adds each day. The newest 1,000 are kept, plus the newest 1,000 that did nothing or were dry.',
  },
  { querystring: runListQuery },
  { answers: { 200: json('A page of runs.', runListSchema) }, problems: [] },
);

export const runsRoutes: DatasetRoutes = async (app) => {
  app.post('/runs', { schema: startRun }, async (request, reply) => {
    const { body, query, headers } = request;
    const { controlPlane, defaultEngine } = datasetOf(request);
    const wanted = toRunRequest(controlPlane.layout, body, defaultEngine);
    const key = keyFromHeader(headers['idempotency-key']);
    const submission = await controlPlane.submit(wanted, { key, ifActive: body.ifActive });
    const wish = waitWish(query.wait, headers.prefer);
    return answerSubmission(request, reply, submission, wish);
  });

  app.get('/runs', { ...reconciledFirst, schema: listRuns }, async (request) => {
    const { query } = request;
    const { limit = defaultLimit, cursor, status, expand } = query;
    const after = runIdOf(cursor);
    const page = await datasetOf(request).controlPlane.runs({
      statuses: status ?? null,
      limit,
      after,
    });
    const last = page.runs.at(-1);
    return {
      runs: page.runs.map(expand === 'days' ? viewRun : viewListedRun),
      nextCursor: page.more && last !== undefined ? runCursor(last.id) : null,
    };
  });
};
