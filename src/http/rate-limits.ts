/**
 * How much one address may ask for. Both limits count a minute at a time, in memory of a bounded size, and
 * IPv6 addresses by their /64.
 *
 * A right token is always let in: wrong ones are counted only after they were compared, and so someone else
 * behind the same proxy or gateway locks nobody out. What keeps guessing hopeless is the length of the
 * tokens; this limit keeps guessers quiet, in the log and on the machine.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from '../model/problems.js';
import { SteadyStore } from './steady-store.js';

export interface RateLimits {
  /** Requests with a right token; 0 for any number. */
  readonly requestsPerMinute: number;
  /** 0 for any number. */
  readonly wrongTokensPerMinute: number;
}

export interface Tally {
  /** Counts the request; seconds to wait where it is one too many, else null. */
  count(request: FastifyRequest): Promise<number | null>;
}

const minuteMs = 60_000;

/** Who watches the service asks regularly, and must not be the one who is turned away. */
const uncounted = new Set(['/health/live', '/health/ready', '/metrics']);

/** Registers what `createTally` and `limitRequests` need. */
export function prepareTallies(app: FastifyInstance): void {
  app.register(rateLimit, { global: false, store: SteadyStore });
}

/** Call it once the app has loaded what `prepareTallies` registered. */
export function createTally(app: FastifyInstance, perMinute: number): Tally {
  if (perMinute === 0) return { count: async () => null };
  const limit = app.createRateLimit({ max: perMinute, timeWindow: minuteMs });
  return {
    count: async (request) => {
      const taken = await limit(request);
      return !taken.isAllowed && taken.isExceeded ? taken.ttlInSeconds : null;
    },
  };
}

export function limitRequests(app: FastifyInstance, perMinute: number): void {
  if (perMinute === 0) return;
  const tally = createTally(app, perMinute);
  app.addHook('onRequest', async (request) => {
    if (uncounted.has(request.routeOptions.url ?? '')) return;
    const waitSeconds = await tally.count(request);
    if (waitSeconds !== null) throw tooMany('requests', perMinute, waitSeconds);
  });
}

export function tooMany(what: string, perMinute: number, waitSeconds: number): ProblemError {
  return new ProblemError(
    'rate-limited',
    `This address sent more than ${perMinute} ${what} within a minute.`,
    { retryAfterSeconds: Math.max(1, waitSeconds) },
  );
}
