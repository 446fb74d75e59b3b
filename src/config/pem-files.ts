/** PEM files, for TLS with clients and with Redis: read and tested before anything relies on them. */
import { X509Certificate } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { ConfigError } from './config-error.js';
import type { TlsFiles } from './door-config.js';
import type { RedisTlsFiles } from './redis-config.js';

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly expiresAt: Date;
}

/** The certificate for clients. Throws a `ConfigError` that names each file and says what is wrong with it. */
export function readCertificate({ certFile, keyFile }: TlsFiles): Certificate {
  const mistakes: string[] = [];
  const { cert, key } = readPem('DAYMARK_TLS', { caFile: null, certFile, keyFile }, mistakes);
  if (cert === null || key === null || mistakes.length > 0) throw new ConfigError(mistakes);
  return { cert, key, expiresAt: new Date(new X509Certificate(cert).validTo) };
}

/** The authority for Redis's certificate, and the client certificate. Throws like `readCertificate`. */
export function readRedisTls(files: RedisTlsFiles): ConnectionOptions {
  const mistakes: string[] = [];
  const { ca, cert, key } = readPem('DAYMARK_REDIS_TLS', files, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const shown = cert === null || key === null ? {} : { cert, key };
  return { ...(ca === null ? {} : { ca }), ...shown };
}

function readPem(prefix: string, files: RedisTlsFiles, mistakes: string[]) {
  const attempt = <T>(act: () => T, failure: string): T | null => {
    try {
      return act();
    } catch (error) {
      mistakes.push(`${failure}: ${(error as Error).message}.`);
      return null;
    }
  };
  const read = (
    setting: string,
    path: string | null,
    what: string,
    parse: (pem: Buffer) => unknown,
  ) => {
    if (path === null) return null;
    const pem = attempt(() => readBounded(path), `${setting} ${path} cannot be read`);
    if (pem !== null) attempt(() => parse(pem), `${setting} ${path} is not a ${what}`);
    return pem;
  };
  const certificate = (setting: string, path: string | null) =>
    read(setting, path, 'certificate in PEM form', (pem) => new X509Certificate(pem));

  const { caFile, certFile, keyFile } = files;
  const ca = certificate(`${prefix}_CA_FILE`, caFile);
  const cert = certificate(`${prefix}_CERT_FILE`, certFile);
  const withoutPassphrase = 'private key in PEM form without a passphrase';
  const key = read(`${prefix}_KEY_FILE`, keyFile, withoutPassphrase, (pem) =>
    createSecureContext({ key: pem }),
  );
  if (mistakes.length === 0 && cert !== null && key !== null) {
    const failure = `${prefix}_KEY_FILE ${keyFile} is not the key of the certificate in ${prefix}_CERT_FILE ${certFile}`;
    attempt(() => createSecureContext({ cert, key }), failure);
  }
  return { ca, cert, key };
}

/** A certificate with its chain, or a bundle of authorities, has a few hundred kB at most. */
const maxBytes = 1_048_576;

/** Does not wait for devices or pipes, and reads no more than a PEM file can have. */
function readBounded(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new Error('it is not a regular file');
    const bytes = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > maxBytes) throw new Error('it holds more than 1 MiB, which no PEM file needs');
    // A copy: a slice would keep the whole buffer in memory.
    return Buffer.from(bytes.subarray(0, length));
  } finally {
    closeSync(file);
  }
}
