/** The HTTP application: it translates between requests and the control plane, and decides nothing. */
import Fastify, { type FastifyInstance } from 'fastify';
import type { AppOptions } from './app-options.js';
import { auditChanges, createAuditLog } from './audit.js';
import { requireTokens } from './authentication.js';
import { createBrokenRequestHandler } from './broken-request.js';
import { refuseWhileClosing } from './closing.js';
import { createConnections } from './connections.js';
import { dashboard } from './dashboard.js';
import { endLongPolls, routeByDataset, withLongPolls } from './datasets.js';
import { createEventStreams } from './event-streams.js';
import { readJsonBodies } from './json-body.js';
import { serveDocumentation } from './openapi.js';
import { checkOrigins } from './origin-check.js';
import { shedLoad } from './pressure.js';
import { answerUnrouted, handleProblems } from './problem-handler.js';
import { limitRequests, prepareTallies } from './rate-limits.js';
import { measureRequests, nameRequests } from './request-hooks.js';
import { checkpointRoutes } from './routes/checkpoint.js';
import { datasetsRoutes } from './routes/datasets.js';
import { daysRoutes } from './routes/days.js';
import { healthRoutes } from './routes/health.js';
import { metricsRoutes } from './routes/metrics.js';
import { outputRoutes } from './routes/output.js';
import { planRoutes } from './routes/plan.js';
import { problemsRoutes } from './routes/problems.js';
import { runRoutes } from './routes/run.js';
import { runEventsRoutes } from './routes/run-events.js';
import { runsRoutes } from './routes/runs.js';
import { verifyRoutes } from './routes/verify.js';
import { serverOptions, withTls } from './server-options.js';
import { validatorCompiler } from './validation.js';

/** Not listening yet. Closing it ends the requests that wait for a run, then waits for the others. */
export function createApp(options: AppOptions): FastifyInstance {
  const connections = createConnections();
  const app = Fastify({
    ...serverOptions,
    ...withTls(options.certificate),
    trustProxy: options.trustProxy.length > 0 && [...options.trustProxy],
    clientErrorHandler: createBrokenRequestHandler(connections),
    loggerInstance: options.logger,
    frameworkErrors: answerUnrouted,
  });
  app.setValidatorCompiler(validatorCompiler);
  // Views are typed by the schemas and the tests parse every answer; checking again here would only cost.
  app.setSerializerCompiler(() => JSON.stringify);

  const datasets = withLongPolls(options.datasets);
  connections.watch(app);
  nameRequests(app);
  options.traceRequests?.(app);
  measureRequests(app, options.metrics);
  shedLoad(app, options.pressureBounds);
  prepareTallies(app);
  // Load limits come before authentication: they protect the process.
  app.after(() => {
    checkOrigins(app, options.tokens !== null);
    guardRequests(app, options);
    refuseWhileClosing(app, () => endLongPolls(datasets), connections);
  });
  readJsonBodies(app);
  handleProblems(app);
  serveDocumentation(app, options.version);

  const streams = createEventStreams(options.eventStreams);
  app.addHook('preClose', async () => streams.close());
  routeByDataset(app, datasets, datasetRoutes, { streams });
  app.register(datasetsRoutes, { ...options, prefix: '/v1' });
  app.register(healthRoutes, options);
  app.register(metricsRoutes, options);
  app.register(problemsRoutes, options);
  app.register(dashboard);
  return app;
}

function guardRequests(
  app: FastifyInstance,
  { tokens, rateLimits, auditLogger }: AppOptions,
): void {
  const audit = createAuditLog(auditLogger);
  auditChanges(app, audit);
  requireTokens(app, { tokens, wrongTokensPerMinute: rateLimits.wrongTokensPerMinute, audit });
  if (tokens !== null) limitRequests(app, rateLimits.requestsPerMinute);
}

const datasetRoutes = [
  runsRoutes,
  runRoutes,
  runEventsRoutes,
  planRoutes,
  checkpointRoutes,
  daysRoutes,
  outputRoutes,
  verifyRoutes,
];
