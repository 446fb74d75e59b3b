/** The settings of Redis: where it is, who looks after it, and how it is known by TLS. */
import { z } from 'zod';
import type { Address, RedisSettings } from '../checkpoint/redis-settings.js';
import { parseRedisUrl } from '../checkpoint/redis-url.js';
import { commaList, flag, optionalText } from './setting-shapes.js';

// The message never repeats the value: it may hold a password.
const urlShape =
  'must be a URL such as redis://:password@localhost:6379/0 (rediss:// for TLS), percent-encoded; Sentinels are named in DAYMARK_REDIS_SENTINELS, nodes of a cluster in DAYMARK_REDIS_CLUSTER';

const addressesShape = 'must be addresses such as redis-1:6379, with commas between them';

const addresses = optionalText
  .transform((text) => commaList(text ?? '').map(parseAddress))
  .refine((found) => !found.includes(null), addressesShape)
  .transform((found) => found.filter((address) => address !== null));

export const redisShapes = {
  REDIS_URL: z.string().refine(isRedisUrl, urlShape).nullable().default(null),
  REDIS_SENTINELS: addresses,
  REDIS_SENTINEL_NAME: optionalText,
  REDIS_SENTINEL_USER: optionalText,
  REDIS_SENTINEL_PASSWORD: z.string().nullable().default(null),
  REDIS_SENTINEL_TLS: flag(false),
  REDIS_CLUSTER: addresses,
  REDIS_TLS_CA_FILE: optionalText,
  REDIS_TLS_CERT_FILE: optionalText,
  REDIS_TLS_KEY_FILE: optionalText,
};

type Values = z.output<z.ZodObject<typeof redisShapes>>;

/** What only files hold: PEM, each null where it is not given. */
export interface RedisTlsFiles {
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
}

export type RedisConfig = RedisSettings & { readonly tlsFiles: RedisTlsFiles };

export function redisConflicts(values: Values, prefix: string): string[] {
  const name = (setting: keyof typeof redisShapes) => `${prefix}${setting}`;
  const { REDIS_URL: url, REDIS_SENTINELS: sentinels, REDIS_CLUSTER: cluster } = values;
  const isGiven = (setting: keyof typeof redisShapes) => values[setting] !== null;
  const conflicts: string[] = [];

  if (sentinels.length > 0 && cluster.length > 0) {
    conflicts.push(
      `${name('REDIS_SENTINELS')} and ${name('REDIS_CLUSTER')} exclude each other. Set the one that you have.`,
    );
  }
  if (sentinels.length > 0 && values.REDIS_SENTINEL_NAME === null) {
    conflicts.push(
      `${name('REDIS_SENTINELS')} needs ${name('REDIS_SENTINEL_NAME')}: the name of the primary, as in "sentinel monitor NAME …".`,
    );
  }
  const ofSentinels = (
    ['REDIS_SENTINEL_NAME', 'REDIS_SENTINEL_USER', 'REDIS_SENTINEL_PASSWORD'] as const
  )
    .filter(isGiven)
    .concat(values.REDIS_SENTINEL_TLS ? (['REDIS_SENTINEL_TLS'] as never[]) : []);
  if (sentinels.length === 0 && ofSentinels.length > 0) {
    conflicts.push(
      `${ofSentinels.map(name).join(', ')}: there are no Sentinels. Set ${name('REDIS_SENTINELS')}, such as sentinel-1:26379,sentinel-2:26379.`,
    );
  }
  if (values.REDIS_SENTINEL_USER !== null && values.REDIS_SENTINEL_PASSWORD === null) {
    conflicts.push(`${name('REDIS_SENTINEL_USER')} needs ${name('REDIS_SENTINEL_PASSWORD')}.`);
  }
  const place = url === null ? null : parseRedisUrl(url).options;
  if (cluster.length > 0 && (place?.db ?? 0) !== 0) {
    conflicts.push(
      `${name('REDIS_URL')} names database ${place?.db}, and a cluster has only database 0. Leave the number out.`,
    );
  }
  return [...conflicts, ...tlsConflicts(values, place?.tls !== undefined, name)];
}

function tlsConflicts(
  values: Values,
  speaksTls: boolean,
  name: (setting: keyof typeof redisShapes) => string,
): string[] {
  const files = ['REDIS_TLS_CA_FILE', 'REDIS_TLS_CERT_FILE', 'REDIS_TLS_KEY_FILE'] as const;
  const given = files.filter((file) => values[file] !== null);
  const conflicts: string[] = [];
  if ((values.REDIS_TLS_CERT_FILE === null) !== (values.REDIS_TLS_KEY_FILE === null)) {
    conflicts.push(
      `${name('REDIS_TLS_CERT_FILE')} and ${name('REDIS_TLS_KEY_FILE')} belong together. Set both, or neither.`,
    );
  }
  if (given.length > 0 && !speaksTls && !values.REDIS_SENTINEL_TLS) {
    conflicts.push(
      `${given.map(name).join(', ')}: Redis is not spoken to by TLS. Begin ${name('REDIS_URL')} with rediss://.`,
    );
  }
  return conflicts;
}

/** Null: there is no Redis. */
export function toRedisConfig(values: Values): RedisConfig | null {
  const { REDIS_URL: url, REDIS_SENTINELS: sentinels, REDIS_CLUSTER: cluster } = values;
  if (url === null && sentinels.length === 0 && cluster.length === 0) return null;
  return Object.freeze({
    // Without a host that counts: no password, database 0, no TLS.
    url: url ?? 'redis://localhost',
    sentinels:
      sentinels.length === 0
        ? null
        : Object.freeze({
            addresses: sentinels,
            name: values.REDIS_SENTINEL_NAME ?? '',
            username: values.REDIS_SENTINEL_USER,
            password: values.REDIS_SENTINEL_PASSWORD,
            tls: values.REDIS_SENTINEL_TLS,
          }),
    cluster,
    tlsFiles: Object.freeze({
      caFile: values.REDIS_TLS_CA_FILE,
      certFile: values.REDIS_TLS_CERT_FILE,
      keyFile: values.REDIS_TLS_KEY_FILE,
    }),
  });
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
