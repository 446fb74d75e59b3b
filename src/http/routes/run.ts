/** /v1/runs/{id}: one run, by its id or its idempotency key. */
import { hasEnded } from '../../model/run.js';
import type { DatasetRoutes } from '../app-options.js';
import { datasetOf } from '../dataset-of.js';
import { keyFromPath } from '../idempotency-key.js';
import { changeProblems, json, operation } from '../operation.js';
import { waitWish } from '../prefer-wait.js';
import { sendProblem } from '../problem.js';
import { reconciledFirst } from '../reconcile-first.js';
import { answerSubmission, pollSeconds, waitAsWished } from '../run-answers.js';
import { toRunRequest } from '../run-request.js';
import { noQuery } from '../schemas/query.js';
import { runSchema } from '../schemas/run.js';
import {
  preferHeaders,
  runParams,
  runRequestSchema,
  submitHeaders,
  submitQuery,
} from '../schemas/run-request.js';
import { submitAnswers } from '../submit-answers.js';
import { viewRun } from '../views/run.js';
import { resultFailureOf } from '../views/run-failure.js';

const startRunWithKey = operation(
  {
    operationId: 'startRunWithKey',
    tag: 'Runs',
    summary: 'Start a run under a key',
    description:
      'Like POST /v1/runs with the idempotency key in the path (percent-encoded), so it is safe to send again: a scheduler’s run id makes a good key.',
  },
  {
    params: runParams,
    body: runRequestSchema,
    querystring: submitQuery,
    headers: submitHeaders,
  },
  submitAnswers,
);

const getRun = operation(
  {
    operationId: 'getRun',
    tag: 'Runs',
    summary: 'Read a run',
    description: 'Always 200 for a known run, however it ended. A key leads to its newest attempt.',
  },
  { params: runParams, querystring: noQuery },
  { answers: { 200: json('The run as it is now.', runSchema) }, problems: ['run-not-found'] },
);

const getRunResult = operation(
  {
    operationId: 'getRunResult',
    tag: 'Runs',
    summary: 'Read a run’s result',
    description:
      'For pollers that take 404 for "not yet", such as Airflow’s HttpSensor: 404 until the run ends, then 200 if it succeeded and 409 if it did not.',
  },
  { params: runParams, querystring: submitQuery, headers: preferHeaders },
  {
    answers: { 200: json('The run has succeeded.', runSchema) },
    problems: ['run-not-found', 'run-pending', { slug: 'run-failed', status: 409 }],
  },
);

const cancelRun = operation(
  {
    operationId: 'cancelRun',
    tag: 'Runs',
    summary: 'Cancel a run',
    description:
      'Stops the run before its commit point, with nothing changed: after an answer of 200 or 202, no commit follows. Past that point the run finishes, and the answer is 409. If another process works on the run, 202 means that this process gets the request within about a second, and decides the same way. A body is ignored.',
  },
  { params: runParams, querystring: noQuery },
  {
    answers: {
      200: json('The run is cancelled.', runSchema),
      202: json('The run is about to stop.', runSchema),
    },
    problems: [...changeProblems, 'run-not-found', 'run-ended'],
  },
);

export const runRoutes: DatasetRoutes = async (app) => {
  app.put('/runs/:id', { schema: startRunWithKey }, async (request, reply) => {
    const { body, params, query, headers } = request;
    const { controlPlane, defaultEngine } = datasetOf(request);
    const wanted = toRunRequest(controlPlane.layout, body, defaultEngine);
    const key = keyFromPath(params.id, headers['idempotency-key']);
    const submission = await controlPlane.submit(wanted, { key, ifActive: body.ifActive });
    const wish = waitWish(query.wait, headers.prefer);
    return answerSubmission(request, reply, submission, wish);
  });

  app.get('/runs/:id', { ...reconciledFirst, schema: getRun }, async (request) =>
    viewRun(await datasetOf(request).controlPlane.run(request.params.id)),
  );

  app.get(
    '/runs/:id/result',
    { ...reconciledFirst, schema: getRunResult },
    async (request, reply) => {
      const { params, query, headers } = request;
      const wish = waitWish(query.wait, headers.prefer);
      const found = await datasetOf(request).controlPlane.run(params.id);
      const run = await waitAsWished(request, reply, found, wish);
      if (!hasEnded(run)) {
        return sendProblem(request, reply, {
          slug: 'run-pending',
          detail: `The run is ${run.status}.`,
          extras: { runId: run.id, retryAfterSeconds: pollSeconds },
        });
      }
      if (run.status === 'succeeded') return viewRun(run);
      return sendProblem(request, reply, resultFailureOf(run));
    },
  );

  app.post(
    '/runs/:id/cancel',
    { ...reconciledFirst, schema: cancelRun },
    async (request, reply) => {
      const run = await datasetOf(request).controlPlane.cancel(request.params.id);
      return reply.code(hasEnded(run) ? 200 : 202).send(viewRun(run));
    },
  );
};
