/** How the page is served: by anyone's leave, cached as its parts allow, and behind a strict policy. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { dashboard } from '../../src/http/dashboard.js';
import { startService } from '../http/support.js';

const built = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));
const tokens = { READ_TOKEN: 'may-read', OPERATE_TOKEN: 'may-operate' };

async function assetsOf(html: string): Promise<string[]> {
  return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
}

describe('the page', () => {
  it('is open without a token, and asked for anew each time', async () => {
    const { http } = await startService({ settings: tokens });
    const { status, headers, text } = await http.get('/');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html; charset=utf-8/i);
    expect(headers['cache-control']).toBe('no-cache');
    expect(text).toBe(await readFile(`${built}index.html`, 'utf8'));
    const again = await http.get('/').set({ 'if-none-match': headers['etag'] ?? '' });
    expect(again.status).toBe(304);
  });

  it('allows nothing from elsewhere and nothing inline', async () => {
    const { http } = await startService();
    const { headers, text } = await http.get('/');
    const policy = headers['content-security-policy'] ?? '';
    for (const directive of [
      "default-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ])
      expect(policy).toContain(directive);
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(text).not.toMatch(/<style|<script(?![^>]* src=)|https?:\/\/|style="/);
  });

  it('has assets that never need to be asked for again', async () => {
    const { http } = await startService({ settings: tokens });
    const paths = await assetsOf((await http.get('/')).text);
    expect(paths.length).toBeGreaterThanOrEqual(3);
    for (const path of paths) {
      const { status, headers } = await http.get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(path).toMatch(/^\/assets\/.+-[\w-]{8}\.\w+$/);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  it('does not lead out of its folder', async () => {
    const { http } = await startService();
    for (const path of [
      '/assets/../index.html',
      '/assets/%2e%2e/main.js',
      '/assets/..%2fmain.js',
      '/assets/nothing.js',
      '/assets/',
    ]) {
      const { status, body } = await http.get(path);
      expect([path, status, body.type]).toEqual([path, 404, '/problems/not-found']);
    }
  });

  it('says how to build it where it was not built', async () => {
    const app = Fastify();
    await app.register(dashboard, { folder: '/nowhere/' });
    const { statusCode, body, headers } = await app.inject('/');
    expect(statusCode).toBe(404);
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(body).toContain('npm run build:dashboard');
  });
});
