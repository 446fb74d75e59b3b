/**
 * One connection to Redis that is made anew by itself, and exchanges with it that never throw and never
 * take longer than they may. What it refuses to do: queue commands while there is no connection, send a
 * command again, or send one after its caller has gone on.
 */
import { Redis, type RedisOptions } from 'ioredis';
import { createBackoff } from './backoff.js';
import { type ScriptedRedis, scripts } from './compare-and-set.js';
import {
  connectionFailure,
  type Failure,
  isErrorReply,
  lostConnection,
  replyFailure,
  silence,
} from './redis-failure.js';
import { parseRedisUrl } from './redis-url.js';
import { TimeLimitError, within } from './time-limit.js';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

export interface RedisConnection {
  /** While a connection is being made, waits for it, as part of the budget. */
  exchange<T>(budgetMs: number, send: (client: ScriptedRedis) => Promise<T>): Promise<Answer<T>>;
  /** Makes a new connection where the present one is mute. */
  renew(): void;
  close(): void;
}

export interface RedisConnectionOptions {
  readonly url: string;
  readonly timeoutMs: number;
  onReady(): void;
  /** No connection could be made, or the server turned it away. */
  onFailure(failure: Failure): void;
}

const reconnectFirstMs = 20;
const reconnectCapMs = 500;
const connectTimeoutMs = 1_000;
/** How long a socket may take to close before it is destroyed; a frozen server never closes its side. */
const disconnectTimeoutMs = 100;

export function createRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { url, timeoutMs } = options;
  const target = parseRedisUrl(url);
  const backoff = createBackoff(reconnectFirstMs, reconnectCapMs);
  const client = new Redis({
    ...target.options,
    ...boundedBy(timeoutMs),
    retryStrategy: () => backoff.next(),
  }) as ScriptedRedis;
  let attempt = createAttempt();
  /** What went wrong last; null once a command was answered. Later symptoms are put down to it. */
  let lastFailure: Failure | null = null;
  /** When the server last answered something, or took a connection. */
  let heardAt = performance.now();

  const redacted = (failure: Failure): Failure => ({
    ...failure,
    reason: target.redact(failure.reason),
  });

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
    options.onFailure(lastFailure);
  });
  client.on('close', () => {
    attempt.fail();
    attempt = createAttempt();
  });

  const failureOf = (error: unknown): Failure => {
    if (isErrorReply(error)) {
      heardAt = performance.now();
      return redacted(replyFailure(error));
    }
    if (!(error instanceof TimeLimitError)) return lastFailure ?? lostConnection;
    // On a line that works, what went wrong before is not why it is silent now.
    if (client.status === 'ready') lastFailure = silence;
    lastFailure ??= silence;
    return { ...lastFailure, kind: 'silence' };
  };

  return {
    exchange: async (budgetMs, send) => {
      try {
        const value = await within(budgetMs, async (limit) => {
          if (client.status !== 'ready') await attempt.settled;
          if (limit.expired) throw new TimeLimitError('connected too late');
          return send(client);
        });
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
    close: () => {
      // Not quit(): it waits for an answer, and a frozen server gives none.
      client.disconnect();
      attempt.fail();
    },
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
    disconnectTimeout: disconnectTimeoutMs,
    // No commandTimeout: its timer would beat an answer that came while this process was busy.
  } as const satisfies RedisOptions;
}

function isFailedSelect(error: Error): boolean {
  const { command } = error as { command?: { name?: string } };
  return command?.name === 'select';
}

interface Attempt {
  readonly settled: Promise<void>;
  succeed(): void;
  fail(): void;
}

/** The connection being made, which any number of callers may wait for. */
function createAttempt(): Attempt {
  let succeed = () => {};
  let fail = () => {};
  const settled = new Promise<void>((resolve, reject) => {
    succeed = resolve;
    fail = () => reject(new Error('the connection could not be made'));
  });
  settled.catch(() => {});
  return { settled, succeed, fail };
}
