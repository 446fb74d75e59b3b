import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startBusyService } from './busy-service.js';
import { startService } from './support.js';

const days = { '0': [{ hour: 8, produce: 2 }] };
const badDays = { '0': 'order_hour_of_day,produce\n8,many\n' };

describe('GET /v1/runs/{id}', () => {
  it('finds a run by its id and by its key', async () => {
    const { http } = await startService({ days });
    const key = 'scheduled__2026-11-23T00:00:00+00:00';
    const path = `/v1/runs/${encodeURIComponent(key)}`;
    const { body } = await http.put(`${path}?wait=30`).send({}).expect(200);
    expect(body.key).toBe(key);
    expect((await http.get(path).expect(200)).body).toEqual(body);
    expect((await http.get(`/v1/runs/${body.id}`).expect(200)).body).toEqual(body);
  });

  it('is 200 for a run that failed', async () => {
    const { http, run } = await startService({ days: badDays });
    const { body } = await run();
    expect((await http.get(`/v1/runs/${body.runId}`).expect(200)).body).toEqual(body.run);
  });

  it('answers while the raw root is away and the output is not ours', async () => {
    const { http, run, rawDir, outputFile } = await startService({ days });
    const { body } = await run();
    await rm(rawDir, { recursive: true });
    await http.get(`/v1/runs/${body.id}`).expect(200);
    await http.get(`/v1/runs/${body.id}/result`).expect(200);
    await writeFile(outputFile, 'name,price\nbread,3\n');
    await http.get('/v1/runs').expect(200);
    await http.get('/v1/days').expect(409);
  });

  it('reconciles before it answers', async () => {
    const { http, run, outputFile, logLines } = await startService({ days });
    const { body } = await run();
    await rm(`${outputFile.slice(0, -'orders.csv'.length)}_daymark/orders.csv/checkpoint`);
    await http.get(`/v1/runs/${body.id}`).expect(200);
    expect(logLines).toContainEqual(
      expect.objectContaining({
        msg: 'a reconcile put the checkpoint right',
        checkpoint: expect.objectContaining({ reading: 'missing' }),
      }),
    );
  });
});

describe('PUT /v1/runs/{id}', () => {
  it('leads to the same run while it is active, and replays it after it succeeded', async () => {
    const { http, release } = await startBusyService();
    const first = await http.put('/v1/runs/nightly').send({ ifActive: 'attach' }).expect(202);
    const again = await http.put('/v1/runs/nightly').send({ ifActive: 'attach' }).expect(202);
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers).not.toHaveProperty('idempotency-replayed');

    release();
    await http.get('/v1/runs/nightly/result?wait=30').expect(200);
    const replay = await http.put('/v1/runs/nightly').send({}).expect(200);
    expect(replay.body).toMatchObject({ id: first.body.id, key: 'nightly', attempt: 1 });
    expect(replay.headers).toMatchObject({
      'idempotency-replayed': 'true',
      location: `/v1/runs/${first.body.id}`,
    });
  });

  it('answers whoever waits as their key sees the run, also where others asked for it first', async () => {
    const { http, release } = await startBusyService();
    const body = { select: 'all' };
    const first = await http.put('/v1/runs/first').send(body).expect(202);
    const wait = '?wait=30';
    const waits = [
      http.put(`/v1/runs/second${wait}`).send(body),
      http.post(`/v1/runs${wait}`).set('Idempotency-Key', 'third').send(body),
    ].map((sent) => sent.then((answer) => answer));
    await http.get('/health/live').expect(200);
    while ((await http.get('/v1/runs/third')).status !== 200);
    while ((await http.get('/v1/runs/second')).status !== 200);
    const result = http.get(`/v1/runs/second/result${wait}`).then((answer) => answer);
    release();
    const answers = await Promise.all([...waits, result]);
    expect(answers.map(({ status, body: { id, key } }) => ({ status, id, key }))).toEqual([
      { status: 200, id: first.body.id, key: 'second' },
      { status: 200, id: first.body.id, key: 'third' },
      { status: 200, id: first.body.id, key: 'second' },
    ]);
  });

  it('refuses the id of a run as a key, and says that it is one', async () => {
    const { http, run } = await startService({ days });
    const { id } = (await run()).body;
    const { body } = await http.put(`/v1/runs/${id}`).send({}).expect(422);
    expect(body).toMatchObject({ type: '/problems/idempotency-mismatch', runId: id });
    expect(body.detail).toContain('is the id of a run');
  });

  it('tells whoever waits that they were not attached to a run that does not do what they asked', async () => {
    const { http, runId, release } = await startBusyService();
    const body = { days: ['0'], dryRun: true, ifActive: 'attach' };
    const { body: first } = await http.put('/v1/runs/k').send(body).expect(202);
    expect(first.id).not.toBe(runId);
    expect(first.warnings).toEqual([expect.stringContaining(`behind run ${runId}`)]);
    const other = { ...body, onDayFailure: 'stop' };
    const wait = http.put('/v1/runs/other?wait=30').send(other);
    const [waited] = await Promise.all([wait, http.get('/health/live').then(release)]);
    expect(waited.status).toBe(200);
    expect(waited.body.warnings).toContainEqual(expect.stringContaining(`behind run`));
  });

  it('makes a new attempt after a failure', async () => {
    const { http, writeDay } = await startService({ days: badDays });
    await http.put('/v1/runs/nightly?wait=30').send({}).expect(422);
    await writeDay('0', days['0']);
    const { body } = await http.put('/v1/runs/nightly?wait=30').send({}).expect(200);
    expect(body).toMatchObject({ attempt: 2, key: 'nightly', status: 'succeeded' });
  });

  it('makes a new attempt when a day came since', async () => {
    const { http, writeDay } = await startService({ days });
    await http.put('/v1/runs/nightly?wait=30').send({}).expect(200);
    await writeDay('1', days['0']);
    const { body, headers } = await http.put('/v1/runs/nightly?wait=30').send({}).expect(200);
    expect(body).toMatchObject({ attempt: 2, days: [{ day: '1', outcome: 'added' }] });
    expect(headers).not.toHaveProperty('idempotency-replayed');
  });

  it('is the same as the header', async () => {
    const { http } = await startService({ days });
    const post = () => http.post('/v1/runs?wait=30').set('Idempotency-Key', '"a/b"').send({});
    const { body } = await post().expect(200);
    const replay = await http.put('/v1/runs/a%2Fb').set('Idempotency-Key', 'a/b').send({});
    expect(replay.status).toBe(200);
    expect(replay.body.id).toBe(body.id);
    expect((await post().expect(200)).headers['idempotency-replayed']).toBe('true');
  });

  it.each([
    ['/v1/runs/a', 'b', 'Idempotency-Key'],
    ['/v1/runs/a', 'sp ace', 'Idempotency-Key'],
    ['/v1/runs/sp%20ace', '', 'id'],
    [`/v1/runs/${'k'.repeat(256)}`, '', 'id'],
  ])('refuses %s with the header %j', async (path, header, at) => {
    const { http } = await startService();
    const request = http.put(path).send({});
    const { body } = await (header === '' ? request : request.set('Idempotency-Key', header));
    expect(body).toMatchObject({ type: '/problems/invalid-request', errors: [{ at }] });
  });

  it('takes a key of 255 letters, percent-encoded', async () => {
    const { http } = await startService();
    await http
      .put(`/v1/runs/${'%2B'.repeat(255)}?wait=1`)
      .send({})
      .expect(200);
  });
});

