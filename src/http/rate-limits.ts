/**
 * How many requests one address may send. Both limits count a minute at a time, in bounded memory, and count IPv6
 * addresses by their /64.
 *
 * A valid token is always accepted: wrong ones are counted only after the comparison, so nobody behind the same proxy
 * or gateway can lock others out. The length of the tokens makes guessing hopeless; this limit only keeps guesses from
 * filling the log and loading the machine.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from '../model/problems.js';
import { SteadyStore } from './steady-store.js';

export interface RateLimits {
  /** Requests with a valid token; 0 for no limit. */
  readonly requestsPerMinute: number;
  /** 0 for no limit. */
  readonly wrongTokensPerMinute: number;
}

export interface Tally {
  /** Counts the request; returns the seconds to wait if it is one too many, otherwise null. */
  count(request: FastifyRequest): Promise<number | null>;
}

const minuteMs = 60_000;

/** Monitoring asks regularly, and must not be turned away. */
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
