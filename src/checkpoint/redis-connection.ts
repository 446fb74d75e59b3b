/**
 * One connection to Redis that reconnects automatically, with exchanges that never throw and never exceed their time
 * limit. What it refuses to do: queue commands while there is no connection, send a
 * command again that may have been executed, or send one after its caller has given up.
 *
 * An answer by which another server may stand behind the name by now (READONLY after a failover, LOADING, …) makes a
 * new connection: at once, and then less and less often, down to twice a minute, because the server may stay a replica
 * for good. Exchanges that are under way end first; others wait for the new one, as part of their budgets.
 */
import { Redis, type RedisOptions } from 'ioredis';
import { type TimeLimit, TimeLimitError, within } from '../process/time-limit.js';
import { type Attempt, createAttempt } from './attempt.js';
import { createBackoff } from './backoff.js';
import { type ScriptedRedis, scripts } from './compare-and-set.js';
import {
  connectionFailure,
  type Failure,
  isErrorReply,
  isWorthReconnecting,
  lostConnection,
  replyFailure,
  silence,
} from './redis-failure.js';
import { askingAt, createRounds, redirectIn } from './redis-redirect.js';
import type { Address, RedisTarget } from './redis-settings.js';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** Commands of one exchange; nothing more may be sent once the limit has expired. */
type Send<T> = (client: ScriptedRedis, limit: TimeLimit) => Promise<T>;

export interface RedisConnection {
  /** While a connection is being made, waits for it, as part of the budget. */
  exchange<T>(budgetMs: number, send: Send<T>): Promise<Answer<T>>;
  /** Makes a new connection if the current one is silent. */
  renew(): void;
  /** Makes a new connection because another server may stand behind the name; not more often than is sensible. */
  reconnect(): void;
  close(): void;
}

export interface RedisConnectionOptions {
  readonly target: RedisTarget;
  readonly timeoutMs: number;
  onReady(): void;
  /** No connection could be made, or the server turned it away. */
  onFailure(failure: Failure): void;
}

const retryFirstMs = 20;
const retryCapMs = 500;
const connectTimeoutMs = 1_000;
/** How long a socket may take to close before it is destroyed; a frozen server never closes its side. */
const disconnectTimeoutMs = 100;
const pauseFirstMs = 1_000;
const pauseCapMs = 30_000;
/** More would be a loop. */
const mostRedirects = 5;

