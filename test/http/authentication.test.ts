import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exchange, parseAnswer } from '../faults/http-wire.js';
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

describe('several tokens of a kind', () => {
  const rotation = { READ_TOKEN: 'old-r,page:new-r', OPERATE_TOKEN: 'airflow:old-o, new-o' };

  it.each<[string, number, number]>([
    ['old-r', 200, 403],
    ['new-r', 200, 403],
    ['old-o', 200, 202],
    ['new-o', 200, 202],
    // Neither the name nor the list is a token.
    ['page:new-r', 401, 401],
    ['airflow', 401, 401],
    ['old-r,page:new-r', 401, 401],
    ['old-o, new-o', 401, 401],
  ])('%j reads with %i and changes with %i', async (token, reads, changes) => {
    const { http } = await startService({ settings: rotation });
    for (const authorization of [`Bearer ${token}`, basic(token)]) {
      expect((await http.get('/v1/days').set({ authorization })).status).toBe(reads);
      expect((await http.post('/v1/runs').set({ authorization })).status).toBe(changes);
    }
  });
});

describe('the challenge', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['a person’s browser', { 'sec-fetch-dest': 'document' }, true],
    ['a client that is no browser', {}, true],
    ['a page that fetches', { 'sec-fetch-dest': 'empty' }, false],
    ['who shows a wrong Bearer', { authorization: 'Bearer wrong' }, false],
  ])('to %s offers what it can use', async (_, headers, offersBasic) => {
    const { http } = await startService({ settings });
    const challenge = (await http.get('/v1/days').set(headers)).headers['www-authenticate'];
    expect(challenge).toMatch(/^Bearer realm="Daymark"/);
    expect(/Basic/.test(String(challenge))).toBe(offersBasic);
  });
});

describe('paths', () => {
  it.each([
    '/health/live/../../v1/days',
    '/health/live%2f..%2f..%2fv1%2fdays',
    '/health/live/',
    '/health/live/x',
    '//health/live',
    '/HEALTH/LIVE',
    '/assets/../v1/days',
    '/assets/..%2fv1%2fdays',
    '/v1/days?/health/live',
    '/v1/days/%2e%2e/%2e%2e/health/live',
    '/v1//days',
    '/v1/days;/health/live',
  ])('%j is no way around the door', async (path) => {
    const { address } = await startService({ settings });
    const bytes = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    expect(parseAnswer(await exchange(address, bytes)).status).toBe(401);
  });

  const tricks = [
    '..',
    '../../etc',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f%2e%2e',
    '%2fetc%2fpasswd',
    '0%00.csv',
    '0%2f..%2f..',
    '..%5c..%5c',
    '_daymark',
    '.hidden',
  ];

  it.each(tricks)('the day %j leads nowhere', async (day) => {
    const { address, rawDir } = await startService({ days: { '0': [{ hour: 8, dairy: 1 }] } });
    await writeFile(join(rawDir, '..', 'orders.csv'), 'not,for,you\n');
    for (const path of [`/v1/days/${day}`, `/v1/days/${day}/receipt`, `/v1/output?day=${day}`]) {
      const bytes = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
      const { status, body } = parseAnswer(await exchange(address, bytes));
      expect([path, [400, 404].includes(status)]).toEqual([path, true]);
      expect(body).not.toContain('not,for,you');
    }
  });

  it.each(tricks)('the run key %j names no file', async (key) => {
    const { address, outputFile } = await startService({
      days: { '0': [{ hour: 8, dairy: 1 }] },
    });
    const before = await readdir(join(outputFile, '..', '..'), { recursive: true });
    const bytes = `PUT /v1/runs/${key}?wait=30 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    expect([200, 400, 404]).toContain(parseAnswer(await exchange(address, bytes)).status);
    const after = await readdir(join(outputFile, '..', '..'), { recursive: true });
    const added = after.filter((path) => !before.includes(path));
    const own = /^processed\/(orders\.csv|_daymark(\/|$))/;
    expect(added.filter((path) => !own.test(path))).toEqual([]);
    const records = added.filter((path) => path.startsWith('processed/_daymark/orders.csv/runs/'));
    const ours = /\/runs\/([0-9a-f-]{36}\.json|keys(\/[0-9a-f]{64}(\/[0-9]+\.json)?)?)$/;
    for (const path of records) expect(path).toMatch(ours);
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