describe('GET /v1/runs/{id}/result', () => {
  it('is 404 until the run ends', async () => {
    const { http, runId, release } = await startBusyService();
    const response = await http.get(`/v1/runs/${runId}/result`).expect(404);
    expect(response.body).toMatchObject({ type: '/problems/run-pending', runId });
    expect(response.headers['retry-after']).toBe('1');

    const waiting = http.get(`/v1/runs/${runId}/result`).set('Prefer', 'wait=30');
    const [result] = await Promise.all([waiting, http.get('/health/live').then(release)]);
    expect(result.status).toBe(200);
    expect(result.body).toMatchObject({ id: runId, status: 'succeeded' });
    expect(result.headers['preference-applied']).toBe('wait=30');
  });

  it('is 409 with the run where it failed, whatever for', async () => {
    const { http, run } = await startService({ days: badDays });
    const { runId, run: failed } = (await run()).body;
    const { body } = await http.get(`/v1/runs/${runId}/result`).expect(409);
    expect(body).toMatchObject({ type: '/problems/run-failed', status: 409, runId, run: failed });
    expect(body.detail).toContain('Day 0: orders.csv, line 2');
  });

  it('is 404 run-not-found for a run that nobody knows', async () => {
    const { http } = await startService();
    const { body } = await http.get('/v1/runs/unknown/result?wait=1').expect(404);
    expect(body.type).toBe('/problems/run-not-found');
  });
});

describe('POST /v1/runs/{id}/cancel', () => {
  it('stops a run before its commit point', async () => {
    const { http, runId, release } = await startBusyService();
    const { body } = await http.post(`/v1/runs/${runId}/cancel`).expect(202);
    expect(body.id).toBe(runId);
    release();
    const result = await http.get(`/v1/runs/${runId}/result?wait=30`).expect(409);
    expect(result.body.detail).toMatch(/^The run was cancelled\./);
    expect(result.body.nextAction).toMatch(/^Start it again/);
    expect(result.body.run).toMatchObject({ status: 'cancelled', commit: null });
  });

  it('takes a queued run out of the queue at once', async () => {
    const { http } = await startBusyService();
    const queued = await http.post('/v1/runs').send({ select: 'all' }).expect(202);
    const { body } = await http.post(`/v1/runs/${queued.body.id}/cancel`).send({}).expect(200);
    expect(body.status).toBe('cancelled');
  });

  it('finds the run by its key too', async () => {
    const { http } = await startBusyService();
    await http.put('/v1/runs/nightly').send({ select: 'all' }).expect(202);
    await http.put('/v1/runs/later').send({ select: 'all' }).expect(202);
    const { body } = await http.post('/v1/runs/later/cancel').expect(200);
    expect(body).toMatchObject({ status: 'cancelled', key: 'later' });
  });
});
