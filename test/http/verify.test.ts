/** GET /v1/verify: what the output says against its raw files. */
import { appendFile } from 'node:fs/promises';
import { request as sendRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startBusyService } from './busy-service.js';
import { startService, type TestService } from './support.js';

const days = {
  '0': [{ hour: 8, produce: 2 }],
  '1': [{ hour: 8, produce: 1 }],
  '2': [{ hour: 9, dairy: 4 }],
};

const settings = { READ_TOKEN: 'may-read', OPERATE_TOKEN: 'airflow:may-operate' };
const operate = ['may-operate', { type: 'bearer' }] as const;

async function madeDays(): Promise<TestService> {
  const test = await startService({ days });
  await test.run();
  return test;
}

describe('GET /v1/verify', () => {
  it('has a verdict for each day and one for the whole, and touches nothing', async () => {
    const { http, outputFile, run } = await madeDays();
    const right = await http.get('/v1/verify?wait=30').expect(200);
    expect(right.body).toMatchObject({ ok: true, counts: { same: 3, differs: 0 } });

    await appendFile(outputFile, '1,8,produce,1\n1,8,produce,1\n');
    const wrong = await http.get('/v1/verify').set('prefer', 'wait=30').expect(200);
    expect(wrong.headers['preference-applied']).toBe('wait=30');
    expect(wrong.body).toMatchObject({
      ok: false,
      counts: { same: 2, differs: 1 },
      days: [
        { day: '0', verdict: 'same' },
        {
          day: '1',
          verdict: 'differs',
          times: 3,
          totals: { output: { items_count: 3 }, raw: { items_count: 1 } },
        },
        { day: '2', verdict: 'same' },
      ],
    });
    expect(wrong.headers['location']).toBe(`/v1/verify/${wrong.body.runId}`);
    expect((await http.get(`/v1/runs/${wrong.body.runId}`)).body).toMatchObject({ dryRun: true });

    // What was found stays found; what is true now is another question.
    await run();
    const before = await http.get(String(wrong.headers['location'])).expect(200);
    expect(before.body.days).toEqual(wrong.body.days);
    expect((await http.get('/v1/verify?wait=30')).body.ok).toBe(true);
  });

  it('of listed days tells these', async () => {
    const { http } = await madeDays();
    const { body } = await http.get('/v1/verify?days=2,0,2&wait=30').expect(200);
    expect(body.days).toMatchObject([{ day: '0' }, { day: '2' }]);
  });

  it.each<[string, number, string, RegExp]>([
    ['days=0,7', 409, 'day-unknown', /day 7/],
    ['days=0,x', 400, 'invalid-request', /days\.1 must be/],
    ['days=', 400, 'invalid-request', /days\.0 must be/],
    ['engine=excel', 400, 'invalid-request', /engine must be one of/],
    ['engine=spark', 409, 'engine-unavailable', /DAYMARK_SPARK_MASTER/],
    ['select=all', 400, 'invalid-request', /select is not known here; known: days, engine, wait/],
    ['wait=x', 400, 'invalid-request', /wait must be an integer/],
  ])('refuses %s', async (query, status, slug, detail) => {
    const { http } = await madeDays();
    const { body } = await http.get(`/v1/verify?${query}`);
    expect(body).toMatchObject({ type: `/problems/${slug}`, status });
    expect(body.detail).toMatch(detail);
  });

  it('tells bad raw files by verdicts, and fails where there is no day at all', async () => {
    const { http } = await startService({ days: { '0': 'order_hour_of_day,milk\n8,much\n' } });
    const { body } = await http.get('/v1/verify?wait=30').expect(200);
    expect(body).toMatchObject({ ok: false, days: [{ day: '0', verdict: 'unreadable' }] });
    expect(body.days[0].how).toContain('line 2');

    const none = await startService({ days: { 'day=0': [{ hour: 8, dairy: 1 }] } });
    const failed = await none.http.get('/v1/verify?wait=30');
    expect(failed.body.type).toBe('/problems/no-days');
  });

  it('answers 202 with the run where nobody waits or the time is over, and at its Location later', async () => {
    const { http, runId, release } = await startBusyService({ days });
    const first = await http.get('/v1/verify').expect(202);
    expect(first.body).toMatchObject({ status: 'queued', dryRun: true, select: 'all' });
    expect(first.body.id).not.toBe(runId);
    const location = `/v1/verify/${first.body.id}`;
    expect(first.headers).toMatchObject({ location, 'retry-after': '1' });
    const second = await http.get('/v1/verify?wait=0').expect(202);
    expect(second.body.id).toBe(first.body.id);
    expect((await http.get(location).expect(202)).headers['location']).toBe(location);
    release();
    expect((await http.get(`${location}?wait=30`).expect(200)).body.ok).toBe(true);
  });

  it('callers share one run', async () => {
    const { http, release } = await startBusyService({ days });
    const asked = [1, 2, 3, 4].map(() => http.get('/v1/verify?wait=30').then(({ body }) => body));
    await eventually(async () => {
      const { body } = await http.get('/v1/runs?status=queued');
      expect(body.runs).toHaveLength(1);
    });
    release();
    const ids = (await Promise.all(asked)).map(({ runId }) => runId);
    expect(new Set(ids).size).toBe(1);
    expect((await http.get('/v1/runs')).body.runs).toHaveLength(2);
  });
});

