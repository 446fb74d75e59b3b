/** /metrics: for Prometheus. It reads what was counted, and reconciles nothing. */
import type { Routes } from '../app-options.js';
import { operation, text } from '../operation.js';
import { noQuery } from '../schemas/query.js';

const getMetrics = operation(
  {
    operationId: 'getMetrics',
    tag: 'Service',
    summary: 'Read the metrics',
    description: 'In the text format of Prometheus.',
  },
  { querystring: noQuery },
  { answers: { 200: text('All metrics.', 'text/plain') }, problems: [] },
);

export const metricsRoutes: Routes = async (app, { metrics }) => {
  app.get('/metrics', { schema: getMetrics }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.render()),
  );
};
