/** TLS by certificate and key files, on a process of its own. */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSocket } from '../faults/http-wire.js';
import { eventually } from '../support/eventually.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../support/certificates/${name}.pem`, import.meta.url));

async function makePlace() {
  const root = await makeTempDir();
  await mkdir(join(root, 'raw'));
  const [certFile, keyFile] = [join(root, 'cert.pem'), join(root, 'key.pem')];
  const install = async (name: string) => {
    await copyFile(fixture(`${name}.cert`), certFile);
    await copyFile(fixture(`${name}.key`), keyFile);
  };
  await install('first');
  const start = () =>
    startServiceProcess({
      DAYMARK_RAW_DIR: join(root, 'raw'),
      DAYMARK_OUTPUT_FILE: join(root, 'processed', 'orders.csv'),
      DAYMARK_TLS_CERT_FILE: certFile,
      DAYMARK_TLS_KEY_FILE: keyFile,
    });
  return { certFile, keyFile, install, start };
}

interface Answer {
  readonly status: number;
  readonly commonName: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function send(url: string, path: string, method = 'GET', headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // A new connection each time, and so a new handshake.
    const options = { method, headers, rejectUnauthorized: false, agent: false };
    request(`${url}${path}`, options, (answer) => {
      const { subject } = (answer.socket as TLSSocket).getPeerCertificate();
      answer.resume().on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          commonName: String(subject.CN),
          headers: answer.headers,
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('with certificate and key', () => {
  it('the service speaks TLS only, is strict about it, and stops in order', async () => {
    const { start } = await makePlace();
    const service = start();
    const url = await service.url();
    expect(url).toMatch(/^https:/);
    const answer = await send(url, '/v1/checkpoint');
    expect(answer).toMatchObject({ status: 200, commonName: 'first.daymark.test' });
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    expect((await send(url, '/v1/runs', 'POST', { origin: url })).status).toBe(202);
    const foreign = { origin: url.replace('https', 'http') };
    expect((await send(url, '/v1/runs', 'POST', foreign)).status).toBe(403);
    await expect(fetch(url.replace('https', 'http'))).rejects.toThrow();

    // One connection without a handshake, and one that is kept alive: neither holds the stop up.
    const silent = openSocket(url);
    const { hostname, port } = new URL(url);
    const idle = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    idle.on('error', () => {});
    await new Promise((resolve) => idle.once('secureConnect', resolve));
    expect(await service.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
    for (const socket of [silent, idle]) socket.destroy();
  });

  it('SIGHUP takes a renewed certificate, and keeps the old one where the new is no good', async () => {
    const { certFile, install, start } = await makePlace();
    const service = start();
    const url = await service.url();
    await install('second');
    service.child.kill('SIGHUP');
    await eventually(async () =>
      expect((await send(url, '/health/live')).commonName).toBe('second.daymark.test'),
    );
    await writeFile(certFile, 'half a certifi');
    service.child.kill('SIGHUP');
    await eventually(() => expect(service.output()).toContain('was not renewed'));
    expect((await send(url, '/health/live')).commonName).toBe('second.daymark.test');
    expect((await service.end('SIGTERM')).code).toBe(0);
  });
});

describe('at start', () => {
  it.each<[string, (place: Awaited<ReturnType<typeof makePlace>>) => Promise<void>, RegExp]>([
    [
      'a certificate that is none',
      ({ certFile }) => writeFile(certFile, 'no PEM'),
      /DAYMARK_TLS_CERT_FILE \S+cert\.pem is not a certificate in PEM form/,
    ],
    [
      'a key that is none',
      ({ keyFile }) => writeFile(keyFile, 'no PEM'),
      /DAYMARK_TLS_KEY_FILE \S+key\.pem is not a private key in PEM form/,
    ],
    [
      'the key of another certificate',
      ({ keyFile }) => copyFile(fixture('second.key'), keyFile),
      /DAYMARK_TLS_KEY_FILE \S+key\.pem is not the key of the certificate in .*cert\.pem/,
    ],
    [
      'a file that cannot be read',
      ({ keyFile }) => rm(keyFile),
      /DAYMARK_TLS_KEY_FILE \S+key\.pem cannot be read: ENOENT/,
    ],
  ])('%s is refused with a sentence and exit code 78', async (_, spoil, sentence) => {
    const place = await makePlace();
    await spoil(place);
    const { code, stderr } = await place.start().ended();
    expect(code).toBe(78);
    expect(stderr).toMatch(sentence);
  });
});
