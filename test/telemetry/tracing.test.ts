/** Traces of the built service, as a collector receives them. */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { judgedMs } from '../support/judged-time.js';
import { rawText } from '../support/service.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { type ReceivedSpan, startTraceCollector } from './trace-collector.js';

const good = rawText([[8, { milk: 2 }]]);
const bad = 'order_id,order_hour_of_day,milk\n1,8,many\n';
const callerTrace = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerSpan = '00f067aa0ba902b7';

async function startTraced(env: Record<string, string>) {
  const root = await makeTempDir();
  const land = async (day: string, text: string) => {
    await mkdir(join(root, 'raw', day), { recursive: true });
    await writeFile(join(root, 'raw', day, 'orders.csv'), text);
  };
  await land('0', good);
  const service = startServiceProcess({
    DAYMARK_RAW_DIR: join(root, 'raw'),
    DAYMARK_OUTPUT_FILE: join(root, 'processed', 'orders.csv'),
    OTEL_BSP_SCHEDULE_DELAY: '20',
    ...env,
  });
  const url = await service.url();
  const send = async (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: object,
  ) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { service, url, land, send };
}

async function startCollected(env: Record<string, string> = {}) {
  const collector = await startTraceCollector();
  const traced = await startTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  const one = (name: string) =>
    eventually(() => {
      const [span, ...others] = named(name);
      if (span === undefined || others.length > 0) throw new Error(`not one span ${name}`);
      return span;
    });
  return { ...traced, collector, named, one };
}

function isWithin(inner: ReceivedSpan, outer: ReceivedSpan): boolean {
  // Clocks of a millisecond and of a nanosecond are compared: one of the first is let pass.
  const slack = 2_000_000n;
  return inner.startedAt + slack >= outer.startedAt && inner.endedAt <= outer.endedAt + slack;
}

describe('a run that was waited for', () => {
  it('is one trace, from the caller’s span to the commit', async () => {
    const { send, land, one, named } = await startCollected();
    await land('1', bad);
    const { status } = await send('PUT', '/v1/runs/nightly:1?wait=60', {
      traceparent: `00-${callerTrace}-${callerSpan}-01`,
    });
    expect(status).toBe(422);

    const request = await one('PUT /v1/runs/:id');
    const run = await one('run');
    const commit = await one('commit');
    const days = named('day');
    expect(request).toMatchObject({ traceId: callerTrace, parentSpanId: callerSpan, kind: 2 });
    for (const span of [request, run, commit, ...days, ...named('reconcile')]) {
      expect(span.attributes['daymark.dataset'], span.name).toBe('orders');
    }
    expect(request.attributes).toMatchObject({
      'http.route': '/v1/runs/:id',
      'http.response.status_code': 422,
      'url.path': '/v1/runs/nightly:1',
    });
    expect(named('reconcile').map(({ parentSpanId }) => parentSpanId)).toEqual([request.spanId]);
    expect(run).toMatchObject({ parentSpanId: request.spanId, failed: true });
    expect(run.attributes).toMatchObject({
      'daymark.run.key': 'nightly:1',
      'daymark.run.status': 'failed',
      'daymark.commit.version': 1,
    });
    expect(commit).toMatchObject({ parentSpanId: run.spanId, failed: false });
    expect(commit.attributes).toMatchObject({ 'daymark.commit.days_replaced': 1 });
    expect(await one('move checkpoint')).toMatchObject({ parentSpanId: run.spanId });
    expect(
      days.map(({ attributes, failed, parentSpanId }) => [
        attributes['daymark.day'],
        attributes['daymark.day.outcome'],
        attributes['error.type'] ?? null,
        failed,
        parentSpanId,
      ]),
    ).toEqual([
      ['0', 'added', null, false, run.spanId],
      ['1', 'failed', 'raw-invalid', true, run.spanId],
    ]);
    for (const span of [...days, commit]) {
      expect(span.traceId).toBe(callerTrace);
      expect(isWithin(span, run)).toBe(true);
    }
    expect(isWithin(run, request)).toBe(true);
  });

  it('says who it is, as the environment names it', async () => {
    const { send, one, collector } = await startCollected({
      OTEL_SERVICE_NAME: 'orders',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=night',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=daymark',
    });
    await send('GET', '/v1/plan');
    const { resource } = await one('GET /v1/plan');
    expect(resource).toMatchObject({
      'service.name': 'orders',
      'deployment.environment.name': 'night',
    });
    expect(collector.requests[0]?.headers['x-tenant']).toBe('daymark');
  });
});

