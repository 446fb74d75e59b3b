/** /v1/verify: compares the output with its raw files, by a dry run. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseOtherRun } from '../../core/verify.js';
import { hasEnded, type Run } from '../../model/run.js';
import { hasCompared } from '../../model/verdict.js';
import type { DatasetRoutes } from '../app-options.js';
import { costly } from '../change.js';
import { basePathOf, datasetOf } from '../dataset-of.js';
import { parseDayList } from '../day-input.js';
import { json, operation, reconcileProblems } from '../operation.js';
import { waitWish } from '../prefer-wait.js';
import { sendProblem } from '../problem.js';
import { reconciledFirst } from '../reconcile-first.js';
import { answerActive, waitAsWished } from '../run-answers.js';
import { runSchema } from '../schemas/run.js';
import { preferHeaders, runParams, submitQuery } from '../schemas/run-request.js';
import { verifyQuery, verifySchema } from '../schemas/verify.js';
import { activeHeaders, runProblems } from '../submit-answers.js';
import { failureOf } from '../views/run-failure.js';
import { viewVerify } from '../views/verify.js';

const answers = {
  200: json('The verdicts; 200 even if days differ.', verifySchema, activeHeaders),
  202: json('The dry run has not ended yet. Ask again at `Location`.', runSchema, activeHeaders),
};

const verifyOutput = operation(
  {
    operationId: 'verifyOutput',
    tag: 'Output',
    summary: 'Compare the output with its raw files',
    description:
      'Aggregates each day from its raw files and says how the output differs, in a dry run that changes no row. It costs as much as a run, so it takes its turn in the queue and needs an operate token. Callers that ask for the same days at the same time share one run. If all of them disconnect while they wait, it is cancelled. Answers at once with the run, or with `wait` once that has ended.',
  },
  { querystring: verifyQuery, headers: preferHeaders },
  { answers, problems: ['forbidden', ...reconcileProblems, ...runProblems] },
);

const getVerification = operation(
  {
    operationId: 'getVerification',
    tag: 'Output',
    summary: 'Read the verdicts of a dry run',
    description:
      'For a run that GET /v1/verify started, or any other dry run over all days or listed ones. Days that it compared are judged as they were then.',
  },
  { params: runParams, querystring: submitQuery, headers: preferHeaders },
  {
    answers,
    problems: [...reconcileProblems, 'run-not-found', ...runProblems],
  },
);

export const verifyRoutes: DatasetRoutes = async (app) => {
  // A HEAD request would cost as much, and answer nothing.
  const options = { ...costly, exposeHeadRoute: false, schema: verifyOutput };
  app.get('/verify', options, async (request, reply) => {
    const { days, engine, wait } = request.query;
    const { controlPlane, defaultEngine } = datasetOf(request);
    const run = await controlPlane.verify({
      days: parseDayList(controlPlane.layout, days),
      engine: engine ?? defaultEngine,
      engineAsked: engine !== undefined,
    });
    const wish = waitWish(wait, request.headers.prefer);
    const waited = await waitAsWished(request, reply, run, wish);
    if (wish === null || !hasEnded(waited)) {
      await controlPlane.leaveVerify(run.id, !reply.raw.destroyed);
      return answerActive(reply.header('location', locationOf(request, run)), waited);
    }
    return answerEnded(request, reply, waited);
  });

  const found = { ...reconciledFirst, schema: getVerification };
  app.get('/verify/:id', found, async (request, reply) => {
    const { params, query, headers } = request;
    const run = await datasetOf(request).controlPlane.run(params.id);
    refuseOtherRun(run);
    const wish = waitWish(query.wait, headers.prefer);
    const waited = await waitAsWished(request, reply, run, wish);
    if (hasEnded(waited)) return answerEnded(request, reply, waited);
    return answerActive(reply.header('location', locationOf(request, run)), waited);
  });
};

async function answerEnded(request: FastifyRequest, reply: FastifyReply, run: Run) {
  if (!hasCompared(run)) return sendProblem(request, reply, failureOf(run));
  const verdicts = await datasetOf(request).controlPlane.verdicts(run);
  return reply.header('location', locationOf(request, run)).send(viewVerify(run, verdicts));
}

function locationOf(request: FastifyRequest, { id }: Run): string {
  return `${basePathOf(request)}/verify/${id}`;
}
