import { expect, onTestFinished } from 'vitest';
import { createRedisCheckpoint } from '../../src/checkpoint/redis.js';
import type { CheckpointStore } from '../../src/core/ports.js';
import { eventually } from '../support/eventually.js';
import { type RedisServer, type RedisServerOptions, startRedis } from '../support/redis-server.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { within } from './asking.js';

export const key = 'incremental:last_processed_day';

/** What the service uses. */
export const timeoutMs = 250;

/** What a loaded machine may add to a promised time; a hang is seconds or for ever. */
export const slackMs = 400;

/** "At once": no round trip is waited for. */
export const atOnceMs = 100;

/** A server that ends with the test. */
export async function redis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.stop());
  return server;
}

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

export async function storeHolding3(server: RedisServer): Promise<Watched> {
  const watched = openStore(server);
  await watched.store.compareAndSet(null, '3', within());
  return watched;
}

export async function proxyTo(server: RedisServer): Promise<{ proxy: TcpProxy; url: string }> {
  const proxy = await startTcpProxy(server.port);
  onTestFinished(() => proxy.close());
  return { proxy, url: `redis://127.0.0.1:${proxy.port}` };
}

/** Listeners were told, and the next reads find it. */
export async function expectBack({ store, restored }: Watched, expected: unknown): Promise<void> {
  await eventually(() => expect(restored()).toBeGreaterThan(0));
  await eventually(async () => expect(await store.read(within())).toEqual(expected));
}
