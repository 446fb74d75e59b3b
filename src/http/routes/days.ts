/** /v1/days: every day, one day, its receipt. */
import { ProblemError } from '../../model/problems.js';
import type { DatasetRoutes } from '../app-options.js';
import { matches } from '../conditional.js';
import { datasetOf, type RoutedDataset } from '../dataset-of.js';
import { parseDay } from '../day-input.js';
import { empty, json, operation, reconcileProblems } from '../operation.js';
import { dayParams } from '../schemas/day.js';
import { dayStatusSchema, daysQuery, daysSchema } from '../schemas/days.js';
import { noQuery } from '../schemas/query.js';
import { receiptSchema } from '../schemas/receipt.js';
import { viewDay, viewDays } from '../views/day.js';
import { viewReceipt } from '../views/receipt.js';

const listDays = operation(
  {
    operationId: 'listDays',
    tag: 'Days',
    summary: 'List days',
    description:
      'Every day that the raw root or the output knows, with its state and the reason for it, in pages. Days that appear or disappear between two pages neither shift others nor repeat them. All pages share one `ETag`: send it as `If-None-Match` to learn whether any page has changed.',
  },
  { querystring: daysQuery },
  {
    answers: {
      200: json('A page of days.', daysSchema, {
        ETag: { type: 'string', description: 'A strong validator, the same for all pages.' },
      }),
      304: empty('Nothing has changed in any page since the answer that `If-None-Match` names.'),
    },
    problems: reconcileProblems,
  },
);

const getDay = operation(
  {
    operationId: 'getDay',
    tag: 'Days',
    summary: 'Read a day',
    description: 'Its state, raw files, rows, last run and last error.',
  },
  { params: dayParams, querystring: noQuery },
  {
    answers: { 200: json('The day.', dayStatusSchema) },
    problems: [...reconcileProblems, 'day-not-found'],
  },
);

const getReceipt = operation(
  {
    operationId: 'getReceipt',
    tag: 'Days',
    summary: 'Read a day’s receipt',
    description:
      'For sensors that wait for data: 404 until the day is committed from its current raw files (even for an unknown day, which may still arrive), then its commit.',
  },
  { params: dayParams, querystring: noQuery },
  {
    answers: { 200: json('The day is committed.', receiptSchema) },
    problems: [...reconcileProblems, 'day-pending'],
  },
);

export const daysRoutes: DatasetRoutes = async (app) => {
  app.get('/days', { schema: listDays }, async (request, reply) => {
    const { query, headers } = request;
    const { controlPlane, etagOf } = datasetOf(request);
    const survey = await controlPlane.survey();
    const etag = etagOf(survey);
    // Copies may be cached, but must be revalidated each time.
    reply.headers({ etag, 'cache-control': 'private, no-cache' });
    // An invalid request is refused even if its ETag matches.
    const page = viewDays(controlPlane.layout, survey, query, historyOf(controlPlane));
    return matches(headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(page);
  });

  app.get('/days/:day', { schema: getDay }, async (request) => {
    const { controlPlane } = datasetOf(request);
    const { day, status } = await find(controlPlane, request.params.day);
    if (status !== undefined) return viewDay(status, historyOf(controlPlane));
    throw new ProblemError(
      'day-not-found',
      `Neither the raw root nor the output holds day ${day}.`,
    );
  });

  app.get('/days/:day/receipt', { schema: getReceipt }, async (request) => {
    const { controlPlane } = datasetOf(request);
    const { day, status } = await find(controlPlane, request.params.day);
    const receipt = viewReceipt(status);
    if (receipt !== null) return receipt;
    const why =
      status === undefined ? 'nothing is known of it yet' : `${status.state}: ${status.reason}`;
    throw new ProblemError('day-pending', `Day ${day} is not committed (${why}).`);
  });
};

type Plane = RoutedDataset['controlPlane'];

async function find(controlPlane: Plane, given: string) {
  const day = parseDay(controlPlane.layout, given, 'day');
  const { days } = await controlPlane.survey();
  return { day, status: days.find((each) => each.day === day) };
}

function historyOf(controlPlane: Plane): Plane['lastRunOf'] {
  return (day) => controlPlane.lastRunOf(day);
}
