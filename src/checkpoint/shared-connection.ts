/** One connection to Redis for the keys of several datasets. */
import {
  createRedisConnection,
  type RedisConnection,
  type RedisConnectionOptions,
} from './redis-connection.js';
import type { RedisTarget } from './redis-settings.js';

export type Connect = (
  user: Pick<RedisConnectionOptions, 'onReady' | 'onFailure'>,
) => RedisConnection;

/** The connection is made for the first user, and closed by the last. Not for a cluster: keys lie on several nodes. */
export function shareRedisConnection(target: RedisTarget, timeoutMs: number): Connect {
  const users = new Set<Parameters<Connect>[0]>();
  let shared: RedisConnection | null = null;

  const connect = () =>
    createRedisConnection({
      target,
      timeoutMs,
      onReady: () => {
        for (const user of users) user.onReady();
      },
      onFailure: (failure) => {
        for (const user of users) user.onFailure(failure);
      },
    });

  return (user) => {
    users.add(user);
    shared ??= connect();
    const connection = shared;
    return {
      ...connection,
      close: () => {
        users.delete(user);
        if (users.size > 0) return;
        connection.close();
        if (shared === connection) shared = null;
      },
    };
  };
}