describe('a client that goes away', () => {
  const queuedRuns = async ({ http }: TestService) =>
    (await http.get('/v1/runs?status=queued')).body.runs.length as number;

  /** Asks and waits, until it is told to leave. */
  function ask(address: string): () => void {
    const request = sendRequest(`${address}/v1/verify?wait=60`);
    request.on('error', () => {}).end();
    return () => request.destroy();
  }

  it('takes the run along once nobody waits for it any more', async () => {
    const test = await startBusyService({ days });
    let heard = 0;
    test.service.app.server.on('request', () => (heard += 1));
    const [first, second] = [ask(test.address), ask(test.address)];
    await eventually(() => expect(heard).toBe(2));
    // Submissions are decided one after the other: by now both share a run.
    await test.http.get('/v1/verify?days=0').expect(202);
    expect(await queuedRuns(test)).toBe(2);
    first();
    await test.http.get('/v1/verify?days=0').expect(202);
    expect(await queuedRuns(test)).toBe(2);
    second();
    await eventually(async () => expect(await queuedRuns(test)).toBe(1));
    const { body } = await test.http.get('/v1/runs?status=cancelled');
    expect(body.runs).toMatchObject([{ dryRun: true, select: 'all' }]);
  });

  it('leaves it to who was told to come back', async () => {
    const test = await startBusyService({ days });
    const leave = ask(test.address);
    await eventually(async () => expect(await queuedRuns(test)).toBe(1));
    const { headers } = await test.http.get('/v1/verify').expect(202);
    leave();
    await test.http.get('/v1/plan');
    test.release();
    expect((await test.http.get(`${headers['location']}?wait=30`)).status).toBe(200);
  });
});

describe('what GET /v1/verify costs', () => {
  it('needs an operate token; reading what was found does not', async () => {
    const { http } = await startService({ settings, days });
    await http.get('/v1/verify?wait=30').expect(401);
    const refused = await http.get('/v1/verify?wait=30').auth('may-read', { type: 'bearer' });
    expect(refused.body).toMatchObject({ type: '/problems/forbidden', status: 403 });
    expect((await http.get('/v1/runs').auth(...operate)).body.runs).toEqual([]);

    const { headers } = await http.get('/v1/verify?wait=30').auth(...operate);
    const read = http.get(String(headers['location'])).auth('may-read', { type: 'bearer' });
    expect((await read).status).toBe(200);
  });

  it('stands in the audit', async () => {
    const { http, logLines } = await startService({ settings, days });
    const { body } = await http.get('/v1/verify?wait=30').auth(...operate);
    await http.get('/v1/verify').auth('may-read', { type: 'bearer' });
    await http.get(`/v1/verify/${body.runId}`).auth(...operate);
    await eventually(() => {
      expect(logLines.filter(({ audit }) => audit === true)).toMatchObject([
        {
          who: 'airflow',
          action: 'verifyOutput',
          outcome: 'done',
          location: `/v1/verify/${body.runId}`,
        },
        { who: 'read-1', action: 'verifyOutput', outcome: 'forbidden' },
      ]);
    });
  });

  it('is spent by no page of another origin, and by no HEAD', async () => {
    const { http } = await startService({ days });
    const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const foreign = await http.get('/v1/verify').set({ ...link, 'sec-fetch-site': 'cross-site' });
    expect(foreign.body.type).toBe('/problems/cross-origin');
    expect((await http.head('/v1/verify')).status).toBe(404);
    expect((await http.get('/v1/runs')).body.runs).toEqual([]);
    await http
      .get('/v1/verify')
      .set({ ...link, 'sec-fetch-site': 'none' })
      .expect(202);
  });
});

describe('GET /v1/verify/{id}', () => {
  it('knows no other runs', async () => {
    const { http, run } = await startService({ days });
    const { body: made } = await run();
    const { body } = await http.get(`/v1/verify/${made.id}`).expect(404);
    expect(body).toMatchObject({ type: '/problems/run-not-found' });
    expect(body.detail).toContain('GET /v1/verify begins one');
    await http.get('/v1/verify/none').expect(404);
  });

  it('tells how a comparison was stopped', async () => {
    const { http } = await startBusyService({ days });
    const { body, headers } = await http.get('/v1/verify').expect(202);
    await http.post(`/v1/runs/${body.id}/cancel`).expect(200);
    const stopped = await http.get(String(headers['location'])).expect(409);
    expect(stopped.body).toMatchObject({ type: '/problems/run-failed', runId: body.id });
  });
});
