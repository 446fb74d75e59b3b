/** What Redis is known by, and what Daymark shows it: read, and tried, before anything relies on it. */
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigError } from './config.js';
import type { RedisTlsFiles } from './redis-config.js';

/** Throws a `ConfigError` that names each file with which something is wrong, and says what. */
export function readRedisTls({ caFile, certFile, keyFile }: RedisTlsFiles): ConnectionOptions {
  const mistakes: string[] = [];
  const fits = (options: SecureContextOptions, failure: string) => {
    try {
      createSecureContext(options);
      return true;
    } catch (error) {
      mistakes.push(`${failure}: ${(error as Error).message}.`);
      return false;
    }
  };
  const read = (setting: string, path: string | null, as: 'ca' | 'cert' | 'key', what: string) => {
    if (path === null) return {};
    try {
      const found = { [as]: readFileSync(path) };
      return fits(found, `${setting} ${path} is no ${what} in PEM form`) ? found : {};
    } catch (error) {
      mistakes.push(`${setting} ${path} cannot be read: ${(error as Error).message}.`);
      return {};
    }
  };

  const ca = read('DAYMARK_REDIS_TLS_CA_FILE', caFile, 'ca', 'certificate');
  const cert = read('DAYMARK_REDIS_TLS_CERT_FILE', certFile, 'cert', 'certificate');
  const key = read(
    'DAYMARK_REDIS_TLS_KEY_FILE',
    keyFile,
    'key',
    'private key, without a passphrase,',
  );
  if (mistakes.length === 0) {
    fits(
      { ...cert, ...key },
      `DAYMARK_REDIS_TLS_KEY_FILE ${keyFile} is not the key of the certificate in DAYMARK_REDIS_TLS_CERT_FILE ${certFile}`,
    );
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { ...ca, ...cert, ...key };
}
