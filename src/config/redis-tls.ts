/** What Redis is known by, and what Daymark shows it: read, and tried, before anything relies on it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { ConfigError } from './config.js';
import { collectMistakes } from './mistakes.js';
import type { RedisTlsFiles } from './redis-config.js';

/** Throws a `ConfigError` that names each file with which something is wrong, and says what. */
export function readRedisTls({ caFile, certFile, keyFile }: RedisTlsFiles): ConnectionOptions {
  const { all: mistakes, attempt } = collectMistakes();
  const read = (
    name: 'CA' | 'CERT' | 'KEY',
    path: string | null,
    parse: (pem: Buffer) => unknown,
  ) => {
    if (path === null) return null;
    const file = `DAYMARK_REDIS_TLS_${name}_FILE ${path}`;
    const pem = attempt(() => readFileSync(path), `${file} cannot be read`);
    const what =
      name === 'KEY' ? 'private key in PEM form without a passphrase' : 'certificate in PEM form';
    if (pem !== null) attempt(() => parse(pem), `${file} is no ${what}`);
    return pem;
  };
  const asCertificate = (pem: Buffer) => new X509Certificate(pem);

  const ca = read('CA', caFile, asCertificate);
  const cert = read('CERT', certFile, asCertificate);
  const key = read('KEY', keyFile, createPrivateKey);
  const shown = cert === null || key === null ? {} : { cert, key };
  if (mistakes.length === 0) {
    const failure = `DAYMARK_REDIS_TLS_KEY_FILE ${keyFile} is not the key of the certificate in DAYMARK_REDIS_TLS_CERT_FILE ${certFile}`;
    attempt(() => createSecureContext(shown), failure);
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { ...(ca === null ? {} : { ca }), ...shown };
}
