/** /metrics: for Prometheus. What it says of days is of a look made for it, where that comes in time. */
import type { Routes } from '../app-options.js';
import { operation, text } from '../operation.js';
import { noQuery } from '../schemas/query.js';

const getMetrics = operation(
  {
    operationId: 'getMetrics',
    tag: 'Service',
    summary: 'Read the metrics',
    description:
      'In the text format of Prometheus. What they say of days and the checkpoint is of a look made for this request; where it takes longer than two seconds, of the one before, whose age is `daymark_look_age_seconds`.',
  },
  { querystring: noQuery },
  { answers: { 200: text('All metrics.', 'text/plain') }, problems: [] },
);

export const metricsRoutes: Routes = async (app, { metrics }) => {
  app.get('/metrics', { schema: getMetrics }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.render()),
  );
};
