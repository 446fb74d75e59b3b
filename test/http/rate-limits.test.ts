/** How much one address may ask for, and who is never turned away for it. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startService } from './support.js';

const tokens = { READ_TOKEN: 'may-read', OPERATE_TOKEN: 'may-operate' };

describe('wrong tokens', () => {
  it('are told to wait when there are too many, and are compared no less for it', async () => {
    const { http, logLines } = await startService({ settings: { ...tokens, LOGIN_LIMIT: '3' } });
    const guess = (token: string) => http.get('/v1/days').auth(token, { type: 'bearer' });
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await guess(`guess-${n}`)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);

    const refused = await http.get('/v1/days').auth('x', 'another-guess').expect(429);
    expect(refused.type).toBe('application/problem+json');
    expect(refused.body).toMatchObject({ type: '/problems/rate-limited', retryable: true });
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(logLines.filter(({ msg }) => msg === 'a login failed')).toHaveLength(3);

    // The same address, with a right token.
    await guess('may-read').expect(200);
    await http.post('/v1/runs').auth('x', 'may-operate').expect(202);
    await http.get('/v1/days').expect(401);
    await http.get('/health/live').auth('wrong', { type: 'bearer' }).expect(200);
  });

  it('count for a minute, also where the clock is put back', async () => {
    const { http } = await startService({ settings: { ...tokens, LOGIN_LIMIT: '1' } });
    const guess = () => http.get('/v1/days').auth('no', { type: 'bearer' });
    const wallClock = vi.spyOn(Date, 'now');
    onTestFinished(() => wallClock.mockRestore());
    await guess().expect(401);
    const hourAgo = Date.now() - 3_600_000;
    wallClock.mockReturnValue(hourAgo);
    const refused = await guess().expect(429);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    const later = performance.now() + 61_000;
    vi.spyOn(performance, 'now').mockReturnValue(later);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    await guess().expect(401);
  });

  it('of one address do not count for another', async () => {
    const { http } = await startService({
      settings: { ...tokens, LOGIN_LIMIT: '1', TRUST_PROXY: '127.0.0.1' },
    });
    const guessFrom = async (address: string) =>
      (await http.get('/v1/days').auth('no', { type: 'bearer' }).set('x-forwarded-for', address))
        .status;
    expect(await guessFrom('203.0.113.1')).toBe(401);
    expect(await guessFrom('203.0.113.1')).toBe(429);
    expect(await guessFrom('203.0.113.2')).toBe(401);
    expect(await guessFrom('2001:db8::1')).toBe(401);
    // The same subscriber, who has 2^64 addresses.
    expect(await guessFrom('2001:db8::2')).toBe(429);
  });

  it('cannot be shown under another address by those whom nobody trusts', async () => {
    const { http } = await startService({ settings: { ...tokens, LOGIN_LIMIT: '1' } });
    const statuses: number[] = [];
    for (const address of ['203.0.113.1', '203.0.113.2']) {
      const guess = http.get('/v1/days').auth('no', { type: 'bearer' });
      statuses.push((await guess.set('x-forwarded-for', address)).status);
    }
    expect(statuses).toEqual([401, 429]);
  });
});

describe('requests', () => {
  it('are bounded for each address, those of who watches aside', async () => {
    const { http } = await startService({ settings: { ...tokens, RATE_LIMIT: '2' } });
    const get = (path: string) => http.get(path).auth('may-read', { type: 'bearer' });
    await get('/v1/checkpoint').expect(200);
    await get('/nowhere').expect(404);
    const { body, headers } = await get('/v1/checkpoint').expect(429);
    expect(body.type).toBe('/problems/rate-limited');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    for (const path of ['/health/ready', '/metrics', '/health/live']) await get(path).expect(200);
  });

  it('are not counted where there are no tokens, nor with a limit of 0', async () => {
    for (const settings of [{ RATE_LIMIT: '1' }, { ...tokens, RATE_LIMIT: '0' }]) {
      const { http } = await startService({ settings });
      for (let n = 0; n < 5; n += 1) {
        await http.get('/v1/checkpoint').auth('may-read', { type: 'bearer' }).expect(200);
      }
    }
  });
});
