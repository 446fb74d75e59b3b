/** Redis that speaks TLS, and lets in only who shows a certificate. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.js';
import { readRedisTls } from '../../src/config/pem-files.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { startRedisProcess } from '../support/redis-process.js';
import type { RedisServer } from '../support/redis-server.js';
import { makeTempDir } from '../support/temp-dir.js';
import { because, unavailable, value, within } from './asking.js';
import { key, openStore, redis } from './redis-subject.js';

const file = (name: string) =>
  fileURLToPath(new URL(`../support/certificates/${name}.pem`, import.meta.url));
const authority = { caFile: file('redis-ca.cert'), certFile: null, keyFile: null };
const client = {
  ...authority,
  certFile: file('redis-client.cert'),
  keyFile: file('redis-client.key'),
};

const tlsLines = [
  ['tls-cert-file', file('redis-server.cert')],
  ['tls-key-file', file('redis-server.key')],
  ['tls-ca-cert-file', file('redis-ca.cert')],
  ['tls-auth-clients', 'yes'],
] as const;

async function tlsRedis(): Promise<{ server: RedisServer; port: number; url: string }> {
  const port = await freePort();
  const args = tlsLines.flatMap(([name, setting]) => [`--${name}`, setting]);
  const server = await redis({ args: ['--tls-port', `${port}`, ...args] });
  return { server, port, url: `rediss://127.0.0.1:${port}` };
}

test('with its certificate and the authority it is let in', async () => {
  const { server, url } = await tlsRedis();
  const { store } = openStore(url, { tls: readRedisTls(client) });
  expect(await store.compareAndSet(null, '3', within())).toEqual({ status: 'stored' });
  expect(await store.read(within())).toEqual(value('3'));
  expect(await server.command('GET', key)).toBe('3');
});

test.each([
  ['a certificate', authority, /certificate|closed|lost|answer/i],
  ['the authority', { ...client, caFile: null }, /self-signed|unable to verify|certificate/i],
])('without %s it is not, and the reason tells', async (_, files, reason) => {
  const { url } = await tlsRedis();
  const { store } = openStore(url, { tls: readRedisTls(files) });
  expect(await store.read(within())).toEqual(because(reason));
  expect(await store.compareAndSet(null, '3', within())).toEqual(unavailable);
});

test('Sentinels and the server that they name are both spoken to by TLS', async () => {
  const { server, port } = await tlsRedis();
  const dir = await makeTempDir();
  const sentinelPort = await freePort();
  const config = join(dir, 'sentinel.conf');
  const lines = [
    'port 0',
    `tls-port ${sentinelPort}`,
    'tls-replication yes',
    `dir ${dir}`,
    ...tlsLines.map((line) => line.join(' ')),
    `sentinel monitor checkpoints 127.0.0.1 ${port} 1`,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  const process = await startRedisProcess([config, '--sentinel'], 'sentinel');
  onTestFinished(() => process.kill());
  const { store } = openStore('rediss://anywhere', {
    tls: readRedisTls(client),
    sentinels: {
      addresses: [{ host: '127.0.0.1', port: sentinelPort }],
      name: 'checkpoints',
      username: null,
      password: null,
      tls: true,
    },
  });
  await eventually(async () => {
    expect(await store.compareAndSet(null, '3', within())).toEqual({ status: 'stored' });
  });
  expect(await server.command('GET', key)).toBe('3');
});

test('all that is wrong with the files is told at once, by their settings', async () => {
  const dir = await makeTempDir();
  const noPem = join(dir, 'no.pem');
  await writeFile(noPem, 'no certificate');
  const gone = join(dir, 'gone.pem');
  const mistakesOf = (files: Parameters<typeof readRedisTls>[0]) => {
    try {
      readRedisTls(files);
    } catch (error) {
      if (error instanceof ConfigError) return error.mistakes;
      throw error;
    }
    return [];
  };
  expect(mistakesOf({ caFile: noPem, certFile: gone, keyFile: noPem })).toEqual([
    expect.stringMatching(/^DAYMARK_REDIS_TLS_CA_FILE .*no\.pem is not a certificate in PEM form/),
    expect.stringMatching(/^DAYMARK_REDIS_TLS_CERT_FILE .*gone\.pem cannot be read: ENOENT/),
    expect.stringMatching(/^DAYMARK_REDIS_TLS_KEY_FILE .*no\.pem is not a private key/),
  ]);
  expect(mistakesOf({ ...client, keyFile: file('redis-server.key') })).toEqual([
    expect.stringMatching(/^DAYMARK_REDIS_TLS_KEY_FILE .* is not the key of the certificate/),
  ]);
  expect(mistakesOf(client)).toEqual([]);
});
