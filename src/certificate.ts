/** The certificate and key that TLS is spoken with: read, and tried, before anything relies on them. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError, type TlsFiles } from './config.js';

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly expiresAt: Date;
}

/** Throws a `ConfigError` that names the file and says what is wrong with it. */
export function readCertificate({ certFile, keyFile }: TlsFiles): Certificate {
  const cert = read('DAYMARK_TLS_CERT_FILE', certFile);
  const key = read('DAYMARK_TLS_KEY_FILE', keyFile);
  const expiresAt = attempt(
    () => new Date(new X509Certificate(cert).validTo),
    `DAYMARK_TLS_CERT_FILE ${certFile} is no certificate in PEM form`,
  );
  attempt(
    () => createSecureContext({ key }),
    `DAYMARK_TLS_KEY_FILE ${keyFile} is no private key in PEM form without a passphrase`,
  );
  attempt(
    () => createSecureContext({ cert, key }),
    `DAYMARK_TLS_KEY_FILE ${keyFile} is not the key of the certificate in DAYMARK_TLS_CERT_FILE ${certFile}`,
  );
  return { cert, key, expiresAt };
}

function read(setting: string, path: string): Buffer {
  return attempt(() => readFileSync(path), `${setting} ${path} cannot be read`);
}

function attempt<T>(act: () => T, failure: string): T {
  try {
    return act();
  } catch (error) {
    throw new ConfigError([`${failure}: ${(error as Error).message}.`]);
  }
}
