/** One line for each change that is asked for, done or refused, and for each login that failed. */
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startService, type TestService } from './support.js';

const settings = {
  READ_TOKEN: 'dashboard:may-read',
  OPERATE_TOKEN: 'airflow:may-operate,may-operate-too',
};
const days = { '0': [{ hour: 8, produce: 2 }] };

/** They are written once the answer is out. */
const auditOf = ({ logLines }: TestService, length: number) =>
  eventually(() => {
    const lines = logLines.filter(({ audit }) => audit === true);
    expect(lines).toHaveLength(length);
    return lines;
  });

describe('the audit', () => {
  it('says who did what, from where, and what came of it', async () => {
    const test = await startService({ settings, days });
    const run = await test.http
      .post('/v1/runs?wait=30')
      .auth('may-operate', { type: 'bearer' })
      .send({ select: 'all' })
      .expect(200);
    await test.http.delete('/v1/checkpoint').auth('x', 'may-operate-too').expect(200);
    expect(await auditOf(test, 2)).toEqual([
      expect.objectContaining({
        who: 'airflow',
        from: '127.0.0.1',
        method: 'POST',
        path: '/v1/runs',
        action: 'startRun',
        outcome: 'done',
        status: 200,
        location: `/v1/runs/${run.body.id}`,
        asked: expect.stringContaining('"select":"all"'),
        requestId: run.headers['x-request-id'],
      }),
      expect.objectContaining({ who: 'operate-2', action: 'rewindEverything', outcome: 'done' }),
    ]);
  });

  it('has what was refused, and why', async () => {
    const test = await startService({ settings, days });
    await test.http.put('/v1/checkpoint').auth('may-read', { type: 'bearer' }).expect(403);
    await test.http.post('/v1/runs').expect(401);
    await test.http
      .post('/v1/runs')
      .auth('may-operate', { type: 'bearer' })
      .set('origin', 'http://elsewhere.example')
      .expect(403);
    await test.http
      .put('/v1/checkpoint')
      .auth('may-operate', { type: 'bearer' })
      .send({ day: '7' })
      .expect(409);
    await test.http
      .post('/v1/runs')
      .auth('may-operate', { type: 'bearer' })
      .send({ password: 'hunter2' })
      .expect(400);
    const lines = await auditOf(test, 5);
    expect(lines.map(({ who, action, outcome }) => [who, action, outcome])).toEqual([
      ['dashboard', 'rewindCheckpoint', 'forbidden'],
      ['anyone', 'startRun', 'unauthorized'],
      ['anyone', 'startRun', 'cross-origin'],
      ['airflow', 'rewindCheckpoint', expect.stringMatching(/^(day-unknown|checkpoint-ahead)$/)],
      ['airflow', 'startRun', 'invalid-request'],
    ]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('has logins that failed, though they change nothing, and not those who read', async () => {
    const test = await startService({ settings });
    await test.http.get('/v1/days').auth('may-read', { type: 'bearer' }).expect(200);
    await test.http.get('/v1/days?token=may-read').auth('guess', { type: 'bearer' }).expect(401);
    const lines = await auditOf(test, 1);
    expect(lines[0]).toMatchObject({ from: '127.0.0.1', path: '/v1/days', msg: 'a login failed' });
    expect(JSON.stringify(lines)).not.toMatch(/guess|may-read/);
  });

  it('believes a proxy about where a request is from only where it is told to', async () => {
    for (const [trusted, from] of [
      ['127.0.0.1', '203.0.113.9'],
      ['192.0.2.1', '127.0.0.1'],
    ] as const) {
      const test = await startService({ settings: { ...settings, TRUST_PROXY: trusted } });
      await test.http.post('/v1/runs').set('x-forwarded-for', '203.0.113.9').expect(401);
      expect((await auditOf(test, 1))[0]).toMatchObject({ from });
    }
  });

  it('keeps no more of a long request than is needed', async () => {
    const test = await startService({ settings, days });
    const many = Array.from({ length: 5_000 }, (_, n) => String(n));
    await test.http
      .post('/v1/runs')
      .auth('may-operate', { type: 'bearer' })
      .send({ days: many })
      .expect(409);
    const [line] = await auditOf(test, 1);
    expect(String(line?.['asked']).length).toBeLessThan(1_100);
  });
});
