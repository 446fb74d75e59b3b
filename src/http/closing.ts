/** While the service closes, connections that are still open get a clear answer instead of a broken connection. */
import type { FastifyInstance } from 'fastify';
import type { Connections } from './connections.js';
import { sendProblem } from './problem.js';

const retryAfterSeconds = 5;

/** How often connections without pending answers are closed: a half-sent request must not delay the stop. */
const sweepEveryMs = 1_000;

export function refuseWhileClosing(
  app: FastifyInstance,
  endWaits: () => void,
  connections: Connections,
): void {
  let closing = false;

  app.addHook('preClose', async () => {
    closing = true;
    endWaits();
    const sweep = setInterval(() => {
      for (const socket of connections.idle()) socket.destroy();
    }, sweepEveryMs).unref();
    app.server.once('close', () => clearInterval(sweep));
  });

  app.addHook('onRequest', (request, reply, done) => {
    if (!closing) return done();
    reply.header('connection', 'close');
    sendProblem(request, reply, {
      slug: 'shutting-down',
      detail: 'The service is shutting down.',
      extras: { retryAfterSeconds },
    });
  });
}
