/** /health: for orchestrators. */
import type { ReadinessCheck, Routes } from '../app-options.js';
import { json, operation } from '../operation.js';
import { sendProblem } from '../problem.js';
import { livenessSchema, readinessSchema } from '../schemas/health.js';
import { noQuery } from '../schemas/query.js';

const getLiveness = operation(
  {
    operationId: 'getLiveness',
    tag: 'Service',
    summary: 'Tell whether the process is alive',
    description: 'Checks nothing else: if it does not answer, restart the process.',
  },
  { querystring: noQuery },
  { answers: { 200: json('It is.', livenessSchema) }, problems: [] },
);

const getReadiness = operation(
  {
    operationId: 'getReadiness',
    tag: 'Service',
    summary: 'Tell whether runs can be taken',
    description:
      'Checks the current state like every data route, within a time limit. Trouble that fails no request (a store that is down, another service that writes the same output) is `degraded`, still with 200. With several datasets, so is trouble with some of them: the service is not ready only if none of them is.',
  },
  { querystring: noQuery },
  { answers: { 200: json('They can.', readinessSchema) }, problems: ['not-ready'] },
);

export const healthRoutes: Routes = async (app, { readiness }) => {
  app.get('/health/live', { schema: getLiveness }, async () => ({ status: 'ok' as const }));

  app.get('/health/ready', { schema: getReadiness }, async (request, reply) => {
    const { ready, checks } = await readiness();
    if (ready) return { status: isDegraded(checks) ? 'degraded' : 'ready', checks };
    const failed = checks.filter(({ status }) => status === 'failed');
    return sendProblem(request, reply, {
      slug: 'not-ready',
      detail: `Not ready: ${failed.map(placeOf).join(', ')}.`,
      extras: { errors: failed.map((each) => ({ at: placeOf(each), message: each.detail })) },
    });
  });
};

function placeOf({ dataset, name }: ReadinessCheck): string {
  return dataset === undefined ? name : `${dataset}: ${name}`;
}

function isDegraded(checks: readonly ReadinessCheck[]): boolean {
  return checks.some(({ status }) => status !== 'ok');
}
