import type { RedisOptions } from 'ioredis';

export interface RedisPlace {
  readonly options: Pick<RedisOptions, 'host' | 'port' | 'username' | 'password' | 'db' | 'tls'>;
  /** Removes the password, if any, from a text that people or logs will see. */
  redact(text: string): string;
}

const defaultPort = 6379;

/**
 * `redis://[[user]:password@]host[:port][/db]`, or `rediss://` for TLS.
 *
 * The client could read the URL itself, but it accepts any option from the URL's query, even those that the time
 * limits depend on. Throws an error that says what is wrong without quoting the URL.
 */
export function parseRedisUrl(text: string): RedisPlace {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw new TypeError('The Redis URL must look like redis://:password@host:6379/0');
  }
  const [username, password] = [decode(url.username), decode(url.password)];
  return {
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? defaultPort : Number(url.port),
      db: databaseOf(url),
      // A user without a password logs in with an empty one.
      ...(password === '' && username === '' ? {} : { password }),
      ...(username === '' ? {} : { username }),
      ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    },
    redact: (line) => [password, url.password].reduce(without, line),
  };
}

function databaseOf(url: URL): number {
  const [, db] = /^\/?([0-9]{0,4})$/.exec(url.pathname) ?? [];
  if (db === undefined) throw new TypeError('The path of the Redis URL must be a database number');
  return Number(db);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new TypeError('User and password in the Redis URL must be percent-encoded');
  }
}

export function without(line: string, secret: string): string {
  return secret === '' ? line : line.replaceAll(secret, '***');
}
