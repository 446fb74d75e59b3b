import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import type { FastifyReply } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { createEventStreams } from '../../src/http/event-streams.js';
import { judgedMs } from '../support/judged-time.js';

/** An answer that more than fills its connection, to a client that never reads. */
async function stuckAnswer(): Promise<Pick<FastifyReply, 'raw'>> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const client = createConnection((server.address() as AddressInfo).port, '127.0.0.1').pause();
  onTestFinished(() => void client.destroy());
  client.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [, raw] = (await once(server, 'request')) as [unknown, ServerResponse];
  raw.write(Buffer.alloc(64 * 1024 * 1024));
  return { raw };
}

it('lets go of a client that takes nothing while four signs of life are due', async () => {
  const streams = createEventStreams({ max: 1, heartbeatMs: 100 });
  const [reply, other] = [await stuckAnswer(), await stuckAnswer()];
  const startedAt = performance.now();
  const signal = streams.open(reply);
  expect(() => streams.open(other)).toThrow('1 event streams are open');
  await once(signal, 'abort');
  expect(performance.now() - startedAt).toBeGreaterThan(300);
  expect(judgedMs(performance.now() - startedAt)).toBeLessThan(3_000);
  expect(streams.open(other).aborted).toBe(false);
});

it('once closed, opens nothing, and gives who is stuck a moment', async () => {
  const streams = createEventStreams({ max: 1, heartbeatMs: 600_000 });
  const reply = await stuckAnswer();
  const signal = streams.open(reply);
  streams.close();
  expect(signal.aborted).toBe(true);
  expect(streams.open(await stuckAnswer()).aborted).toBe(true);
  await once(reply.raw, 'close');
});
