import { onTestFinished } from 'vitest';
import { createRedisCheckpoint } from '../../src/checkpoint/redis.js';
import type { CheckpointStore } from '../../src/core/ports.js';
import type { RedisServer } from '../support/redis-server.js';

export const key = 'incremental:last_processed_day';

/** What the service uses. */
export const timeoutMs = 250;

/** What a loaded machine may add to a promised time; a hang is seconds or for ever. */
export const slackMs = 400;

/** "At once": no round trip is waited for. */
export const atOnceMs = 100;

export interface Watched {
  readonly store: CheckpointStore;
  /** What `onError` was told. */
  readonly errors: readonly string[];
  /** How often listeners were told that it is back. */
  readonly restored: () => number;
}

/** A store under test that is closed when the test has finished. */
export function openStore(server: Pick<RedisServer, 'url'> | string): Watched {
  const errors: string[] = [];
  let restored = 0;
  const store = createRedisCheckpoint({
    url: typeof server === 'string' ? server : server.url,
    key,
    timeoutMs,
    onError: (reason) => errors.push(reason),
  });
  store.onRestored(() => {
    restored += 1;
  });
  onTestFinished(() => store.close());
  return { store, errors, restored: () => restored };
}
