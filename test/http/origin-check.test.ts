/** What a web page of another origin can make a person's browser send, and what is refused of it. */
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startService, type TestService } from './support.js';

type Headers = Readonly<Record<string, string>>;

const settings = { READ_TOKEN: 'may-read', OPERATE_TOKEN: 'may-operate' };
const basic = { authorization: `Basic ${Buffer.from('me:may-operate').toString('base64')}` };

const elsewhere = { origin: 'http://elsewhere.example' };
const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };

/** As a browser would send it: supertest would not let the test choose `Host`. */
function send({ address }: TestService, method: string, path: string, headers: Headers) {
  return new Promise<number>((resolve, reject) => {
    request(`${address}${path}`, { method, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });
}

describe('without tokens', () => {
  it.each<[string, Headers]>([
    ['another origin', elsewhere],
    ['an origin that hides', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['another site, by the browser’s word', { 'sec-fetch-site': 'cross-site' }],
    ['another port, by the browser’s word', { 'sec-fetch-site': 'same-site' }],
    ['a form of another site', { ...link, ...elsewhere, 'sec-fetch-dest': 'document' }],
  ])('a run cannot be started by a page of %s', async (_, headers) => {
    const test = await startService({ days: { '0': [{ hour: 8, produce: 2 }] } });
    expect(await send(test, 'POST', '/v1/runs', headers)).toBe(403);
    expect(await send(test, 'DELETE', '/v1/checkpoint', headers)).toBe(403);
    expect((await test.http.get('/v1/runs')).body.runs).toEqual([]);
  });

  it.each(['/v1/days', '/v1/output', '/docs', '/openapi.json', '/metrics', '/nowhere'])(
    '%s is not for other pages, nor under another name',
    async (path) => {
      const test = await startService();
      expect(await send(test, 'GET', path, elsewhere)).toBe(403);
      expect(await send(test, 'GET', path, { host: 'rebound.example' })).toBe(403);
    },
  );

  it.each([
    'rebound.example:3000',
    '127.0.0.1.rebound.example',
    'localhost.rebound.example',
    'rebound.example@localhost',
    '10.0.0.1',
    '[::2]',
  ])('the host %j is not this machine', async (host) => {
    expect(await send(await startService(), 'POST', '/v1/runs', { host })).toBe(403);
  });

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1', '127.1.2.3:80', '[::1]', '[::1]:3000'])(
    'the host %j is',
    async (host) => {
      expect(await send(await startService(), 'POST', '/v1/runs', { host })).toBe(202);
    },
  );

  it('its own pages may do everything', async () => {
    const test = await startService();
    const own = { origin: test.address };
    for (const site of [{}, { 'sec-fetch-site': 'same-origin' }]) {
      expect(await send(test, 'POST', '/v1/runs', { ...own, ...site })).toBe(202);
    }
    expect(await send(test, 'POST', '/v1/runs', { 'sec-fetch-site': 'none' })).toBe(202);
  });

  it('a link opens a page in a tab, not in a frame', async () => {
    const test = await startService();
    const tab = { ...link, 'sec-fetch-dest': 'document' };
    expect(await send(test, 'GET', '/openapi.json', tab)).toBe(200);
    expect(await send(test, 'GET', '/openapi.json', { ...link, 'sec-fetch-dest': 'iframe' })).toBe(
      403,
    );
    expect(await send(test, 'GET', '/v1/days', { ...tab, host: 'rebound.example' })).toBe(403);
  });

  it('no preflight is ever granted', async () => {
    const { http } = await startService();
    const { status, headers } = await http
      .options('/v1/runs')
      .set({ ...elsewhere, 'access-control-request-method': 'POST' });
    expect(status).toBe(403);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('with tokens', () => {
  it('any host name will do', async () => {
    const test = await startService({ settings });
    const named = { ...basic, host: 'daymark.example' };
    expect(await send(test, 'POST', '/v1/runs', named)).toBe(202);
    for (const scheme of ['http', 'https']) {
      const own = { ...named, origin: `${scheme}://daymark.example` };
      expect(await send(test, 'POST', '/v1/runs', own)).toBe(202);
    }
  });

  it('a page of another origin cannot use the token that the browser remembers', async () => {
    const test = await startService({ settings });
    for (const foreign of [elsewhere, { 'sec-fetch-site': 'cross-site' }]) {
      expect(await send(test, 'POST', '/v1/runs', { ...basic, ...foreign })).toBe(403);
    }
  });

  it('the browser’s word is taken where a proxy renames the host', async () => {
    const test = await startService({ settings });
    const behindProxy = { origin: 'https://public.example', 'sec-fetch-site': 'same-origin' };
    expect(await send(test, 'POST', '/v1/runs', { ...basic, ...behindProxy })).toBe(202);
  });

  it('reading is up to the tokens', async () => {
    const test = await startService({ settings });
    expect(await send(test, 'GET', '/v1/days', { ...basic, ...elsewhere })).toBe(200);
    expect(await send(test, 'GET', '/v1/days', elsewhere)).toBe(401);
  });
});
