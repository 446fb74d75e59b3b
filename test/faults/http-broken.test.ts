/** Bytes that are no HTTP, or hardly: each gets a problem or a clean end, and harms nobody's answer. */
import { rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startBusyService } from '../http/busy-service.js';
import { startService, type TestService } from '../http/support.js';
import { eventually } from '../support/eventually.js';
import { judgedMs } from '../support/judged-time.js';
import { everything, exchange, openSocket, parseAnswer, statusesIn } from './http-wire.js';

const host = 'Host: localhost\r\n';
const garbage = '\u0001\u0002 no HTTP \u0003\r\n\r\n';
const get = (path: string) => `GET ${path} HTTP/1.1\r\n${host}\r\n`;

function connectionsOf({ service }: TestService): Promise<number> {
  return new Promise((resolve, reject) =>
    service.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

const trailers = Array.from({ length: 20_000 }, (_, n) => `X-${n}: ${n}\r\n`).join('');
const chunked = `POST /v1/runs HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;

const floods: Readonly<Record<string, string>> = {
  'one long line': `GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(1 << 20)}\r\n\r\n`,
  trailers: `${chunked}2\r\n{}\r\n0\r\n${trailers}\r\n`,
};

it('header floods get a problem, or a cut', async () => {
  const { address, http } = await startService();
  for (const [name, bytes] of Object.entries(floods)) {
    const { status, headers } = parseAnswer(await exchange(address, bytes));
    expect([0, 400], name).toContain(status);
    if (status === 400) expect(headers['content-type']).toContain('application/problem+json');
  }
  await http.get('/health/live').expect(200);
});

describe('garbage behind a request', () => {
  it('leaves that request its answer', async () => {
    const { address } = await startService();
    const text = await exchange(
      address,
      `${get('/v1/checkpoint')}${get('/health/live')}${garbage}`,
    );
    expect(statusesIn(text)).toEqual([200, 200, 400]);
  });

  it('leaves a run that is waited for its answer', async () => {
    const { address, runId, release } = await startBusyService();
    const answer = exchange(address, `${get(`/v1/runs/${runId}/result?wait=30`)}${garbage}`);
    await sleep(100);
    release();
    expect(statusesIn(await answer)).toEqual([200, 400]);
  });

  it('gets into no download', async () => {
    const test = await startService();
    const rows = Array.from({ length: 20_000 }, (_, n) => `0,8,${'x'.repeat(400)}${n},1\n`).sort();
    const csv = `day_of_week,hour_of_day,category,items_count\n${rows.join('')}`;
    await writeFile(`${test.outputFile}.new`, csv);
    await rename(`${test.outputFile}.new`, test.outputFile);

    const socket = openSocket(test.address);
    socket.write(`GET /v1/output HTTP/1.1\r\n${host}Accept: text/csv\r\n\r\n`);
    // A part of the download waits in the service until the client reads on.
    await new Promise((resolve) => socket.once('readable', resolve));
    await sleep(50);
    socket.write(garbage);
    await sleep(100);
    const { body } = parseAnswer(await everything(socket));
    expect(body.slice(0, csv.length) === csv).toBe(true);
  });
});

it('a client that is refused and never hangs up is let go', async () => {
  const test = await startService();
  const { hostname, port } = new URL(test.address);
  const refused = [
    garbage,
    `${get('/health/live')}${garbage}`,
    `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`,
  ];
  const sockets = refused.map((bytes) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.on('error', () => {}).resume();
    socket.write(bytes);
    return socket;
  });
  await Promise.all(sockets.map((socket) => new Promise((end) => socket.once('end', end))));
  await eventually(async () => expect(await connectionsOf(test)).toBe(0), 5_000);
  for (const socket of sockets) socket.destroy();
});

it('clients that sent half a request, or nothing, hold no shutdown up', async () => {
  const test = await startService();
  const head = `POST /v1/runs HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Le`;
  const halves = ['', head, `${head}ngth: 9\r\n\r\n{`, `${get('/health/live')}${head}`];
  const ended = halves.map((bytes) => {
    const socket = openSocket(test.address);
    socket.write(bytes);
    return everything(socket);
  });
  await eventually(async () => expect(await connectionsOf(test)).toBe(halves.length));
  const startedAt = performance.now();
  await test.service.stop();
  expect(judgedMs(performance.now() - startedAt)).toBeLessThan(4_000);
  await Promise.all(ended);
});

/** What Node's own parser refuses stands here once for each kind: what is ours is the answer. */
const odd: readonly (readonly [string, string, readonly number[]])[] = [
  ['HTTP/1.0 without a host', 'GET /v1/days HTTP/1.0\r\n\r\n', [200]],
  [
    'HTTP/1.0 with a body',
    'POST /v1/runs HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
    [202],
  ],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
  ['an unknown method', `BREW /v1/runs HTTP/1.1\r\n${host}\r\n`, [400]],
  ['CONNECT', `CONNECT localhost:1 HTTP/1.1\r\n${host}\r\n`, []],
  ['TRACE', `TRACE / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, [404]],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, [404]],
  [
    'an absolute target',
    `GET http://localhost/v1/days HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    [200],
  ],
  [
    'an upgrade',
    `GET /v1/days HTTP/1.1\r\n${host}Connection: upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
    [200],
  ],
  [
    'two lengths',
    `POST /v1/runs HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    [400],
  ],
  [
    'a chunk without a size',
    `POST /v1/runs HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    [400],
  ],
  [
    'an expectation that nobody meets',
    `POST /v1/runs HTTP/1.1\r\n${host}Expect: tea\r\nConnection: close\r\n\r\n`,
    [417],
  ],
  [
    'a folded header',
    `GET /v1/days HTTP/1.1\r\n${host}X: a\r\n b\r\nConnection: close\r\n\r\n`,
    [400],
  ],
];

it('odd HTTP is taken, or refused, as it should be', async () => {
  const { address, http } = await startService();
  const found = await Promise.all(
    odd.map(async ([name, bytes]) => [name, statusesIn(await exchange(address, bytes, 5_000))]),
  );
  expect(found).toEqual(odd.map(([name, _, statuses]) => [name, statuses]));
  await http.get('/health/live').expect(200);
});
