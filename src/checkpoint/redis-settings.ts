/** Where Redis is, and how to connect to it. */
import type { ConnectionOptions } from 'node:tls';
import type { RedisOptions } from 'ioredis';
import { parseRedisUrl, without } from './redis-url.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Of the client, as it is used here. */
export type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

export interface SentinelSettings {
  readonly addresses: readonly Address[];
  /** Of the primary, as the Sentinels know it. */
  readonly name: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly tls: boolean;
}

export interface RedisSettings {
  /**
   * `redis://[[user]:password@]host[:port][/db]`, or `rediss://` for TLS. Where Sentinels or nodes are named, its
   * host is not asked; all else counts.
   */
  readonly url: string;
  /** Null: none are asked. */
  readonly sentinels: SentinelSettings | null;
  /** Nodes of a cluster to begin with; empty where Redis is not a cluster. */
  readonly cluster: readonly Address[];
}

export interface RedisTarget {
  readonly options: ClientOptions;
  readonly cluster: readonly Address[];
  /** Removes any passwords from a text that people or logs will see. */
  redact(text: string): string;
}

/** `tls`: authorities, and the certificate to show with its key, for all connections by TLS. */
export function redisTarget(settings: RedisSettings, tls: ConnectionOptions = {}): RedisTarget {
  const { url, sentinels, cluster } = settings;
  const { options, redact } = parseRedisUrl(url);
  const secret = sentinels?.password ?? '';
  return {
    options: {
      ...options,
      ...(options.tls === undefined ? {} : { tls, enableTLSForSentinelMode: true }),
      ...(sentinels === null ? {} : sentinelOptions(sentinels, tls)),
    },
    cluster,
    redact: (text) => without(redact(text), secret),
  };
}

function sentinelOptions(
  { addresses, name, username, password, tls: usesTls }: SentinelSettings,
  tls: ConnectionOptions,
): ClientOptions {
  return {
    sentinels: addresses.map((address) => ({ ...address })),
    name,
    // Only the configured ones are asked; others that a Sentinel knows may not be reachable from here.
    updateSentinels: false,
    ...(username === null ? {} : { sentinelUsername: username }),
    ...(password === null ? {} : { sentinelPassword: password }),
    ...(usesTls ? { sentinelTLS: tls } : {}),
  };
}
