/**
 * The audit: one line in the log for each requested change, done or refused, and for each failed login. Each has
 * `audit: true`, so that it can be filtered from the others.
 */
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isChange } from './change.js';
import { problemOn } from './problem.js';

export interface AuditLog {
  loginFailed(request: FastifyRequest): void;
  /** A request for a change was answered, or its client disconnected first. */
  changeAnswered(request: FastifyRequest, reply: FastifyReply): void;
}

/** A list of days can be long; what is kept of a request is not. */
const maxAskedChars = 1_000;

export function createAuditLog(logger: FastifyBaseLogger): AuditLog {
  return {
    loginFailed: (request) =>
      logger.warn({ ...factsOf(request), outcome: 'unauthorized' }, 'a login failed'),
    changeAnswered: (request, reply) => {
      const outcome = problemOn(reply) ?? 'done';
      const facts = {
        ...factsOf(request),
        action: actionOf(request),
        outcome,
        status: reply.statusCode,
        location: reply.getHeader('location'),
        asked: askedOf(request, outcome),
      };
      logger.info(facts, `audit: ${facts.action} by ${facts.who}: ${outcome}`);
    },
  };
}

/** A request that matched no route changes nothing. */
export function auditChanges(app: FastifyInstance, audit: AuditLog): void {
  app.addHook('onResponse', (request, reply, done) => {
    if (!request.is404 && isChange(request)) audit.changeAnswered(request, reply);
    done();
  });
}

/** The path is logged without its query, which may hold a token by mistake. */
function factsOf(request: FastifyRequest) {
  const { id: requestId, ip: from, method, caller, url } = request;
  const dataset = request.dataset?.name;
  const path = url.split('?', 1)[0];
  return { audit: true, dataset, requestId, who: caller?.name ?? 'anyone', from, method, path };
}

/** The name that the OpenAPI document has for it. */
function actionOf({ routeOptions, method }: FastifyRequest): string {
  const { operationId } = (routeOptions.schema ?? {}) as { operationId?: string };
  return operationId ?? `${method} ${routeOptions.url}`;
}

/** Only for valid requests: the others may hold anything. */
function askedOf({ body }: FastifyRequest, outcome: string): string | undefined {
  if (outcome === 'invalid-request' || typeof body !== 'object' || body === null) return undefined;
  const text = JSON.stringify(body);
  return text.length > maxAskedChars ? `${text.slice(0, maxAskedChars)}…` : text;
}
