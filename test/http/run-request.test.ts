import { describe, expect, it } from 'vitest';
import { startService } from './support.js';

describe('what POST /v1/runs refuses', () => {
  it.each([
    [{ select: 'some' }, 'select', 'must be one of: pending, new, all'],
    [{ select: 'all', days: ['1'] }, 'select', 'cannot be given together with days'],
    [{ days: [] }, 'days', 'must have at least 1 entry'],
    [{ days: ['01'] }, 'days.0', 'must be a non-negative integer without leading zeros, such as 3'],
    [{ days: ['1', -1] }, 'days.1', expect.stringContaining('non-negative')],
    [{ days: [1.5] }, 'days.0', expect.stringContaining('non-negative')],
    [{ days: [true] }, 'days.0', 'must be a day, such as "3"'],
    [{ days: '1' }, 'days', 'must be an array'],
    [{ dryRun: 'yes' }, 'dryRun', 'must be a boolean'],
    [{ engine: 'abacus' }, 'engine', expect.stringMatching(/^must be one of: /)],
    [{ ifActive: 'hope' }, 'ifActive', 'must be one of: queue, attach, reject'],
    [[], 'body', 'must be an object'],
    [null, 'body', 'must be an object'],
    [
      { day: '1' },
      'day',
      'is not known here; known: select, days, dryRun, engine, onDayFailure, ifActive',
    ],
  ])('the body %j', async (body, at, message) => {
    const { http } = await startService();
    const response = await http
      .post('/v1/runs')
      .type('json')
      .send(JSON.stringify(body))
      .expect(400);
    expect(response.body.errors).toEqual([{ at, message }]);
    expect(response.body.detail).toContain(`${at} `);
  });

  it('a key named __proto__', async () => {
    const { http } = await startService();
    const response = await http.post('/v1/runs').type('json').send('{"__proto__":{"a":1}}');
    expect(response.body.errors).toMatchObject([{ at: '__proto__' }]);
  });

  it('more than 10,000 days', async () => {
    const { http } = await startService();
    const days = Array.from({ length: 10_001 }, (_, day) => day);
    const { body } = await http.post('/v1/runs').send({ days }).expect(400);
    expect(body.errors).toEqual([{ at: 'days', message: 'must have at most 10000 entries' }]);
  });

  it('many bad days with a short answer', async () => {
    const { http } = await startService();
    const days = Array.from({ length: 500 }, () => 'x');
    const { body } = await http.post('/v1/runs').send({ days }).expect(400);
    expect(body.errors).toHaveLength(20);
    expect(body.detail).toMatch(/\(and 499 more\)\.$/);
  });

  it.each(['3601', '-1', '1.5', 'soon', ''])('a wait of %j seconds', async (wait) => {
    const { http } = await startService();
    const { body } = await http.post(`/v1/runs?wait=${wait}`).send({}).expect(400);
    expect(body.errors).toEqual([{ at: 'wait', message: 'must be an integer from 0 to 3600' }]);
  });

  it('a parameter that comes twice', async () => {
    const { http } = await startService();
    const { body } = await http.post('/v1/runs?wait=1&wait=2').send({}).expect(400);
    expect(body.errors).toEqual([{ at: 'wait', message: 'is given more than once' }]);
  });

  it('a form, and tells how to send JSON', async () => {
    const { http } = await startService();
    const { body } = await http.post('/v1/runs?wait=1').type('form').send('select=all').expect(415);
    expect(body.detail).toMatch(
      /^The body is application\/x-www-form-urlencoded\. Send JSON: curl -X POST -H 'Content-Type: application\/json' -d '\{\}' http:\/\/127\.0\.0\.1:\d+\/v1\/runs$/,
    );
  });

  it('a body without a content type', async () => {
    const { address } = await startService();
    const body = new Blob(['{}']);
    const response = await fetch(`${address}/v1/runs`, { method: 'POST', body });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      detail: expect.stringMatching(/^The body has no content type\./),
    });
  });

  it('bytes that are no UTF-8', async () => {
    const { address } = await startService();
    const response = await fetch(`${address}/v1/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(await response.json()).toMatchObject({ type: '/problems/invalid-json' });
  });
});
