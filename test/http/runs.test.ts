import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startBusyService } from './busy-service.js';
import { startService } from './support.js';

const twoDays = {
  '0': [{ hour: 8, produce: 2 }],
  '1': [{ hour: 9, produce: 1, dairy: 4 }],
};
const badDay = 'order_hour_of_day,produce\n8,1\n9,many\n10,no\n';
const bothDays =
  'day_of_week,hour_of_day,category,items_count\n0,8,produce,2\n1,9,dairy,4\n1,9,produce,1\n';

describe('POST /v1/runs', () => {
  it('answers at once with a run that goes on', async () => {
    const { http } = await startBusyService();
    const response = await http.post('/v1/runs').send({ ifActive: 'attach' }).expect(202);
    expect(response.body).toMatchObject({ status: 'running', select: 'pending', finishedAt: null });
    expect(response.headers).toMatchObject({
      location: `/v1/runs/${response.body.id}`,
      'retry-after': '1',
      'cache-control': 'no-store',
    });
  });

  it('answers 202 without a wait even where there was nothing to do', async () => {
    const { http } = await startService();
    const response = await http.post('/v1/runs').send({}).expect(202);
    expect(response.body).toMatchObject({ status: 'succeeded', days: [], commit: null });
    expect(response.headers['location']).toBe(`/v1/runs/${response.body.id}`);
  });

  it('answers 200 once the run has succeeded, where it is waited for', async () => {
    const { http, outputFile } = await startService({ days: twoDays });
    const { body } = await http.post('/v1/runs?wait=30').send({}).expect(200);
    expect(body).toMatchObject({
      status: 'succeeded',
      select: 'pending',
      requestedDays: null,
      checkpoint: { before: null, after: '1' },
      reading: 'embedded',
      commit: 1,
      days: [
        {
          day: '0',
          state: 'new',
          outcome: 'added',
          records: 1,
          rows: 1,
          totals: { items_count: 2 },
        },
        {
          day: '1',
          state: 'new',
          outcome: 'added',
          records: 1,
          rows: 2,
          totals: { items_count: 5 },
        },
      ],
      error: null,
    });
    expect(await readFile(outputFile, 'utf8')).toBe(bothDays);
  });

  it('waits as a preference asks, and says so', async () => {
    const { http } = await startService({ days: twoDays });
    const response = await http
      .post('/v1/runs')
      .set('Prefer', 'respond-async, wait=30')
      .send({})
      .expect(200);
    expect(response.body.status).toBe('succeeded');
    expect(response.headers['preference-applied']).toBe('wait=30');
  });

  it('lets the query win over the preference', async () => {
    const { http } = await startBusyService();
    const response = await http
      .post('/v1/runs?wait=0')
      .set('Prefer', 'wait=30')
      .send({ ifActive: 'attach' })
      .expect(202);
    expect(response.headers).not.toHaveProperty('preference-applied');
  });

  it('answers 202 where the wait is over before the run is', async () => {
    const { http } = await startBusyService();
    const before = performance.now();
    const { body } = await http.post('/v1/runs?wait=1').send({ ifActive: 'attach' }).expect(202);
    expect(body.status).toBe('running');
    expect(performance.now() - before).toBeGreaterThan(900);
  });

  it('takes no body at all, and an empty one, for an empty object', async () => {
    const { http } = await startService({ days: twoDays });
    await http.post('/v1/runs?wait=30').expect(200);
    await http.post('/v1/runs?wait=30').type('json').send('').expect(200);
    await http.post('/v1/runs?wait=30').type('application/json; charset=utf-8').expect(200);
    await http.put('/v1/runs/some-key?wait=30').expect(200);
  });

  it('takes listed days, numbers too, sorts them and drops repeats', async () => {
    const { run } = await startService({ days: twoDays });
    const { body } = await run({ days: [1, '0', 1] });
    expect(body).toMatchObject({ select: 'days', requestedDays: ['0', '1'], status: 'succeeded' });
  });

  it('takes dates in the date layout, and no numbers', async () => {
    const { run } = await startService({
      days: { '2026-11-23': [{ hour: 8, produce: 2 }] },
      settings: { LAYOUT: 'date' },
    });
    const refused = await run({ days: [20261123] });
    expect(refused.body.errors).toEqual([
      { at: 'days.0', message: 'must be a calendar date, such as 2026-11-23' },
    ]);
    expect((await run({ days: ['2026-11-23'] })).body.checkpoint.after).toBe('2026-11-23');
  });

  it('tells what a dry run would change, and changes nothing', async () => {
    const { run, http } = await startService({ days: twoDays });
    const { body } = await run({ dryRun: true });
    expect(body).toMatchObject({ dryRun: true, commit: null });
    expect(body.days[1].difference).toEqual({
      rowsAdded: 2,
      rowsRemoved: 0,
      rowsChanged: 0,
      totalsBefore: { items_count: 0 },
      totalsAfter: { items_count: 5 },
    });
    await http.get('/v1/output').accept('text/csv').expect(404);
  });

  it('answers 422 with the whole run where raw data is bad', async () => {
    const { run } = await startService({ days: { ...twoDays, '2': badDay, '3': badDay } });
    const { status, body, headers } = await run();
    expect(status).toBe(422);
    expect(body.type).toBe('/problems/run-failed');
    expect(body.detail).toMatch(
      /^The run failed\. Day 2: orders\.csv, line 3, column "produce" holds "many": .* \(and 1 more\)\. Day 3: orders\.csv, line 3/,
    );
    expect(body.runId).toBe(body.run.id);
    expect(headers['location']).toBe(`/v1/runs/${body.runId}`);
    expect(body.run).toMatchObject({
      status: 'failed',
      checkpoint: { before: null, after: '1' },
      days: [
        { day: '0', outcome: 'added' },
        { day: '1', outcome: 'added' },
        { day: '2', outcome: 'failed', error: { code: 'raw-invalid', problemCount: 2 } },
        { day: '3', outcome: 'failed' },
      ],
    });
  });

  it('names ten failed days at most', async () => {
    const days = Object.fromEntries(Array.from({ length: 13 }, (_, day) => [`${day}`, badDay]));
    const { run } = await startService({ days });
    const { body } = await run();
    expect(body.detail).toContain('Day 9:');
    expect(body.detail).not.toContain('Day 10:');
    expect(body.detail).toMatch(/ 3 more days failed\.$/);
  });

  it('answers 409 where the run was cancelled while it was waited for', async () => {
    const { http, runId, release } = await startBusyService();
    const waiting = http
      .post('/v1/runs?wait=30')
      .set('Idempotency-Key', 'waiter')
      .send({ ifActive: 'attach' })
      .then((response) => response);
    await eventually(() => http.get('/v1/runs/waiter').expect(200));
    await http.post(`/v1/runs/${runId}/cancel`).expect(202);
    release();
    const response = await waiting;
    expect(response.status).toBe(409);
    expect(response.body).toMatchObject({
      type: '/problems/run-failed',
      status: 409,
      runId,
      run: { status: 'cancelled' },
    });
  });

  it('names the active run where another is refused', async () => {
    const { http, runId } = await startBusyService();
    const response = await http.post('/v1/runs').send({ ifActive: 'reject' }).expect(409);
    expect(response.headers['location']).toBe(`/v1/runs/${runId}`);
  });
});

