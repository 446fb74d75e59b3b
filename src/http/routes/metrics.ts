/** /metrics: for Prometheus. Its values about days come from a look made for the request, if that finishes in time. */
import type { Routes } from '../app-options.js';
import { operation, text } from '../operation.js';
import { noQuery } from '../schemas/query.js';

const getMetrics = operation(
  {
    operationId: 'getMetrics',
    tag: 'Service',
    summary: 'Read the metrics',
    description:
      'In the text format of Prometheus. Values about days and the checkpoint come from a look made for this request or, if that takes longer than two seconds, from an earlier one, whose age is `daymark_look_age_seconds`.',
  },
  { querystring: noQuery },
  { answers: { 200: text('All metrics.', 'text/plain') }, problems: [] },
);

export const metricsRoutes: Routes = async (app, { metrics }) => {
  app.get('/metrics', { schema: getMetrics }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.render()),
  );
};
