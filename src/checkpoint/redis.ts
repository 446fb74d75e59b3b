/**
 * The checkpoint in Redis: a bare value under one key, so that `redis-cli GET` and older jobs can read it.
 *
 * Two small state machines keep Redis from holding anything up:
 *
 * - the breaker (breaker.ts) opens when Redis is silent, gone, loading, or wants a password; every call is
 *   then answered `unavailable` at once, until a GET of the key was answered in the background. Listeners
 *   are called when it closes.
 * - the write retry (write-retry.ts) begins when Redis answers reads but refuses a write (a read-only
 *   replica, no memory, no disk), or when the key holds another type. Reads go on; listeners are called
 *   every second, so that the core looks again and writes again, until a write is answered.
 *
 * Listeners are also called when a connection was lost and made anew before anyone noticed: another server
 * may answer there now, or the same one with older data.
 *
 * A compare-and-set that timed out may still be applied later. It then moves the key only from the value
 * that its caller had seen, and never over a key of another type.
 */
import type { CheckpointStore, CompareAndSet, StoredCheckpoint } from '../core/ports.js';
import { createBreaker } from './breaker.js';
import { type ScriptedRedis, sendCompareAndSet } from './compare-and-set.js';
import { createListeners } from './listeners.js';
import { type Answer, createRedisConnection } from './redis-connection.js';
import {
  affectsEveryCommand,
  type Failure,
  isWrongType,
  refusesOneCommand,
} from './redis-failure.js';
import { createSeenBytes } from './seen-bytes.js';
import { createWriteRetry } from './write-retry.js';

export interface RedisCheckpointOptions {
  /** `redis://[[user]:password@]host[:port][/db]`, or `rediss://`. */
  readonly url: string;
  readonly key: string;
  /** The most that a call may take, whatever its deadline. */
  readonly timeoutMs: number;
  /** Told once whenever the store becomes unavailable, or so for another reason. Must not throw. */
  readonly onError?: (reason: string) => void;
}

/** Throws on a URL that is none; nothing it returns ever throws. */
export function createRedisCheckpoint(options: RedisCheckpointOptions): CheckpointStore {
  const { url, key, timeoutMs, onError = () => {} } = options;
  const restored = createListeners(onError);
  const breaker = createBreaker({ probe, onOpen: onError, onClosed: restored.call });
  const writes = createWriteRetry(() => {
    if (breaker.reason === null) restored.call();
  });
  const connection = createRedisConnection({
    url,
    timeoutMs,
    onReady: () => {
      breaker.hurry();
      if (connectedBefore && breaker.reason === null) restored.call();
      connectedBefore = true;
    },
    onFailure: (failure) => breaker.open(failure.reason),
  });
  const get = (client: ScriptedRedis) => client.getBuffer(key);
  const seen = createSeenBytes();
  let connectedBefore = false;
  let closed = false;

  async function probe(): Promise<string | null> {
    const answer = await connection.exchange(timeoutMs, get);
    if (answer.ok || isWrongType(answer.failure)) return null;
    if (answer.failure.kind === 'silence') connection.renew();
    return answer.failure.reason;
  }

  /** One exchange within the deadline, unless it is known to be in vain. */
  async function ask<T>(
    deadline: number,
    send: (client: ScriptedRedis) => Promise<T>,
    opensBreaker = affectsEveryCommand,
  ): Promise<Answer<T>> {
    if (closed) return unasked('the checkpoint store is closed');
    if (breaker.reason !== null) return unasked(breaker.reason);
    const budgetMs = Math.min(timeoutMs, deadline - performance.now());
    if (!(budgetMs > 0)) return unasked('no time was left to ask Redis');
    const answer = await connection.exchange(budgetMs, send);
    if (!answer.ok && opensBreaker(answer.failure)) breaker.open(answer.failure.reason);
    return answer;
  }

  async function readType(deadline: number): Promise<StoredCheckpoint> {
    const answer = await ask(deadline, (client) => client.type(key));
    if (!answer.ok) return unavailable(answer.failure);
    if (answer.value === 'none' || answer.value === 'string') return changedMeanwhile;
    writes.blocked();
    return { status: 'wrong-type', type: answer.value };
  }

  async function read(deadline: number): Promise<StoredCheckpoint> {
    const answer = await ask(deadline, get, (failure) => !isWrongType(failure));
    if (!answer.ok) {
      return isWrongType(answer.failure) ? readType(deadline) : unavailable(answer.failure);
    }
    const text = seen.textOf(answer.value);
    writes.saw(text);
    return text === null ? { status: 'absent' } : { status: 'value', text };
  }

  async function compareAndSet(
    expected: string | null,
    next: string | null,
    deadline: number,
  ): Promise<CompareAndSet> {
    const answer = await ask(deadline, (client) =>
      sendCompareAndSet(client, key, seen.bytesOf(expected), next),
    );
    if (answer.ok) {
      writes.settled();
      return answer.value;
    }
    const { failure } = answer;
    if (refusesOneCommand(failure) && writes.refused(next)) onError(failure.reason);
    return unavailable(failure);
  }

  return {
    kind: 'redis',
    read,
    compareAndSet,
    onRestored: restored.add,
    close: async () => {
      closed = true;
      breaker.stop();
      writes.settled();
      connection.close();
    },
  };
}

const changedMeanwhile: StoredCheckpoint = {
  status: 'unavailable',
  reason: 'the key changed its type while it was read',
};

function unavailable({ reason }: Failure) {
  return { status: 'unavailable', reason } as const;
}

function unasked(reason: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { kind: 'silence', code: null, reason } };
}
