/** The HTTP application: it translates between requests and the control plane, and decides nothing. */
import Fastify, { type FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AppOptions } from './app-options.js';
import { createBrokenRequestHandler } from './broken-request.js';
import { refuseWhileClosing } from './closing.js';
import { createConnections } from './connections.js';
import { guardDoors } from './doors.js';
import { readJsonBodies } from './json-body.js';
import { serveDocumentation } from './openapi.js';
import { answerUnrouted, handleProblems } from './problem-handler.js';
import { reconcileFirst } from './reconcile-first.js';
import { measureRequests, nameRequests } from './request-hooks.js';
import { checkpointRoutes } from './routes/checkpoint.js';
import { daysRoutes } from './routes/days.js';
import { healthRoutes } from './routes/health.js';
import { metricsRoutes } from './routes/metrics.js';
import { outputRoutes } from './routes/output.js';
import { planRoutes } from './routes/plan.js';
import { runRoutes } from './routes/run.js';
import { runsRoutes } from './routes/runs.js';
import { serverOptions } from './server-options.js';
import { turnStrangersAway } from './strangers.js';
import { validatorCompiler } from './validation.js';
import { createWaitingRoom } from './waiting-room.js';

/** Not listening yet. Closing it ends the requests that wait for a run, then waits for the others. */
export function createApp(options: AppOptions): FastifyInstance {
  const connections = createConnections();
  const app = Fastify({
    ...serverOptions,
    clientErrorHandler: createBrokenRequestHandler(connections),
    loggerInstance: options.logger,
    frameworkErrors: answerUnrouted,
  });
  app.setValidatorCompiler(validatorCompiler);
  // Views are typed by the schemas and the tests parse every answer; checking again here would only cost.
  app.setSerializerCompiler(() => JSON.stringify);

  const waitingRoom = createWaitingRoom(options.controlPlane);
  connections.watch(app);
  nameRequests(app);
  options.traceRequests?.(app);
  measureRequests(app, options.metrics);
  turnStrangersAway(app, options.tokens !== null);
  guardDoors(app, options.tokens);
  refuseWhileClosing(app, waitingRoom, connections);
  readJsonBodies(app);
  handleProblems(app);
  serveDocumentation(app, options.version);

  const routeOptions = { ...options, waitingRoom };
  app.register(
    async (v1) => {
      reconcileFirst(v1, options.controlPlane);
      for (const routes of v1Routes)
        v1.withTypeProvider<ZodTypeProvider>().register(routes, routeOptions);
    },
    { prefix: '/v1' },
  );
  app.register(healthRoutes, routeOptions);
  app.register(metricsRoutes, routeOptions);
  return app;
}

const v1Routes = [runsRoutes, runRoutes, planRoutes, checkpointRoutes, daysRoutes, outputRoutes];
