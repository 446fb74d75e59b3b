import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startService } from './support.js';

const settings = { READ_TOKEN: 'may-read', OPERATE_TOKEN: 'may-operate' };
const basic = (password: string) =>
  `Basic ${Buffer.from(`airflow:${password}`).toString('base64')}`;

const reading = [
  '/v1/days',
  '/v1/checkpoint',
  '/v1/runs',
  '/v1/output',
  '/metrics',
  '/health/ready',
  '/docs/static/index.html',
  '/openapi.json',
  '/nowhere',
];

describe('without a token', () => {
  it.each(reading)('%s is closed, and says how to come in', async (path) => {
    const { http } = await startService({ settings });
    const { status, headers, body } = await http.get(path);
    expect([status, body.type]).toEqual([401, '/problems/unauthorized']);
    expect(headers['www-authenticate']).toMatch(/^Bearer .*Basic /);
  });

  it('liveness is open', async () => {
    const { http } = await startService({ settings });
    expect((await http.get('/health/live')).status).toBe(200);
  });
});

describe('with a token that is not right', () => {
  it.each([
    'Bearer may-rea',
    'Bearer may-read2',
    'Bearer',
    'Bearer  ',
    'may-operate',
    'Token may-operate',
    'Basic may-operate',
    basic('wrong'),
    basic(''),
    `Basic ${Buffer.from('may-operate').toString('base64')}`,
    'Bearer may-read may-operate',
  ])('%j opens nothing', async (authorization) => {
    const { http } = await startService({ settings });
    expect((await http.get('/v1/days').set({ authorization })).status).toBe(401);
  });

  it('a token in the query opens nothing', async () => {
    const { http } = await startService({ settings });
    expect((await http.get('/v1/days?token=may-operate&access_token=may-operate')).status).toBe(
      401,
    );
  });
});

describe('the read token', () => {
  it.each(['Bearer may-read', 'bearer may-read', basic('may-read')])(
    'as %j reads',
    async (authorization) => {
      const { http } = await startService({ settings });
      expect((await http.get('/v1/days').set({ authorization })).status).toBe(200);
      expect((await http.head('/v1/days').set({ authorization })).status).toBe(200);
    },
  );

  it('changes nothing', async () => {
    const { http, outputFile } = await startService({
      settings,
      days: { '0': [{ hour: 1, dairy: 1 }] },
    });
    const authorization = 'Bearer may-read';
    for (const [method, path] of [
      ['post', '/v1/runs'],
      ['put', '/v1/runs/key'],
      ['post', '/v1/runs/key/cancel'],
      ['put', '/v1/checkpoint'],
      ['delete', '/v1/checkpoint'],
    ] as const) {
      const { status, body } = await http[method](path).set({ authorization });
      expect([path, status, body.type]).toEqual([path, 403, '/problems/forbidden']);
    }
    expect(existsSync(outputFile)).toBe(false);
  });
});

describe('the operate token', () => {
  it.each(['Bearer may-operate', basic('may-operate')])(
    'as %j does everything',
    async (authorization) => {
      const { http } = await startService({ settings, days: { '0': [{ hour: 1, dairy: 1 }] } });
      const run = await http.post('/v1/runs?wait=30').set({ authorization });
      expect(run.status).toBe(200);
      expect((await http.get('/v1/days').set({ authorization })).status).toBe(200);
    },
  );

  it('is in no log line', async () => {
    const { http, logLines } = await startService({
      settings: { ...settings, LOG_LEVEL: 'trace' },
    });
    await http.get('/v1/days').set({ authorization: 'Bearer may-operate' });
    await http.get('/v1/days').set({ authorization: 'Bearer not-right' });
    const log = JSON.stringify(logLines);
    for (const secret of ['may-operate', 'may-read', 'not-right'])
      expect(log).not.toContain(secret);
  });
});
