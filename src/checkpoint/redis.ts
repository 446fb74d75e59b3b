/**
 * The checkpoint in Redis: a bare value under one key, so that `redis-cli GET` and older jobs can read it.
 *
 * Two small state machines keep Redis from holding anything up:
 *
 * - the breaker (breaker.ts) opens when Redis is silent, gone, loading, or wants a password; every call is
 *   then answered `unavailable` at once, until a GET of the key was answered in the background. Listeners
 *   are called when it closes.
 * - the write retry (write-retry.ts) begins when Redis answers reads but refuses a write (a read-only
 *   replica, no right, no memory, no disk), or when the key holds another type. Reads go on; listeners are called
 *   every second, so that the core looks again and writes again, until a write is answered.
 *
 * Listeners are also called when a connection was lost and replaced before anyone noticed: another server
 * may answer there now, or the same one with older data.
 *
 * A compare-and-set that timed out may still be applied later. It then moves the key only from the value
 * that its caller had seen, and never over a key of another type.
 */
import type { CheckpointStore, CompareAndSet } from '../core/ports/checkpoint.js';
import type { StoredCheckpoint } from '../model/checkpoint.js';
import { createBoundedRead } from './bounded-read.js';
import { createBreaker } from './breaker.js';
import { type Change, type Changed, sendCompareAndSet } from './compare-and-set.js';
import { createListeners } from './listeners.js';
import { type Answer, createRedisConnection } from './redis-connection.js';
import {
  type Failure,
  forbidsCommand,
  isUnanswered,
  isWorthReconnecting,
  isWrongType,
} from './redis-failure.js';
import type { RedisTarget } from './redis-settings.js';
import { createSeenBytes } from './seen-bytes.js';
import { type Connect, shareRedisConnection } from './shared-connection.js';
import { createWatchedSet } from './watched-set.js';
import { createWriteRetry } from './write-retry.js';

export interface RedisCheckpointOptions {
  readonly target: RedisTarget;
  readonly key: string;
  /** The most that a call may take, whatever its deadline. */
  readonly timeoutMs: number;
  /** Where the connection is shared with other keys; one of its own by default. */
  readonly connect?: Connect;
  /** Called once whenever the store becomes unavailable, or the reason changes. Must not throw. */
  readonly onError?: (reason: string) => void;
}

/** Nothing it returns ever throws. */
export function createRedisCheckpoint(options: RedisCheckpointOptions): CheckpointStore {
  const { target, key, timeoutMs, onError = () => {} } = options;
  const { connect = shareRedisConnection(target, timeoutMs) } = options;
  const restored = createListeners(onError);
  const breaker = createBreaker({ probe, onOpen: onError, onClosed: restored.call });
  const writes = createWriteRetry(() => {
    if (breaker.reason === null) restored.call();
  });
  const connection = connect({
    onReady: () => {
      reading.forget();
      mayScript = true;
      scriptsForbidden = null;
      breaker.hurry();
      if (connectedBefore && breaker.reason === null) restored.call();
      connectedBefore = true;
    },
    onFailure: (failure) => breaker.open(failure.reason),
  });
  const reading = createBoundedRead(key);
  const seen = createSeenBytes();
  const watched = createWatchedSet(key, () =>
    createRedisConnection({ target, timeoutMs, onReady: () => {}, onFailure: () => {} }),
  );
  /** Whether scripts can be run on the current connection, as far as is known. */
  let mayScript = true;
  /** Why not, in the words of the first try, which names EVAL; those after it name EVALSHA. */
  let scriptsForbidden: string | null = null;
  let connectedBefore = false;
  let closed = false;

  async function probe(): Promise<string | null> {
    const answer = await connection.exchange(timeoutMs, reading.read);
    if (answer.ok || isWrongType(answer.failure)) return null;
    if (answer.failure.kind === 'silence') connection.renew();
    return answer.failure.reason;
  }

  /** One exchange within the deadline, unless it is known to be pointless. */
  async function ask<T>(
    deadline: number,
    exchange: (budgetMs: number) => Promise<Answer<T>>,
    opensBreaker = isUnanswered,
  ): Promise<Answer<T>> {
    if (closed) return unasked('the checkpoint store is closed');
    if (breaker.reason !== null) return unasked(breaker.reason);
    const budgetMs = Math.min(timeoutMs, deadline - performance.now());
    if (!(budgetMs > 0)) return unasked('no time was left to ask Redis');
    const answer = await exchange(budgetMs);
    if (!answer.ok && opensBreaker(answer.failure)) breaker.open(answer.failure.reason);
    return answer;
  }

  async function readType(deadline: number): Promise<StoredCheckpoint> {
    const answer = await ask(deadline, (budgetMs) =>
      connection.exchange(budgetMs, (client) => client.type(key)),
    );
    if (!answer.ok) return unavailable(answer.failure);
    if (answer.value === 'none' || answer.value === 'string') return changedMeanwhile;
    writes.blocked();
    return { status: 'wrong-type', type: answer.value };
  }

  async function read(deadline: number): Promise<StoredCheckpoint> {
    const answer = await ask(
      deadline,
      (budgetMs) => connection.exchange(budgetMs, reading.read),
      (failure) => !isWrongType(failure),
    );
    if (!answer.ok) {
      return isWrongType(answer.failure) ? readType(deadline) : unavailable(answer.failure);
    }
    const found = seen.reading(answer.value);
    writes.saw(found.status === 'value' ? found.text : null);
    return found;
  }

  /** By the script; where the user may not run it, by a transaction. */
  async function write(change: Change, deadline: number): Promise<Answer<Changed>> {
    if (mayScript) {
      const answer = await ask(deadline, (budgetMs) =>
        connection.exchange(budgetMs, (client) => sendCompareAndSet(client, key, change)),
      );
      if (answer.ok || !forbidsCommand(answer.failure)) return answer;
      scriptsForbidden ??= answer.failure.reason;
      mayScript = false;
    }
    const answer = await ask(
      deadline,
      (budgetMs) => watched.send(change, budgetMs),
      // Reads have a connection of their own, which may be the last that Redis lets in.
      ({ kind }) => kind === 'silence',
    );
    if (answer.ok) return answer;
    // Reads go to the same place.
    if (isWorthReconnecting(answer.failure)) connection.reconnect();
    if (!forbidsCommand(answer.failure)) return answer;
    // Either right may be granted on the current connection.
    mayScript = true;
    const reason = `${scriptsForbidden}; and without scripts: ${answer.failure.reason}`;
    return { ok: false, failure: { ...answer.failure, reason } };
  }

  async function compareAndSet(
    expected: string | null,
    next: string | null,
    deadline: number,
  ): Promise<CompareAndSet> {
    const answer = await write({ expected: seen.of(expected), next }, deadline);
    if (answer.ok) {
      if (mayScript) scriptsForbidden = null;
      writes.settled();
      return answer.value;
    }
    const { failure } = answer;
    const isOfWritesAlone = failure.kind === 'connection' && breaker.reason === null;
    // An answer that concerns reads as well is left to them: some servers take no writes and answer reads.
    const isRefused = isOfWritesAlone || !isUnanswered(failure);
    if (isRefused && writes.refused(next, failure.reason)) onError(failure.reason);
    return unavailable(failure);
  }

  return {
    kind: 'redis',
    read,
    compareAndSet,
    refusal: writes.refusal,
    onRestored: restored.add,
    close: async () => {
      closed = true;
      breaker.stop();
      writes.settled();
      connection.close();
      watched.close();
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
