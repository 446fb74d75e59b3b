/**
 * Compare-and-set for a user who may not run scripts: WATCH, a look, then MULTI, SET or DEL, EXEC. Redis executes
 * it only where no one touched the key since WATCH.
 *
 * WATCH belongs to a connection, so that this has one of its own, on which one exchange follows the other.
 */
import type { Redis } from 'ioredis';
import { createSerial } from '../core/serial.js';
import { type TimeLimit, TimeLimitError, within } from '../process/time-limit.js';
import { type BoundedRead, createBoundedRead } from './bounded-read.js';
import type { Change, Changed } from './compare-and-set.js';
import type { Answer, RedisConnection } from './redis-connection.js';
import { lateFailure } from './redis-failure.js';
import type { Seen } from './seen-bytes.js';

export interface WatchedSet {
  send(change: Change, budgetMs: number): Promise<Answer<Changed>>;
  close(): void;
}

/** `connect` is called when the first change is to be sent. */
export function createWatchedSet(key: string, connect: () => RedisConnection): WatchedSet {
  const inTurn = createSerial();
  const reading = createBoundedRead(key);
  let connection: RedisConnection | null = null;

  /** What was begun and not answered may still go on there. */
  const leave = () => {
    connection?.close();
    connection = null;
  };

  return {
    send: async (change, budgetMs) => {
      const deadline = performance.now() + budgetMs;
      const turn = async (limit: TimeLimit): Promise<Answer<Changed>> => {
        if (limit.expired) throw new TimeLimitError('its turn came too late');
        connection ??= connect();
        const leftMs = deadline - performance.now();
        const answer = await connection.exchange(leftMs, (client, ending) =>
          exchange({ client, key, reading }, change, ending),
        );
        if (!answer.ok && answer.failure.kind !== 'reply') leave();
        return answer;
      };
      try {
        return await within(budgetMs, (limit) => inTurn(() => turn(limit)));
      } catch {
        return { ok: false, failure: lateFailure };
      }
    },
    close: leave,
  };
}

interface Place {
  readonly client: Redis;
  readonly key: string;
  readonly reading: BoundedRead;
}

async function exchange(place: Place, change: Change, limit: TimeLimit): Promise<Changed> {
  const { client } = place;
  let isOver = false;
  try {
    await client.watch(place.key);
    const difference = await differenceFrom(change.expected, place);
    if (difference !== null) return difference;
    if (limit.expired) throw new TimeLimitError('looked too late');
    // Without MULTI, SET would be executed at once, whatever the key holds.
    await client.call('MULTI');
    if (limit.expired) throw new TimeLimitError('began too late');
    isOver = true;
    return await execute(client, place.key, change.next);
  } finally {
    if (!isOver) endTransaction(client);
  }
}

/** Null where the key holds what is expected. */
async function differenceFrom(
  expected: Seen | null,
  { client, key, reading }: Place,
): Promise<Changed | null> {
  const type = await client.type(key);
  if (type !== 'none' && type !== 'string') return { status: 'wrong-type', type };
  const found = type === 'none' ? null : await reading.read(client);
  return isSame(found, expected) ? null : { status: 'conflict' };
}

/** An empty transaction ends a WATCH, and the one that was begun, without the right to UNWATCH or DISCARD. */
function endTransaction(client: Redis): void {
  for (const command of ['MULTI', 'EXEC']) client.call(command).catch(() => {});
}

function isSame(found: Seen | null, expected: Seen | null): boolean {
  if (found === null || expected === null) return found === expected;
  if (found.sizeBytes !== expected.sizeBytes) return false;
  const size = Math.min(found.bytes.length, Buffer.from(expected.bytes).length);
  const [a, b] = [found, expected].map(({ bytes }) => Buffer.from(bytes).subarray(0, size));
  return a?.equals(b ?? Buffer.alloc(0)) ?? false;
}

async function execute(client: Redis, key: string, next: string | null): Promise<Changed> {
  const [queued, executed] = await Promise.allSettled([
    next === null ? client.call('DEL', key) : client.call('SET', key, next),
    client.call('EXEC'),
  ]);
  // What EXEC says of a command that was refused is only that one was.
  if (queued.status === 'rejected') throw queued.reason;
  if (executed.status === 'rejected') throw executed.reason;
  const results = executed.value as readonly unknown[] | null;
  if (results === null) return { status: 'conflict' };
  const [result] = results;
  if (result instanceof Error) throw result;
  return { status: 'stored' };
}
