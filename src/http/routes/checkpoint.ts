/** /v1/checkpoint: read it, rewind it. */
import type { FastifyRequest } from 'fastify';
import type { DatasetRoutes } from '../app-options.js';
import { datasetOf } from '../dataset-of.js';
import { parseDay } from '../day-input.js';
import { changeProblems, json, operation, reconcileProblems } from '../operation.js';
import { sendProblem } from '../problem.js';
import {
  checkpointQuery,
  checkpointSchema,
  rewindRequestSchema,
  rewindSchema,
} from '../schemas/checkpoint.js';
import { noQuery } from '../schemas/query.js';
import { invalidRequest } from '../validation.js';
import { describeDrift, viewCheckpoint, viewRewind } from '../views/checkpoint.js';

const getCheckpoint = operation(
  {
    operationId: 'getCheckpoint',
    tag: 'Checkpoint',
    summary: 'Read the checkpoint',
    description:
      'The highest processed day according to the output, the day up to which all are processed, what the store held, and whether it had to be corrected. The store is a copy: losing it loses nothing.',
  },
  { querystring: checkpointQuery },
  {
    answers: { 200: json('The checkpoint.', checkpointSchema) },
    problems: [...reconcileProblems, 'checkpoint-drift'],
  },
);

const rewindCheckpoint = operation(
  {
    operationId: 'rewindCheckpoint',
    tag: 'Checkpoint',
    summary: 'Rewind to a day',
    description:
      'Days above it are marked, and the next run processes them again; until then their rows stay readable. The checkpoint never moves up: that would skip data.',
  },
  { body: rewindRequestSchema, querystring: noQuery },
  {
    answers: { 200: json('What was marked, and what was not touched.', rewindSchema) },
    problems: [
      ...changeProblems,
      ...reconcileProblems,
      'checkpoint-ahead',
      'day-unknown',
      'run-in-progress',
    ],
  },
);

const rewindEverything = operation(
  {
    operationId: 'rewindEverything',
    tag: 'Checkpoint',
    summary: 'Rewind everything',
    description:
      'All days are marked, and the next run processes them again; until then their rows stay.',
  },
  { querystring: noQuery },
  {
    answers: { 200: json('What was marked, and what was not touched.', rewindSchema) },
    problems: [...changeProblems, ...reconcileProblems, 'run-in-progress'],
  },
);

export const checkpointRoutes: DatasetRoutes = async (app) => {
  app.get('/checkpoint', { schema: getCheckpoint }, async (request, reply) => {
    const survey = await datasetOf(request).controlPlane.survey();
    if (request.query.require === 'in-sync') {
      const detail = describeDrift(survey.checkpoint);
      if (detail !== null) return sendProblem(request, reply, { slug: 'checkpoint-drift', detail });
    }
    return viewCheckpoint(survey);
  });

  app.put('/checkpoint', { schema: rewindCheckpoint }, async (request) => {
    const { controlPlane } = datasetOf(request);
    const day = parseDay(controlPlane.layout, request.body.day, 'day');
    return viewRewind(await controlPlane.rewind(day));
  });

  app.delete(
    '/checkpoint',
    {
      preHandler: async (request) => refuseBody(request),
      schema: rewindEverything,
    },
    async (request) => viewRewind(await datasetOf(request).controlPlane.rewind(null)),
  );
};

/** A caller that sends a day with DELETE wants to rewind to it, not to rewind everything. */
function refuseBody({ body }: FastifyRequest): void {
  if (typeof body === 'object' && body !== null && Object.keys(body).length === 0) return;
  throw invalidRequest([
    { at: 'body', message: 'must be empty; PUT /v1/checkpoint rewinds to a day' },
  ]);
}