export function createRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { target, timeoutMs } = options;
  const { cluster } = target;
  const backoff = createBackoff(retryFirstMs, retryCapMs);
  const nextNode = createRounds(cluster);
  const clientOptions = { ...target.options, ...nextNode(), ...boundedBy(timeoutMs) };
  const client = new Redis({
    ...clientOptions,
    retryStrategy: () => {
      // A redirect chose that node; it may be gone.
      if (!leaving) Object.assign(client.options, nextNode());
      return backoff.next();
    },
  }) as ScriptedRedis;
  let attempt: Attempt = createAttempt();
  /** What went wrong last; null once a command was answered. Later symptoms are put down to it. */
  let lastFailure: Failure | null = null;
  /** When the server last answered something, or took a connection. */
  let heardAt = performance.now();
  /** The connection there is takes nothing more, and is closed when all that was asked on it was answered. */
  let leaving = false;
  let underWay = 0;
  const mayLeave = createPauses();

  const redacted = (failure: Failure): Failure => ({
    ...failure,
    reason: target.redact(failure.reason),
  });

  const closeWhenLeft = () => {
    if (leaving && underWay === 0) client.disconnect(true);
  };

  const leave = () => {
    if (leaving || client.status !== 'ready') return;
    leaving = true;
    attempt = createAttempt();
    closeWhenLeft();
  };

  const reconnect = () => {
    if (mayLeave()) leave();
  };

  client.on('connect', () => {
    heardAt = performance.now();
  });
  client.on('ready', () => {
    heardAt = performance.now();
    attempt.succeed();
    options.onReady();
  });
  client.on('error', (error: Error) => {
    lastFailure = redacted(connectionFailure(error));
    // The client would go on in database 0, where the key is not ours.
    if (isFailedSelect(error)) client.disconnect(true);
    // Sentinels that no one reaches are tried on and on, without a `close` in between: who waits is told.
    if (client.status === 'connecting') {
      attempt.fail();
      attempt = createAttempt();
    }
    options.onFailure(lastFailure);
  });
  client.on('close', () => {
    if (!leaving) {
      attempt.fail();
      attempt = createAttempt();
    }
    leaving = false;
  });

  const failureOf = (error: unknown): Failure => {
    if (isErrorReply(error)) {
      heardAt = performance.now();
      const failure = redacted(replyFailure(error));
      if (isWorthReconnecting(failure)) reconnect();
      return failure;
    }
    if (!(error instanceof TimeLimitError)) return lastFailure ?? lostConnection;
    // On a line that works, what went wrong before is not why it is silent now.
    if (client.status === 'ready') lastFailure = silence;
    lastFailure ??= silence;
    return { ...lastFailure, kind: 'silence' };
  };

  async function sendOnce<T>(send: Send<T>, limit: TimeLimit): Promise<T> {
    if (leaving || client.status !== 'ready') await attempt.settled;
    if (limit.expired) throw new TimeLimitError('connected too late');
    underWay += 1;
    try {
      return await send(client, limit);
    } finally {
      underWay -= 1;
      closeWhenLeft();
    }
  }

  /** A node that names another one has done nothing; so the same may be asked there. */
  async function follow<T>(send: Send<T>, limit: TimeLimit, left = mostRedirects): Promise<T> {
    try {
      return await sendOnce(send, limit);
    } catch (error) {
      const redirect = cluster.length === 0 ? null : redirectIn(error, addressOf(client.options));
      if (redirect === null || limit.expired || left === 0) throw error;
      const { kind, address } = redirect;
      if (kind === 'ask')
        return askingAt(address, clientOptions, limit, (node) => send(node, limit));
      Object.assign(client.options, address);
      leave();
      return follow(send, limit, left - 1);
    }
  }

  return {
    exchange: async (budgetMs, send) => {
      try {
        const value = await within(budgetMs, (limit) => follow(send, limit));
        backoff.reset();
        lastFailure = null;
        heardAt = performance.now();
        return { ok: true, value };
      } catch (error) {
        return { ok: false, failure: failureOf(error) };
      }
    },
    renew: () => {
      // A new connection on a slow line is given the time for its password and a first answer.
      if (performance.now() - heardAt < 2 * timeoutMs) return;
      if (client.status === 'ready' || client.status === 'connect') client.disconnect(true);
    },
    reconnect,
    close: () => {
      // Not quit(): it waits for an answer, and a frozen server gives none.
      client.disconnect();
      attempt.fail();
    },
  };
}

/** Whether it is time for another try; the pauses grow with each one. */
function createPauses(): () => boolean {
  const backoff = createBackoff(pauseFirstMs, pauseCapMs);
  let [notBefore, askedAt] = [0, 0];
  return () => {
    const now = performance.now();
    if (now - askedAt > pauseCapMs) {
      backoff.reset();
      notBefore = 0;
    }
    askedAt = now;
    if (now < notBefore) return false;
    notBefore = now + backoff.next();
    return true;
  };
}

function boundedBy(timeoutMs: number) {
  return {
    scripts,
    // RESP2 without ready check or client info: connected means usable, with no round trip in between
    // that could hang; whether the server is loading or wants a password, the first command tells.
    protocol: 2,
    enableReadyCheck: false,
    disableClientInfo: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: Math.max(timeoutMs, connectTimeoutMs),
    sentinelCommandTimeout: Math.max(timeoutMs, connectTimeoutMs),
    disconnectTimeout: disconnectTimeoutMs,
    // No commandTimeout: its timer would beat an answer that came while this process was busy.
  } as const satisfies RedisOptions;
}

function addressOf({ host = '', port = 0 }: RedisOptions): Address {
  return { host, port };
}

function isFailedSelect(error: Error): boolean {
  const { command } = error as { command?: { name?: string } };
  return command?.name === 'select';
}
