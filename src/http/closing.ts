/** While the service closes, connections that are still open get a clear answer instead of a cut. */
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.js';
import type { WaitingRoom } from './waiting-room.js';

const retryAfterSeconds = 5;

export function refuseWhileClosing(app: FastifyInstance, waitingRoom: WaitingRoom): void {
  let closing = false;

  app.addHook('preClose', async () => {
    closing = true;
    waitingRoom.close();
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
