import { Redis } from 'ioredis';

export interface RedisAdmin {
  command(...words: readonly (string | number)[]): Promise<unknown>;
  disconnect(): void;
}

/** A connection for tests to set up and look at a server: made when it is first needed, or needed again. */
export function createRedisAdmin(url: () => string): RedisAdmin {
  let current: Redis | null = null;

  const client = (): Redis => {
    if (current !== null) return current;
    const fresh = new Redis(url(), {
      protocol: 2,
      enableReadyCheck: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    // A command's own error tells the test; this listener only keeps the process alive.
    fresh.on('error', () => undefined);
    fresh.on('end', () => {
      if (current === fresh) current = null;
    });
    current = fresh;
    return fresh;
  };

  return {
    command: async (...[name, ...words]) => client().call(`${name}`, words),
    disconnect: () => {
      current?.disconnect();
      current = null;
    },
  };
}
