/** What the command asks a service for while a run goes on, seen by a relay between the two. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startTestService } from '../support/service.js';
import { landLargeDays, makePlace } from './daymark.js';

interface Relay {
  readonly url: string;
  /** Requests about the run, in their order; its id is left out. */
  readonly asked: readonly string[];
}

async function relayTo(target: string): Promise<Relay> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    if (url.startsWith('/v1/runs/')) asked.push(`${method} ${url.split('/').slice(4).join('/')}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    const { 'content-type': type = 'application/json', accept = '*/*' } = request.headers;
    const headers = { accept, ...(chunks.length === 0 ? {} : { 'content-type': type }) };
    const answer = await fetch(target + url, { method, headers, ...body });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
    });
    for await (const chunk of answer.body ?? []) response.write(chunk);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function runThroughRelay(env: Readonly<Record<string, string>> = {}) {
  const service = await startTestService({ env });
  const relay = await relayTo(service.url);
  const place = await makePlace({ DAYMARK_URL: relay.url });
  await landLargeDays({ ...place, land: service.land }, ['0', '1']);
  const { code, body, stderr } = await place.json('run', '--engine', 'csv');
  expect({ code, status: body.status }).toEqual({ code: 0, status: 'succeeded' });
  expect(stderr.match(/^day [01] added: /gm)).toHaveLength(2);
  return { asked: relay.asked, durationMs: body.durationMs as number };
}

it('a run is followed by its events, and read once when it has ended', async () => {
  const { asked } = await runThroughRelay();
  expect(asked).toEqual(['GET events', 'GET ']);
});

it('where no stream is to be had the run is looked at ever more seldom', async () => {
  const { asked, durationMs } = await runThroughRelay({ DAYMARK_MAX_EVENT_STREAMS: '0' });
  expect(durationMs).toBeGreaterThan(500);
  const looks = asked.filter((each) => each === 'GET ').length;
  expect(asked[0]).toBe('GET events');
  expect(looks).toBeGreaterThan(1);
  // 100 ms, and half as much again each time, up to two seconds.
  expect(looks).toBeLessThan(10 + durationMs / 1_000);
});
