/** The settings of Redis: where it is, its Sentinels or cluster, and TLS. */
import { z } from 'zod';
import type { Address, RedisSettings } from '../checkpoint/redis-settings.js';
import { parseRedisUrl } from '../checkpoint/redis-url.js';
import {
  type Conflict,
  flag,
  integer,
  list,
  pairConflict,
  setting,
  text,
  type ValuesOf,
  variableOf,
} from './setting.js';

const addresses = list
  .transform((texts) => texts.map(parseAddress))
  .refine(
    (found) => !found.includes(null),
    'must be addresses such as redis-1:6379, separated by commas',
  )
  .transform((found) => found.filter((address) => address !== null));

export const redisSettings = {
  redisUrl: setting(
    null,
    // The message never repeats the value: it may hold a password.
    z
      .string()
      .refine(
        isRedisUrl,
        'must be a URL such as redis://:password@localhost:6379/0 (rediss:// for TLS), percent-encoded; Sentinels are named in DAYMARK_REDIS_SENTINELS, nodes of a cluster in DAYMARK_REDIS_CLUSTER',
      ),
    { option: 'every-command' },
  ).says(
    'where the checkpoint is mirrored: `redis://user:password@host:6379/0`, `rediss://` for TLS; without it the checkpoint is kept in a file',
  ),
  redisSentinels: setting('', addresses).says(
    'Sentinels, as `host:port` separated by commas; the host in `DAYMARK_REDIS_URL` is then ignored, but its user, password, database and TLS are used',
  ),
  redisSentinelName: setting(null, text).says('the Sentinels’ name for the primary'),
  redisSentinelUser: setting(null, text).says('the user name for the Sentinels themselves'),
  redisSentinelPassword: setting(null, z.string()).says(
    'the password for the Sentinels themselves',
  ),
  redisSentinelTls: setting('false', flag).says('whether to use TLS for the Sentinels themselves'),
  redisCluster: setting('', addresses).says(
    'some nodes of a cluster, as `host:port` separated by commas; the node that holds the key is found through them. `DAYMARK_REDIS_URL` is used as for Sentinels',
  ),
  redisTlsCaFile: setting(null, text).says(
    'a PEM file, read at start, with the authority that must have signed Redis’s certificate',
  ),
  redisTlsCertFile: setting(null, text).says(
    'a PEM file, read at start, with the client certificate for Redis',
  ),
  redisTlsKeyFile: setting(null, text).says(
    'a PEM file, read at start, with the key of that certificate',
  ),
  redisTimeoutMs: setting('250', integer(1, 60_000)).says(
    'the longest that one request waits for Redis',
  ),
};

type Values = ValuesOf<typeof redisSettings>;

/** The contents of the PEM files, each null if it is not set. */
export interface RedisTlsFiles {
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
}

export type RedisConfig = RedisSettings & {
  readonly timeoutMs: number;
  readonly tlsFiles: RedisTlsFiles;
};

/** Null: there is no Redis. */
export function toRedisConfig(values: Values): RedisConfig | null {
  const { redisUrl: url, redisSentinels: sentinels, redisCluster: cluster } = values;
  if (url === null && sentinels.length === 0 && cluster.length === 0) return null;
  return {
    // The defaults without a URL: no password, database 0, no TLS.
    url: url ?? 'redis://localhost',
    sentinels:
      sentinels.length === 0
        ? null
        : {
            addresses: sentinels,
            name: values.redisSentinelName ?? '',
            username: values.redisSentinelUser,
            password: values.redisSentinelPassword,
            tls: values.redisSentinelTls,
          },
    cluster,
    timeoutMs: values.redisTimeoutMs,
    tlsFiles: {
      caFile: values.redisTlsCaFile,
      certFile: values.redisTlsCertFile,
      keyFile: values.redisTlsKeyFile,
    },
  };
}

export function redisConflicts(values: Values): Conflict[] {
  const { redisUrl: url, redisCluster: cluster } = values;
  const place = url === null ? null : parseRedisUrl(url).options;
  return [
    ...sentinelConflicts(values),
    [
      cluster.length > 0 && (place?.db ?? 0) !== 0,
      `DAYMARK_REDIS_URL names database ${place?.db}, and a cluster has only database 0. Leave the number out.`,
    ],
    ...tlsConflicts(values, place?.tls !== undefined),
  ];
}

function sentinelConflicts(values: Values): Conflict[] {
  const hasSentinels = values.redisSentinels.length > 0;
  const given = namesOfGiven(values, [
    'redisSentinelName',
    'redisSentinelUser',
    'redisSentinelPassword',
    'redisSentinelTls',
  ]);
  return [
    [
      hasSentinels && values.redisCluster.length > 0,
      'DAYMARK_REDIS_SENTINELS and DAYMARK_REDIS_CLUSTER exclude each other. Set only one of them.',
    ],
    [
      hasSentinels && values.redisSentinelName === null,
      'DAYMARK_REDIS_SENTINELS needs DAYMARK_REDIS_SENTINEL_NAME: the name of the primary, as in "sentinel monitor NAME …".',
    ],
    [
      !hasSentinels && given !== '',
      `${given}: there are no Sentinels. Set DAYMARK_REDIS_SENTINELS, such as sentinel-1:26379,sentinel-2:26379.`,
    ],
    [
      values.redisSentinelUser !== null && values.redisSentinelPassword === null,
      'DAYMARK_REDIS_SENTINEL_USER needs DAYMARK_REDIS_SENTINEL_PASSWORD.',
    ],
  ];
}

function tlsConflicts(values: Values, speaksTls: boolean): Conflict[] {
  const given = namesOfGiven(values, ['redisTlsCaFile', 'redisTlsCertFile', 'redisTlsKeyFile']);
  return [
    pairConflict('DAYMARK_REDIS_TLS', values.redisTlsCertFile, values.redisTlsKeyFile),
    [
      given !== '' && !speaksTls && !values.redisSentinelTls,
      `${given}: Redis is not used over TLS. Begin DAYMARK_REDIS_URL with rediss://.`,
    ],
  ];
}

function namesOfGiven(values: Values, names: readonly (keyof Values)[]): string {
  return names
    .filter((name) => values[name])
    .map(variableOf)
    .join(', ');
}

function parseAddress(text: string): Address | null {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[^\s/:@[\]]+):([0-9]{1,5})$/i.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return null;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function isRedisUrl(value: string): boolean {
  try {
    parseRedisUrl(value);
    return true;
  } catch {
    return false;
  }
}