describe('what belongs to whom', () => {
  it('a queued run belongs to who asked for it first, and is linked to the others', async () => {
    const { send, land, one, named } = await startCollected();
    const row = `1,8,${Array(50).fill(1).join(',')}\n`;
    const names = Array.from({ length: 50 }, (_, n) => `c${n}`).join(',');
    await land('0', `order_id,order_hour_of_day,${names}\n${row.repeat(60_000)}`);
    // The reference engine takes long enough for others to queue behind it.
    const first = await send('PUT', '/v1/runs/first', {}, { engine: 'csv' });
    expect(first.status).toBe(202);
    await send('PUT', '/v1/runs/second');
    await send('PUT', '/v1/runs/third?wait=60');

    const [, secondRequest, thirdRequest] = await eventually(() => {
      const requests = named('PUT /v1/runs/:id');
      if (requests.length < 3) throw new Error('not all requests were sent');
      return requests;
    });
    const queued = await eventually(() => {
      const found = named('run').find((span) => span.attributes['daymark.run.key'] === 'second');
      if (found === undefined) throw new Error('no queued run yet');
      return found;
    });
    expect(queued.parentSpanId).toBe(secondRequest?.spanId);
    expect(queued.links).toEqual([thirdRequest?.spanId]);
    const looks = named('reconcile').filter(({ parentSpanId }) => parentSpanId === queued.spanId);
    expect(looks).toHaveLength(1);
    expect(await one('commit')).toMatchObject({
      traceId: expect.not.stringMatching(queued.traceId),
    });
  });

  it('health checks, scrapes and looks in the background are no traces', async () => {
    const { url, send, service, collector } = await startCollected({
      DAYMARK_RECONCILE_INTERVAL_MS: '10',
    });
    for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json']) {
      await (await fetch(`${url}${path}`)).text();
    }
    await send('GET', '/v1/checkpoint');
    await service.end('SIGTERM');
    const names = collector.spans.map(({ name }) => name);
    expect(names).toContain('GET /v1/checkpoint');
    // The request may have shared a look of the background.
    const others = names.filter((name) => name !== 'GET /v1/checkpoint');
    expect(others.filter((name) => name !== 'reconcile')).toEqual([]);
    expect(others.length).toBeLessThanOrEqual(1);
  });

  it('a caller that does not record is followed in that, too', async () => {
    const { send, service, collector } = await startCollected();
    await send('GET', '/v1/plan', { traceparent: `00-${callerTrace}-${callerSpan}-00` });
    await send('GET', '/v1/days');
    await service.end('SIGTERM');
    expect(collector.spans.map(({ traceId }) => traceId)).not.toContain(callerTrace);
    expect(collector.spans.map(({ name }) => name)).toContain('GET /v1/days');
  });

  it('no token and no query reaches a trace', async () => {
    const { send, service, collector } = await startCollected({
      DAYMARK_OPERATE_TOKEN: 'operate-secret',
    });
    await send('GET', '/v1/days?state=new&token=query-secret', {
      authorization: 'Bearer operate-secret',
    });
    await service.end('SIGTERM');
    const sent = JSON.stringify(collector.spans, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(sent).toContain('/v1/days');
    expect(sent).not.toContain('secret');
  });
});

describe('the collector', () => {
  it('that takes connections and never answers does not hold up the stop', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { send, service } = await startTraced({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    });
    expect((await send('POST', '/v1/runs?wait=60')).status).toBe(200);
    const startedAt = performance.now();
    expect(await service.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
    expect(judgedMs(performance.now() - startedAt)).toBeLessThan(5_000);
    silent.close();
  });

  it('is sent what waits when the service stops', async () => {
    const { send, service, collector } = await startCollected({ OTEL_BSP_SCHEDULE_DELAY: '60000' });
    await send('POST', '/v1/runs?wait=60');
    expect(collector.spans).toEqual([]);
    expect(await service.end('SIGTERM')).toMatchObject({ code: 0 });
    expect(collector.spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['POST /v1/runs', 'reconcile', 'run', 'day', 'commit']),
    );
  });

  it('being away changes no answer, is told once, and does not hold up the stop', async () => {
    const gone = await freePort();
    const { send, service } = await startTraced({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${gone}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '50',
    });
    expect(await send('POST', '/v1/runs?wait=60')).toMatchObject({
      status: 200,
      body: { status: 'succeeded' },
    });
    for (let round = 0; round < 8; round += 1) {
      expect((await send('GET', '/v1/days')).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    const startedAt = performance.now();
    const { code, log, stderr } = await service.end('SIGTERM');
    expect(code).toBe(0);
    expect(judgedMs(performance.now() - startedAt)).toBeLessThan(4_000);
    expect(stderr).toBe('');
    const told = log.filter(({ msg }) => /trace|OpenTelemetry|export/i.test(String(msg)));
    expect(told).toMatchObject([{ level: 40, msg: 'traces cannot be sent, and are dropped' }]);
  });
});
