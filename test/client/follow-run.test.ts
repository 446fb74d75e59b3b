/** How clients follow a run, against a small server that breaks in every way that it must bear. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../src/client/client.js';
import { followRun } from '../../src/client/follow-run.js';
import { createHttpTransport } from '../../src/client/http-transport.js';
import type { Run } from '../../src/client/types.js';
import { runOf } from '../dashboard/facts.js';

const quick = { resumeMs: 5, silenceMs: 500 };
const running = runOf({ status: 'running', finishedAt: null, durationMs: null });
const ended = runOf();
const progress = {
  day: '1',
  days: { done: 0, total: 2 },
  bytes: { done: 5, total: 10 },
  engine: null,
};

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Answers each request for events by the next of `streams`, and each for the run by the next of `views`, after `failures`. */
async function follow(
  streams: readonly Answer[],
  views: readonly Run[] = [ended],
  token = '',
  failures: Answer[] = [],
) {
  const asked: string[] = [];
  const left = { streams: [...streams], views: [...views] };
  const server = createServer((request, response) => {
    const { 'last-event-id': last = '-', authorization = '-' } = request.headers;
    asked.push(`${request.url?.split('/').at(-1) === 'events' ? 'events' : 'run'} ${last}`);
    if (token !== '') expect(authorization).toBe(`Bearer ${token}`);
    if (request.url?.endsWith('/events')) (left.streams.shift() ?? notFound)(response, request);
    else if (failures.length > 0) failures.shift()?.(response, request);
    else sendJson(response, left.views.length > 1 ? left.views.shift() : left.views[0]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient(createHttpTransport({ url, token: () => token || null }));
  const seen: string[] = [];
  const leaving = new AbortController();
  const result = followRun(
    client,
    running.id,
    {
      onRun: ({ status }) => seen.push(status),
      onProgress: ({ bytes }) => seen.push(`${bytes.done} bytes`),
    },
    leaving.signal,
    quick,
  );
  return { result, asked, seen, leaving };
}

const notFound: Answer = (response) => {
  response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{}');
};

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function event(id: number, name: string, data: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Sends the parts one by one, so that they arrive in pieces; then ends, or (`cut`) breaks. */
function stream(parts: readonly string[], cut = false): Answer {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) {
      response.write(part);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (cut) response.destroy();
    else response.end();
  };
}

it('the stream tells states and progress, to the end', async () => {
  const text = [
    event(1, 'state', running),
    ': heartbeat\n\n',
    event(2, 'progress', progress),
    event(3, 'state', ended),
  ].join('');
  // Cut in the middle of lines, as networks do.
  const { result, seen, asked } = await follow([stream([text.slice(0, 50), text.slice(50)])]);
  expect(await result).toEqual(ended);
  expect(seen).toEqual(['running', '5 bytes', 'succeeded', 'succeeded']);
  expect(asked).toEqual(['events -', 'run -']);
});

it('a stream that breaks is resumed after the last event', async () => {
  const { result, asked, seen } = await follow([
    stream([event(1, 'state', running), event(2, 'progress', progress)], true),
    stream([event(3, 'state', ended)]),
  ]);
  expect((await result)?.status).toBe('succeeded');
  expect(asked).toEqual(['events -', 'events 2', 'run -']);
  expect(seen).toEqual(['running', '5 bytes', 'succeeded', 'succeeded']);
});

it('without a stream the run is asked for until it ends', async () => {
  const { result, asked, seen } = await follow([notFound], [running, running, ended]);
  expect((await result)?.status).toBe('succeeded');
  expect(asked).toEqual(['events -', 'run -', 'run -', 'run -']);
  expect(seen).toEqual(['running', 'running', 'succeeded']);
});

it('a stream without room (429) leads to polling, too', async () => {
  const full: Answer = (response) => {
    response.writeHead(429, { 'retry-after': '5' }).end();
  };
  const { result, seen } = await follow([full], [ended]);
  expect((await result)?.status).toBe('succeeded');
  expect(seen).toEqual(['succeeded']);
});

it('streams that tell nothing are given up after three', async () => {
  const silent = stream([': heartbeat\n\n'], true);
  const { result, asked } = await follow([silent, silent, silent, silent], [ended]);
  expect((await result)?.status).toBe('succeeded');
  expect(asked).toEqual(['events -', 'events -', 'events -', 'run -']);
});

it('the token goes along', async () => {
  const { result } = await follow([stream([event(1, 'state', ended)])], [ended], 'secret');
  expect((await result)?.status).toBe('succeeded');
});

it('whoever leaves is not held', async () => {
  const endless: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event(1, 'state', running));
  };
  const { result, leaving, seen } = await follow([endless]);
  await expect.poll(() => seen).toEqual(['running']);
  leaving.abort();
  expect(await result).toBeNull();
});

it('a stream that falls silent is taken for dead, and resumed', async () => {
  const silent: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event(1, 'state', running));
  };
  const { result, asked } = await follow([silent, stream([event(2, 'state', ended)])]);
  expect((await result)?.status).toBe('succeeded');
  expect(asked).toEqual(['events -', 'events 1', 'run -']);
});

it('a service that is started again is waited for', async () => {
  const gone: Answer = (response) => {
    response.destroy();
  };
  const { result, asked } = await follow([notFound], [ended], '', [gone, gone]);
  expect((await result)?.status).toBe('succeeded');
  expect(asked).toEqual(['events -', 'run -', 'run -', 'run -']);
});
