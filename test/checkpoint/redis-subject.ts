import type { ConnectionOptions } from 'node:tls';
import { expect, onTestFinished } from 'vitest';
import { createRedisCheckpoint } from '../../src/checkpoint/redis.js';
import { type RedisSettings, redisTarget } from '../../src/checkpoint/redis-settings.js';
import type { CheckpointStore } from '../../src/core/ports/checkpoint.js';
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

/** What a user needs at the least, beside the key: with scripts, without them, and to read no more than it must. */
export const scripts = ['+get', '+set', '+del', '+type', '+eval', '+evalsha'];
export const transactions = ['+get', '+set', '+del', '+type', '+watch', '+multi', '+exec'];
export const bounded = ['+getrange', '+strlen'];

/** Makes `clerk` a user who may do this with the key, and nothing else. */
export async function allow(server: RedisServer, rights: readonly string[]): Promise<void> {
  const user = ['clerk', 'reset', 'on', '>secret', `~${key}`, '-@all', ...rights];
  await server.command('ACL', 'SETUSER', ...user);
}

export function asUser({ port }: RedisServer): string {
  return `redis://clerk:secret@127.0.0.1:${port}`;
}

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
export function openStore(
  server: Pick<RedisServer, 'url'> | string,
  more: Partial<RedisSettings> & { readonly tls?: ConnectionOptions } = {},
): Watched {
  const { tls, ...settings } = more;
  const url = typeof server === 'string' ? server : server.url;
  const errors: string[] = [];
  let restored = 0;
  const store = createRedisCheckpoint({
    target: redisTarget({ url, sentinels: null, cluster: [], ...settings }, tls),
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
