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
  /** When the run itself was asked for, in milliseconds. */
  readonly lookedAt: readonly number[];
}

/** The first `heldLooks` answers about the run say that it goes on. */
async function relayTo(target: string, heldLooks: number): Promise<Relay> {
  const asked: string[] = [];
  const lookedAt: number[] = [];
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
    if (asked.at(-1) === 'GET ' && lookedAt.push(performance.now()) <= heldLooks) {
      const run = (await answer.json()) as object;
      response.end(JSON.stringify({ ...run, status: 'running', finishedAt: null }));
      return;
    }
    for await (const chunk of answer.body ?? []) response.write(chunk);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, lookedAt };
}

async function runThroughRelay(heldLooks: number, env: Readonly<Record<string, string>> = {}) {
  const service = await startTestService({ env });
  const relay = await relayTo(service.url, heldLooks);
  const place = await makePlace({ DAYMARK_URL: relay.url });
  await landLargeDays({ ...place, land: service.land }, ['0', '1']);
  const { code, body, stderr } = await place.json('run', '--engine', 'csv');
  expect({ code, status: body.status }).toEqual({ code: 0, status: 'succeeded' });
  expect(stderr.match(/^day [01] added: /gm)).toHaveLength(2);
  return relay;
}

it('a run is followed by its events, and read once when it has ended', async () => {
  const { asked } = await runThroughRelay(0);
  expect(asked).toEqual(['GET events', 'GET ']);
});

it('where no stream is to be had the run is looked at ever more seldom', async () => {
  const { asked, lookedAt } = await runThroughRelay(6, { DAYMARK_MAX_EVENT_STREAMS: '0' });
  expect(asked[0]).toBe('GET events');
  expect(lookedAt.length).toBeGreaterThan(6);
  const gapsMs = lookedAt.slice(1).map((at, index) => at - (lookedAt[index] ?? at));
  // 100 ms, and half as much again each time. A busy machine only adds to it.
  for (const [index, gapMs] of gapsMs.entries()) {
    expect(gapMs).toBeGreaterThan(Math.min(95 * 1.5 ** index, 1_900));
  }
});
