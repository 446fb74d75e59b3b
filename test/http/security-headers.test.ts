/** What browsers are told with every answer, whatever it is. */
import { describe, expect, it } from 'vitest';
import { exchange, parseAnswer } from '../faults/http-wire.js';
import { startService } from './support.js';

const policy =
  "default-src 'self';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';frame-ancestors 'none';base-uri 'none';form-action 'none'";

const settings = { OPERATE_TOKEN: 'may-operate' };

describe('every answer', () => {
  it.each<[string, string, string, number]>([
    ['an answer', 'GET', '/health/live', 200],
    ['a problem explained', 'GET', '/problems/run-failed', 200],
    ['a refusal at the door', 'GET', '/v1/days', 401],
    ['a route that is none', 'GET', '/nowhere', 401],
    ['a path that is none', 'GET', '/%zz', 400],
  ])('is strict with browsers: %s', async (_, method, path, expected) => {
    const { address } = await startService({ settings });
    const bytes = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    const { status, headers } = parseAnswer(await exchange(address, bytes));
    expect(status).toBe(expected);
    expect(headers).toMatchObject({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

describe('Swagger UI', () => {
  it('holds nothing that its policy forbids', async () => {
    const { http } = await startService();
    const page = await http.get('/docs/').redirects(1).expect(200);
    const allowed = String(page.headers['content-security-policy']);
    expect(allowed).toContain("script-src 'self';");
    expect(allowed).toContain("style-src 'self' 'unsafe-inline'");
    // Scripts are files of this service; none stands in the page, and none in an attribute.
    for (const [, attributes = '', text = ''] of page.text.matchAll(
      /<script([^>]*)>([\s\S]*?)<\/script>/g,
    )) {
      expect(text.trim()).toBe('');
      expect(attributes).toMatch(/ src="(\.|\/docs)\/static\/[^"]+"/);
    }
    expect(page.text).not.toMatch(/\son[a-z]+=|(src|href)="(https?:)?\/\//);
  });

  it('keeps its own policy to itself', async () => {
    const { http } = await startService();
    const { headers } = await http.get('/openapi.json').expect(200);
    expect(headers['content-security-policy']).toBe(policy);
  });
});