describe('GET /v1/runs', () => {
  it('lists the newest first, in pages', async () => {
    const { http, run } = await startService({ days: twoDays });
    const ids: string[] = [];
    for (let round = 0; round < 5; round += 1) ids.unshift((await run({ select: 'all' })).body.id);

    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await http.get(`/v1/runs?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.runs.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(ids);
  });

  it('has their days as figures, and in full where that is asked for', async () => {
    const { http, run } = await startService({ days: { ...twoDays, '2': badDay } });
    const { id } = (await run()).body.run;
    const whole = (await http.get(`/v1/runs/${id}`).expect(200)).body;
    const { days, ...short } = whole;
    expect(days).toHaveLength(3);
    expect(short.summary).toEqual({
      days: 3,
      outcomes: { added: 2, replaced: 0, unchanged: 0, failed: 1, skipped: 0 },
      requestedDays: null,
      records: 2,
      rows: 3,
      totals: { items_count: 7 },
      bytes: expect.any(Number),
    });
    expect((await http.get('/v1/runs').expect(200)).body.runs).toEqual([short]);
    expect((await http.get('/v1/runs?expand=days').expect(200)).body.runs).toEqual([whole]);
  });

  it('stays short, however many days the runs were asked for', async () => {
    const names = Array.from({ length: 400 }, (_, day) => String(day));
    const { http, run } = await startService({
      days: Object.fromEntries(names.map((day) => [day, twoDays['0']])),
    });
    await run({ days: names });
    const { text, body } = await http.get('/v1/runs').expect(200);
    expect(body.runs[0].requestedDays).toEqual(names.slice(0, 10));
    expect(body.runs[0].summary).toMatchObject({
      days: 400,
      requestedDays: 400,
      totals: { items_count: 800 },
    });
    expect(text.length).toBeLessThan(2_000);
    const whole = await http.get('/v1/runs?expand=days').expect(200);
    expect(whole.body.runs[0].requestedDays).toEqual(names);
  });

  it('filters by one status or several', async () => {
    const { http, run } = await startService({ days: { ...twoDays, '2': badDay } });
    await run();
    await run({ days: ['0'] });
    await run({ days: ['1'] });
    const statusesOf = async (query: string) => {
      const { body } = await http.get(`/v1/runs?${query}`).expect(200);
      return [body.runs.map(({ status }: { status: string }) => status), body.nextCursor !== null];
    };
    expect(await statusesOf('status=failed')).toEqual([['failed'], false]);
    expect(await statusesOf('status=succeeded,failed')).toEqual([
      ['succeeded', 'succeeded', 'failed'],
      false,
    ]);
    expect(await statusesOf('status=failed,succeeded&limit=1')).toEqual([['succeeded'], true]);
    expect(await statusesOf('status=cancelled')).toEqual([[], false]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['status=done', 'status'],
    ['status=', 'status'],
    ['expand=all', 'expand'],
    ['cursor=nonsense', 'cursor'],
    ['page=2', 'page'],
  ])('refuses %s', async (query, at) => {
    const { http } = await startService();
    const { body } = await http.get(`/v1/runs?${query}`).expect(400);
    expect(body.errors).toMatchObject([{ at }]);
  });
});
