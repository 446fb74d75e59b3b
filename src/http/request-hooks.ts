/** What happens around every request. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpMetrics } from './app-options.js';
import { hardenAnswer } from './security-headers.js';

export function nameRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    nameAnswer(request, reply);
    done();
  });
}

/** Answers have strict headers for browsers and the request's id in the log; none of them may be cached. */
export function nameAnswer(request: FastifyRequest, reply: FastifyReply): void {
  hardenAnswer(request, reply);
  reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
}

export function measureRequests(app: FastifyInstance, metrics: HttpMetrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    metrics.requestFinished({
      // Paths that match no route are unbounded in number, so they share one label.
      route: request.is404 ? 'none' : (request.routeOptions.url ?? 'none'),
      method: request.method,
      status: reply.statusCode,
      durationSeconds: reply.elapsedTime / 1000,
    });
    done();
  });
}
