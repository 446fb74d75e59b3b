/** Clients that send slowly, too much, or never the rest: each is answered or let go in a bounded time. */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { judgedMs } from '../support/judged-time.js';
import { startWatchedService } from './http-watched-service.js';
import { everything, exchange, openSocket, parseAnswer, statusesIn } from './http-wire.js';

const head =
  'POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n';
const mebibyte = 1024 * 1024;
const limitMs = 400;

/** Like the service's own server, but with less patience, and with a look at it more often. */
function hasten(server: Server): void {
  expect(server.requestTimeout).toBe(30_000);
  Object.assign(server, {
    requestTimeout: limitMs,
    headersTimeout: limitMs,
    connectionsCheckingInterval: 50,
  });
}

const startHasty = () =>
  startWatchedService({ '0': [{ hour: 8, produce: 2 }] }, ({ server }) => hasten(server));

/** `first` at once, `rest` byte by byte, until the other side has had enough. */
async function drip(address: string, first: string, rest: string): Promise<string> {
  const socket = openSocket(address);
  const answer = everything(socket);
  socket.write(first);
  for (const byte of rest) {
    if (!socket.writable) break;
    socket.write(byte);
    await sleep(25);
  }
  return answer;
}

const slow: Readonly<Record<string, readonly [first: string, dripped: string]>> = {
  'a dripped body': [`${head}Content-Length: 200\r\n\r\n`, '{"select":'.padEnd(200)],
  'dripped headers': ['', head.padEnd(300, 'x')],
  nothing: ['', ''],
};

describe('a request that does not come in whole', () => {
  it('is refused, and its connection ends', async () => {
    const { address, errors } = await startHasty();
    const refuse = async ([name, [first, dripped]]: (typeof entries)[number]) => {
      const startedAt = performance.now();
      const { status, body } = parseAnswer(await drip(address, first, dripped));
      expect(judgedMs(performance.now() - startedAt), name).toBeLessThan(10 * limitMs);
      expect([name, status]).toEqual([name, 400]);
      expect(body).toContain('did not arrive completely in time');
    };
    const entries = Object.entries(slow);
    await Promise.all(entries.map(refuse));
    expect(errors).toEqual([]);
  });

  it('is not one whose answer takes longer', async () => {
    const { address } = await startHasty();
    const slow = 'GET /v1/checkpoint HTTP/1.1\r\nHost: localhost\r\n';
    const socket = openSocket(address);
    const answers = everything(socket);
    // An idle connection is no slow request either.
    socket.write(`${slow}\r\n`);
    await sleep(3 * limitMs);
    socket.write(`${slow}Connection: close\r\n\r\n`);
    expect(statusesIn(await answers)).toEqual([200, 200]);
  });
});

describe('bodies', () => {
  const post = (address: string, length: number, body: string) =>
    exchange(address, `${head}Content-Length: ${length}\r\n\r\n${body}`);

  it('of one mebibyte are read, of a byte more are refused', async () => {
    const { address } = await startHasty();
    const statusOf = async (length: number) =>
      parseAnswer(await post(address, length, '{}'.padEnd(length))).status;
    expect(await statusOf(mebibyte)).toBe(202);
    expect(await statusOf(mebibyte + 1)).toBe(413);
  });

  it('that are announced as too large are refused before they come', async () => {
    const { address } = await startHasty();
    const { status, body } = parseAnswer(await post(address, 2 ** 40, ''));
    expect([status, JSON.parse(body).type]).toEqual([413, '/problems/body-too-large']);
  });

  it('in chunks are refused as soon as they are too large', async () => {
    const { address } = await startHasty();
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const bytes = `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`;
    expect(parseAnswer(await exchange(address, bytes)).status).toBe(413);
  });

  it.each(['gzip', 'br', 'identity'])(
    '%s-encoded are taken for what they are',
    async (encoding) => {
      const { address } = await startHasty();
      const bytes = `${head}Content-Encoding: ${encoding}\r\nContent-Length: 4\r\n\r\n\u001f!!!`;
      expect(parseAnswer(await exchange(address, bytes)).status).toBe(400);
    },
  );
});
