import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { newRun } from '../../src/core/run-decisions.js';
import type { RunEvent, RunFeed } from '../../src/core/run-feed.js';
import { eventText, runEvents } from '../../src/http/run-events.js';
import { runSchema } from '../../src/http/schemas/run.js';
import { request } from '../core/plane.js';
import { eventually } from '../support/eventually.js';
import { judgedMs } from '../support/judged-time.js';
import { startBusyService } from './busy-service.js';
import { follow } from './event-client.js';
import { startService } from './support.js';

const days = { '0': [{ hour: 8, produce: 2 }] };

/** Days that keep the reference engine at work for a while. */
function longDays(count: number, rows: number): Record<string, string> {
  const lines = Array.from({ length: rows }, (_, n) => `${n},${n % 24},${n % 9},1\n`).join('');
  const text = `order_id,order_hour_of_day,produce,dairy\n${lines}`;
  return Object.fromEntries(Array.from({ length: count }, (_, day) => [String(day), text]));
}

describe('GET /v1/runs/{id}/events', () => {
  it('tells a run from its beginning to its end', async () => {
    const { http, address } = await startService({ days: longDays(5, 60_000) });
    const { body } = await http.post('/v1/runs').send({ engine: 'csv' }).expect(202);
    const client = await follow(address, body.id);
    expect(client.status).toBe(200);
    expect(client.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
    });
    expect(await client.ended).toBe(true);

    expect(client.events[0]?.event).toBe('state');
    const states = client.states().map((state) => runSchema.parse(state));
    expect([...new Set(states.map(({ status }) => status))]).toEqual(['running', 'succeeded']);
    // Each state is the one before, gone on.
    for (const [index, { days: done }] of states.entries()) {
      const before = states[index - 1]?.days ?? [];
      expect(done.slice(0, before.length)).toEqual(before);
    }
    expect(client.events.at(-1)?.data).toEqual((await http.get(`/v1/runs/${body.id}`)).body);

    const bytes = client.progress().map((each) => each.bytes.done);
    expect(bytes.length).toBeGreaterThan(2);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(client.progress().at(-1)).toMatchObject({ day: null, days: { done: 5, total: 5 } });
    expect(bytes.at(-1)).toBe(client.progress()[0]?.bytes.total);
    const ids = client.events.map(({ id }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it('begins in the queue', async () => {
    const { http, address, runId, release } = await startBusyService();
    const { body } = await http.post('/v1/runs').send({ select: 'all' }).expect(202);
    const [queued, active] = [await follow(address, body.id), await follow(address, runId)];
    await eventually(() => expect(queued.states()).toHaveLength(1));
    release();
    expect(await Promise.all([queued.ended, active.ended])).toEqual([true, true]);
    const statuses = queued.states().map(({ status }) => status);
    expect([...new Set(statuses)]).toEqual(['queued', 'running', 'succeeded']);
  });

  it('has one event for a run that ended long ago, whatever became of it', async () => {
    const { address, run } = await startService({ days: { '0': 'order_hour_of_day,x\n8,many\n' } });
    const failed = (await run()).body.run;
    const client = await follow(address, failed.id);
    expect(await client.ended).toBe(true);
    expect(client.events.map(({ data }) => data)).toEqual([failed]);
  });

  it('shows a run as its key sees it', async () => {
    const { http, address, release } = await startBusyService();
    const path = (key: string) => `/v1/runs/${encodeURIComponent(key)}`;
    const keys = ['a/b', 'scheduled__2026-11-23T00:00:00+00:00'];
    for (const key of keys) await http.put(path(key)).send({ ifActive: 'attach' }).expect(202);
    const clients = await Promise.all(keys.map((key) => follow(address, key)));
    release();
    await Promise.all(clients.map(({ ended }) => ended));
    for (const [index, client] of clients.entries()) {
      expect(new Set(client.states().map(({ key }) => key))).toEqual(new Set([keys[index]]));
    }
  });

  it.each([
    ['nobody', 404],
    ['0198c0de-7e57-7000-8000-000000000001', 404],
    ['__proto__', 404],
    ['..%2F..%2Fetc%2Fpasswd', 404],
    ['%00', 404],
    ['%F0%9F%90%84', 404],
    ['x'.repeat(1_000), 404],
    ['x'.repeat(2_000), 400],
    ['%zz', 400],
  ])('is no stream for the run %s', async (id, status) => {
    const { http } = await startService();
    const { body } = await http.get(`/v1/runs/${id}/events`).expect(status);
    expect(body.type).toBe(
      status === 404 ? '/problems/run-not-found' : '/problems/invalid-request',
    );
  });

  it('is closed without a token, and open for who may read', async () => {
    const settings = { READ_TOKEN: 'may-read', OPERATE_TOKEN: 'may-operate' };
    const { http, address } = await startService({ days, settings });
    const submit = http.post('/v1/runs?wait=30').auth('may-operate', { type: 'bearer' });
    const { body } = await submit.send({});
    expect((await follow(address, body.id)).status).toBe(401);
    const client = await follow(address, body.id, { authorization: 'Bearer may-read' });
    expect([client.status, await client.ended]).toEqual([200, true]);
  });

  it('answers HEAD at once, and takes no place for it', async () => {
    const { http, runId } = await startBusyService({ settings: { MAX_EVENT_STREAMS: '0' } });
    const { headers } = await http.head(`/v1/runs/${runId}/events`).expect(200);
    expect(headers['content-type']).toBe('text/event-stream');
  });

  it('reconciles once for each stream, not for each event', async () => {
    const { address, runId, service, release } = await startBusyService({
      settings: { EVENT_HEARTBEAT_MS: '100' },
    });
    const glance = vi.spyOn(service.controlPlane, 'glance');
    const client = await follow(address, runId);
    await eventually(() => expect(client.heartbeats).toBeGreaterThan(3));
    expect(glance).toHaveBeenCalledTimes(1);
    release();
    await client.ended;
    expect(glance).toHaveBeenCalledTimes(1);
  });
});

describe('a stream on which nothing happens', () => {
  it('shows that it is alive', async () => {
    const { address, runId } = await startBusyService({ settings: { EVENT_HEARTBEAT_MS: '100' } });
    const client = await follow(address, runId);
    await eventually(() => expect(client.states()).toHaveLength(1));
    const [before, startedAt] = [client.heartbeats, performance.now()];
    await sleep(1_000);
    const beats = client.heartbeats - before;
    expect(beats).toBeGreaterThan(2);
    expect(beats).toBeLessThanOrEqual((performance.now() - startedAt) / 100 + 1);
  });
});

describe('a stream that has to end', () => {
  const told = newRun(request(), null);
  const running: RunEvent = { kind: 'state', id: 1, run: told, last: false };
  const ended: RunEvent = { kind: 'state', id: 2, run: told, last: true };

  it.each([
    ['and its run has ended', [running, ended]],
    ['while its run goes on', [running]],
    ['and has told all', []],
  ])('%s tells what it still owes, and follows no longer', async (_, owed) => {
    let followers = 0;
    const feed: RunFeed = {
      next: (id) => owed.find((event) => event.id > (id ?? 0)) ?? null,
      follow: () => {
        followers += 1;
        return () => {
          followers -= 1;
        };
      },
    };
    const textOf = (event: RunEvent) => eventText(event.id, event.kind, {});
    const signal = AbortSignal.abort();
    const options = { feed, after: null, heartbeatMs: 60_000, signal, textOf };
    const texts: string[] = [];
    for await (const text of runEvents(options)) texts.push(text.toString());
    const events = owed.map(({ id }) => `id: ${id}\nevent: state\ndata: {}\n\n`);
    expect(texts).toEqual(owed.length === 0 ? [': heartbeat\n\n'] : events);
    expect(followers).toBe(0);
  });
});

describe('after a cut', () => {
  it('a client that says what it has had is told only the rest', async () => {
    const { address, runId, release } = await startBusyService();
    const first = await follow(address, runId);
    // The day is done, the commit is held up: nothing more happens.
    await eventually(() => expect(first.progress().at(-1)).toMatchObject({ days: { done: 1 } }));
    await sleep(500);
    first.cut();
    const seen = first.events.at(-1)?.id ?? '';

    const startedAt = performance.now();
    const second = await follow(address, runId, { 'Last-Event-ID': seen });
    // It is answered although there is nothing to tell.
    expect(judgedMs(performance.now() - startedAt)).toBeLessThan(2_000);
    await sleep(300);
    expect(second.events).toEqual([]);
    release();
    expect(await second.ended).toBe(true);
    expect(second.states().map(({ status }) => status)).toEqual(['succeeded']);
    expect(second.events.every(({ id }) => Number(id) > Number(seen))).toBe(true);

    const third = await follow(address, runId, { 'Last-Event-ID': seen });
    await third.ended;
    expect(third.events).toEqual([second.events.at(-1)]);
  });

  it('a client that missed much is told what still counts of it, and then as much as the others', async () => {
    const { http, address } = await startService({ days: longDays(6, 60_000) });
    const { body } = await http.post('/v1/runs').send({ engine: 'csv' }).expect(202);
    const stayed = await follow(address, body.id);
    const first = await follow(address, body.id);
    await eventually(() => expect(first.progress()).not.toEqual([]));
    first.cut();
    await first.ended;
    const seen = Number(first.events.at(-1)?.id);
    await eventually(() =>
      expect(stayed.events.filter(({ id }) => Number(id) > seen).length).toBeGreaterThan(4),
    );
    const missed = stayed.events.filter(({ id }) => Number(id) > seen);
    const second = await follow(address, body.id, { 'Last-Event-ID': String(seen) });
    expect(await Promise.all([second.ended, stayed.ended])).toEqual([true, true]);

    // Two events stand for all that was missed; none comes twice, and each is as it was told to all.
    const late = second.events.filter(({ id }) => missed.some((each) => each.id === id));
    expect(late.length).toBeLessThanOrEqual(2);
    expect(late.length).toBeLessThan(missed.length);
    const known = new Map(stayed.events.map((event) => [event.id, event]));
    expect(second.events.map(({ id }) => known.get(id))).toEqual(second.events);
    const ids = second.events.map(({ id }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].filter((id) => id > seen).sort((a, b) => a - b));
    expect(second.events.at(-1)).toEqual(stayed.events.at(-1));
    expect(second.states().at(-1)?.status).toBe('succeeded');
  });

  it('the end is told to who missed it, and 204 to who did not', async () => {
    const { address, runId, release } = await startBusyService();
    const first = await follow(address, runId);
    await eventually(() => expect(first.events).not.toEqual([]));
    first.cut();
    release();
    const headers = { 'Last-Event-ID': first.events.at(-1)?.id ?? '' };
    const second = await follow(address, runId, headers);
    await second.ended;
    expect(second.states().at(-1)?.status).toBe('succeeded');
    const last = { 'Last-Event-ID': second.events.at(-1)?.id ?? '' };
    const third = await follow(address, runId, last);
    expect([third.status, await third.ended, third.text]).toEqual([204, true, '']);
  });

  it.each(['', '0', '-1', '7', 'nonsense', '9'.repeat(15), '9'.repeat(4_000), '1e3'])(
    'a client that says %j is told everything',
    async (lastEventId) => {
      const { address, run } = await startService({ days });
      const { body } = await run();
      const client = await follow(address, body.id, { 'Last-Event-ID': lastEventId });
      await client.ended;
      expect(client.states()).toEqual([body]);
    },
  );
});
