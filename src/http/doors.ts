/**
 * Who may come in: callers show a token, as `Authorization: Bearer TOKEN`, or as the password of Basic (which
 * Airflow's connections and browsers speak). The read token opens what changes nothing, the operate token
 * everything. Where no tokens are configured the service listens on loopback only, and is open.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ProblemSlug } from '../core/problems.js';
import { sendProblem } from './problem.js';

export interface Tokens {
  /** Null: only the operate token opens anything. */
  readonly read: string | null;
  readonly operate: string;
}

/** Liveness stays open: an orchestrator that cannot log in must not restart a healthy service. */
const openPaths = new Set(['/health/live']);

const readingMethods = new Set(['GET', 'HEAD']);

const challenge = 'Bearer realm="Daymark", Basic realm="Daymark", charset="UTF-8"';

export function guardDoors(app: FastifyInstance, tokens: Tokens | null): void {
  if (tokens === null) return;
  const mayRead = tokens.read === null ? () => false : matcher(tokens.read);
  const mayOperate = matcher(tokens.operate);

  const refusalOf = (request: FastifyRequest): { slug: ProblemSlug; detail: string } | null => {
    if (openPaths.has(request.routeOptions.url ?? '')) return null;
    const shown = tokenOf(request.headers.authorization);
    if (shown === null) {
      return { slug: 'unauthorized', detail: 'The request shows no token.' };
    }
    // Both are compared, whatever the first says: the time taken tells nothing.
    const [reads, operates] = [mayRead(shown), mayOperate(shown)];
    if (operates) return null;
    if (!reads) return { slug: 'unauthorized', detail: 'The token is not one of ours.' };
    if (readingMethods.has(request.method)) return null;
    return { slug: 'forbidden', detail: 'The read token cannot change anything.' };
  };

  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request);
    if (refusal === null) return done();
    if (refusal.slug === 'unauthorized') reply.header('www-authenticate', challenge);
    sendProblem(request, reply, refusal);
  });
}

/** Compares digests, which have one length, in constant time. */
function matcher(token: string): (shown: string) => boolean {
  const expected = digest(token);
  return (shown) => timingSafeEqual(digest(shown), expected);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Null where there is none. The user name of Basic does not matter. */
function tokenOf(header: string | undefined): string | null {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(header ?? '') ?? [];
  if (scheme === '') return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : pair.slice(colon + 1);
}
