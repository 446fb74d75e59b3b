/** What clients make of answers that are no success: over HTTP, as the page and the command line get them. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../src/client/client.js';
import { createHttpTransport } from '../../src/client/http-transport.js';
import { RequestFailure } from '../../src/client/request-failure.js';
import { problemFrom } from '../../src/dashboard/model/problem.js';
import { createSession } from '../../src/dashboard/store/session.js';
import { freePort } from '../support/free-port.js';

async function answering(status: number, type: string, text: string): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failureAt(url: string): Promise<RequestFailure> {
  const client = createClient(createHttpTransport({ url }));
  const failure = await client.day('3').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RequestFailure);
  return failure as RequestFailure;
}

const body = {
  type: '/problems/invalid-request',
  title: 'The request is not valid',
  status: 400,
  detail: 'day must be a day',
  nextAction: 'Correct it.',
  requestId: 'r-1',
  errors: [{ at: 'day', message: 'must be a day' }],
};

it('a problem is Daymark’s own account, and the page shows all of it', async () => {
  const url = await answering(400, 'application/problem+json', JSON.stringify(body));
  const failure = await failureAt(url);
  expect(failure.problem).toEqual(body);
  expect(problemFrom(failure)).toEqual({
    title: 'The request is not valid',
    detail: 'day must be a day',
    places: [`GET /v1/days/3 at ${url}`, 'day must be a day'],
    nextAction: 'Correct it.',
    requestId: 'r-1',
    isRefusal: false,
  });
});

it.each([
  [502, 'text/html', '<h1>Bad gateway</h1>'],
  [200, 'text/html', '<h1>Welcome</h1>'],
  [200, 'application/json', '{"days": ['],
  [500, 'application/json', '{"type": "about:blank"}'],
])('%i with %s %j is not taken for an answer of Daymark', async (status, type, text) => {
  const failure = await failureAt(await answering(status, type, text));
  expect(failure.problem).toBeNull();
  expect(failure.message).toContain(`with ${status}, which is not an answer of Daymark`);
});

it('where nobody answers, the reason is told', async () => {
  const failure = await failureAt(`http://127.0.0.1:${await freePort()}`);
  expect([failure.problem, failure.account.title]).toEqual([null, 'Daymark does not answer']);
  expect(failure.message).toContain('ECONNREFUSED');
});

it.each([
  ['application/problem+json', JSON.stringify({ ...body, status: 401 }), 'day must be a day'],
  ['text/html', 'Who are you?', 'which is not an answer of Daymark'],
])('the page asks for a token where one is missing (%s)', async (type, text, refusal) => {
  const nothing = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  const session = createSession(nothing, await answering(401, type, text));
  await expect(session.client.day('3')).rejects.toThrow(refusal);
  expect(session.refusal.value).toContain(refusal);
});

it('the page shows its own defects, too', () => {
  const { title, detail } = problemFrom(new TypeError('x is not a function'));
  expect([title, detail]).toEqual(['This page has a bug', 'TypeError: x is not a function']);
});
