/** Requests at the edge of what HTTP allows, and what every answer has in common. */
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { problemSchema } from '../../src/http/schemas/problem.js';
import { startBusyService } from './busy-service.js';
import { startService, type TestService } from './support.js';

/** Sends bytes as they are; the whole answer. */
function sendRaw({ address }: TestService, bytes: string): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

function problemIn(answer: string) {
  return problemSchema.parse(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))));
}

describe('what is no HTTP', () => {
  it.each([
    ['bytes without sense', 'what is this\r\n\r\n', /not well-formed/],
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, /longer than/],
  ])('%s get a problem', async (_, bytes, detail) => {
    const test = await startService();
    const answer = await sendRaw(test, bytes);
    expect(answer).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/,
    );
    expect(problemIn(answer)).toMatchObject({
      type: '/problems/invalid-request',
      status: 400,
      detail: expect.stringMatching(detail),
    });
    await test.http.get('/health/live').expect(200);
  });
});

describe('paths', () => {
  it.each([
    ['/v1/runs/%zz', 'invalid-request'],
    [`/v1/runs/${'x'.repeat(2000)}`, 'invalid-request'],
    ['/v1/runs/%2e%2e%2f%2e%2e', 'run-not-found'],
    ['/v1/runs/%00', 'run-not-found'],
    ['/v1/days/..%2f..', 'invalid-request'],
    ['/v2/runs', 'not-found'],
    ['//', 'not-found'],
    ['/assets/%2e%2e/index.html', 'not-found'],
    ['/v1/runs/', 'run-not-found'],
    ['/docs/static/../../package.json', 'invalid-request'],
    ['/docs/static/%2e%2e%2f%2e%2e%2fpackage.json', 'not-found'],
    ['/docs/static/nothing.js', 'not-found'],
  ])('%s is answered with %s', async (path, slug) => {
    const test = await startService();
    // A client would tidy such a path up before it sends it.
    const answer = await sendRaw(
      test,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(problemIn(answer).type).toBe(`/problems/${slug}`);
    expect(answer).toContain(`x-request-id: ${problemIn(answer).requestId}\r\n`);
  });

  it('of other methods are not there', async () => {
    const { http } = await startService();
    await http.patch('/v1/runs').send({}).expect(404);
    await http.delete('/v1/runs').expect(404);
    await http.post('/v1/plan').send({}).expect(404);
  });

  it('answer HEAD wherever they answer GET', async () => {
    const { http } = await startService();
    for (const path of ['/v1/runs', '/v1/checkpoint', '/v1/days', '/health/live', '/metrics']) {
      const response = await http.head(path).expect(200);
      expect(Number(response.headers['content-length'])).toBeGreaterThan(0);
    }
  });
});

describe('parameters that nobody knows', () => {
  it.each([
    '/v1/runs',
    '/v1/runs/x',
    '/v1/runs/x/result',
    '/v1/plan',
    '/v1/checkpoint',
    '/v1/days',
    '/v1/days/1',
    '/v1/days/1/receipt',
    '/v1/output',
    '/health/live',
    '/health/ready',
    '/metrics',
  ])('are refused by %s', async (path) => {
    const { http } = await startService();
    const { body } = await http.get(`${path}?verbose=1`).expect(400);
    expect(body.errors).toMatchObject([{ at: 'verbose' }]);
  });
});

describe('request ids', () => {
  it('come from the caller where they are harmless', async () => {
    const { http } = await startService();
    const taken = await http.get('/v1/nowhere').set('X-Request-Id', 'dag-run:7/try+1');
    expect(taken.headers['x-request-id']).toBe('dag-run:7/try+1');
    expect(taken.body.requestId).toBe('dag-run:7/try+1');
    for (const id of ['two words', 'x'.repeat(129), '<script>']) {
      const refused = await http.get('/v1/nowhere').set('X-Request-Id', id);
      expect(refused.headers['x-request-id']).not.toBe(id);
    }
  });

  it('lead from an internal error to its cause in the log', async () => {
    const { http, service, logLines } = await startService();
    vi.spyOn(service.controlPlane, 'survey').mockRejectedValue(new TypeError('a secret defect'));
    const { body, text } = await http.get('/v1/checkpoint').expect(500);
    expect(text).not.toContain('secret');
    expect(logLines).toContainEqual(
      expect.objectContaining({
        requestId: body.requestId,
        level: 50,
        err: expect.objectContaining({ message: 'a secret defect' }),
      }),
    );
  });
});

describe('the log', () => {
  it('has requests at debug only', async () => {
    const { http, logLines } = await startService();
    await http.get('/v1/checkpoint').expect(200);
    await http.get('/v1/nowhere').expect(404);
    const requests = logLines.filter(({ path }) => path !== undefined);
    expect(requests.map(({ level, path, status }) => [level, path, status])).toEqual([
      [20, '/v1/checkpoint', 200],
      [20, '/v1/nowhere', 404],
    ]);
  });
});

describe('a service that shuts down', () => {
  it('answers those who wait for a run, and refuses new runs', async () => {
    const { http, service, runId, release } = await startBusyService();
    const waiting = http.get(`/v1/runs/${runId}/result?wait=60`).then((response) => response);
    const stopped = service.stop();
    const refused = await http.post('/v1/runs').send({}).expect(503);
    expect(refused.body.type).toBe('/problems/shutting-down');
    release();
    const response = await waiting;
    expect(response.body.run).toMatchObject({ id: runId, status: 'interrupted' });
    await stopped;
  });

  it('answers on connections that are still open', async () => {
    const { service, address, runId, release } = await startBusyService();
    const { port, hostname } = new URL(address);
    const closing = new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let answers = '';
      socket.on('data', (chunk) => {
        answers += chunk;
      });
      socket.on('end', () => resolve(answers));
      socket.on('error', reject);
      const get = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      // The first request keeps the connection busy until the server closes; the second then follows.
      get(`/v1/runs/${runId}/result?wait=60`);
      get('/v1/checkpoint');
    });
    await vi.waitFor(async () => expect(await connectionsOf(service)).toBeGreaterThan(0));
    release();
    await service.app.close();
    const answers = await closing;
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toHaveLength(2);
  });
});

function connectionsOf({ app }: TestService['service']): Promise<number> {
  return new Promise((resolve, reject) =>
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

describe('a client that goes away', () => {
  it('does not keep its request waiting', async () => {
    const { address, runId, service, release } = await startBusyService();
    const wait = vi.spyOn(service.controlPlane, 'wait');
    const asked = httpRequest(`${address}/v1/runs/${runId}/result?wait=60`);
    asked.on('error', () => {});
    asked.end();
    await vi.waitFor(() => expect(wait).toHaveBeenCalled());
    asked.destroy();
    const run = await wait.mock.results[0]?.value;
    expect(run).toMatchObject({ id: runId, status: 'running' });
    release();
  });
});
