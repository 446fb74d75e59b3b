/** No token gets into the log of a real service, whichever way it is sent, and however much is logged. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exchange } from '../faults/http-wire.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

const operate = 'op-5f1c0b7d9e2a4c68';
const operateToo = 'op-with.$pecial(chars)+"quoted"\\slash';
const read = 'rd-91b3e6d84f5a7c20';
const wrong = 'wrong-7a2e9c4b1d8f6035';
const secrets = [operate, operateToo, read, wrong];

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** As text, as JSON spells it, encoded for Basic or a URL, and as the numbers of a logged buffer. */
function spellingsOf(secret: string): readonly string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    base64(`me:${secret}`),
    [...Buffer.from(secret)].join(','),
  ];
}

const get = (path: string, ...lines: string[]) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;

function requestsWith(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  return [
    get('/v1/days', `Authorization: Bearer ${secret}`),
    get('/v1/days', `Authorization: Basic ${base64(`me:${secret}`)}`),
    get('/v1/days', `Authorization: ${secret}`),
    get('/v1/days', `Authorization: Token ${secret}`),
    get(`/v1/days?token=${encoded}`),
    get(`/v1/days?access_token=${encoded}`, `Authorization: Bearer ${operate}`),
    get(`/nowhere?${encoded}`, `Authorization: Bearer ${operate}`),
    get(`/%zz?token=${encoded}`, `Authorization: Bearer ${secret}`),
    get('/v1/days', `Cookie: token=${secret}`, `X-Api-Key: ${secret}`),
    get('/v1/days', `Authorization: Bearer ${secret}`, 'Content-Length: no'),
    get('/v1/days', `Authorization: Bearer ${secret}`, `X: ${'x'.repeat(20_000)}`),
    `POST /v1/runs?token=${encoded} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${secret}\r\nConnection: close\r\n\r\n`,
    `POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${secret}\r\nContent-Type: application/json\r\nContent-Length: 3\r\nConnection: close\r\n\r\n{,}`,
    `no HTTP ${secret}\r\n\r\n`,
  ];
}

// The audit is written at each of them.
it.each(['trace', 'error'])('at the level %s', async (level) => {
  const root = await makeTempDir();
  await mkdir(join(root, 'raw'));
  const port = await freePort();
  const service = startServiceProcess({
    DAYMARK_PORT: String(port),
    DAYMARK_RAW_DIR: join(root, 'raw'),
    DAYMARK_OUTPUT_FILE: join(root, 'processed', 'orders.csv'),
    DAYMARK_OPERATE_TOKEN: `${operate},special:${operateToo}`,
    DAYMARK_READ_TOKEN: `page:${read}`,
    DAYMARK_LOG_LEVEL: level,
  });
  // Above `info` the log does not say where the service listens.
  const address = `http://127.0.0.1:${port}`;
  await eventually(
    async () => expect((await fetch(`${address}/health/live`)).ok).toBe(true),
    15_000,
  );
  for (const bytes of secrets.flatMap(requestsWith)) await exchange(address, bytes);
  // Where a token stands in for something that is logged, it is masked.
  for (const secret of [operate, read]) {
    const headers = { 'x-request-id': secret, authorization: `Bearer ${operate}` };
    await fetch(`${address}/v1/runs`, { method: 'POST', headers });
    await fetch(`${address}/v1/runs/${secret}`, { method: 'PUT', headers });
  }
  const { code, stderr } = await service.end('SIGTERM');
  expect(code).toBe(0);
  const written = service.output() + stderr;
  expect(written).toContain('"audit":true');
  expect(written).toContain('"who":"special"');
  expect(written).toContain('[token]');
  for (const spelling of secrets.flatMap(spellingsOf)) expect(written).not.toContain(spelling);
});

it('tokens that can be guessed are warned of, by name only', async () => {
  const root = await makeTempDir();
  await mkdir(join(root, 'raw'));
  const service = startServiceProcess({
    DAYMARK_RAW_DIR: join(root, 'raw'),
    DAYMARK_OUTPUT_FILE: join(root, 'processed', 'orders.csv'),
    DAYMARK_OPERATE_TOKEN: 'short:sesame',
  });
  const address = await service.url();
  await fetch(`${address}/v1/runs`, { method: 'POST' });
  const { log } = await service.end('SIGTERM');
  expect(log.find(({ tokens }) => tokens !== undefined)).toMatchObject({
    tokens: ['short'],
    level: 40,
  });
  expect(service.output()).not.toContain('sesame');
});
