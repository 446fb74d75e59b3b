/** The certificate and key that TLS is spoken with: read, and tried, before anything relies on them. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError, type TlsFiles } from './config.js';
import { collectMistakes } from './mistakes.js';

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly expiresAt: Date;
}

/** Throws a `ConfigError` that names each file and says what is wrong with it. */
export function readCertificate({ certFile, keyFile }: TlsFiles): Certificate {
  const [certSetting, keySetting] = [
    `DAYMARK_TLS_CERT_FILE ${certFile}`,
    `DAYMARK_TLS_KEY_FILE ${keyFile}`,
  ];
  const { all: mistakes, attempt } = collectMistakes();
  const cert = attempt(() => readFileSync(certFile), `${certSetting} cannot be read`);
  const key = attempt(() => readFileSync(keyFile), `${keySetting} cannot be read`);
  const expiresAt =
    cert &&
    attempt(
      () => new Date(new X509Certificate(cert).validTo),
      `${certSetting} is no certificate in PEM form`,
    );
  const isKey =
    key &&
    attempt(
      () => createSecureContext({ key }),
      `${keySetting} is no private key in PEM form without a passphrase`,
    );
  if (cert === null || key === null || expiresAt === null || isKey === null) {
    throw new ConfigError(mistakes);
  }
  attempt(
    () => createSecureContext({ cert, key }),
    `${keySetting} is not the key of the certificate in ${certSetting}`,
  );
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { cert, key, expiresAt };
}
