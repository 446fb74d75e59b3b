/** How the server treats connections, ids and its own log lines. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'node:https';
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Certificate } from '../config/pem-files.js';
import { pathOf } from './problem.js';
import { eventStreamType } from './run-events.js';

const secondMs = 1000;
const hourMs = 3600 * secondMs;

export const serverOptions = {
  bodyLimit: 1024 * 1024,
  /** The time to receive a whole request; without it a slow sender holds a connection forever. */
  requestTimeout: 30 * secondMs,
  /** Counts silence in both directions, so it must outlast the longest wait for a run. */
  connectionTimeout: hourMs + 60 * secondMs,
  /** Longer than the minute of common load balancers, which must be the ones to close first. */
  keepAliveTimeout: 72 * secondMs,
  forceCloseConnections: 'idle',
  // Fastify's own 503 is not problem+json; `refuseWhileClosing` answers instead.
  return503OnClosing: false,
  // Paths contain idempotency keys; percent-encoded, 255 characters can be three times as long.
  routerOptions: { maxParamLength: 1024 },
  genReqId: requestIdOf,
  logController: new (class extends LogController {
    override incomingRequest() {}

    override requestCompleted(
      error: Error | null | undefined,
      request: FastifyRequest,
      reply: FastifyReply,
    ) {
      const { method } = request;
      const path = pathOf(request);
      const facts = { method, path, status: reply.statusCode, durationMs: reply.elapsedTime };
      if (error) request.log.warn({ ...facts, err: error }, 'an answer was cut off');
      else request.log.debug(facts, 'request');
    }

    override streamError(...[error, request, reply, details]: StreamError) {
      const following = reply.getHeader('content-type') === eventStreamType;
      // Clients that follow a run may disconnect at any time.
      if (following)
        request.log.debug({ path: pathOf(request) }, 'a client stopped following a run');
      else super.streamError(error, request, reply, details);
    }
  })({ requestIdLogLabel: 'requestId' }),
} as const;

/** Shorter than an orderly stop may take: a client that never ends its handshake must not hold it up. */
const handshakeTimeout = 5 * secondMs;

/** The same server behind TLS. For Fastify's types it stays a plain one, and nothing depends on the difference. */
export function withTls(certificate: Certificate | null): object {
  if (certificate === null) return {};
  const { cert, key } = certificate;
  return { https: { cert, key, handshakeTimeout } satisfies ServerOptions };
}

type StreamError = Parameters<LogController['streamError']>;

/** The caller's `X-Request-Id` if it is harmless in a log, otherwise a new one. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9_.~:+/=-]{1,128}$/.test(given)
    ? given
    : randomUUID();
}
