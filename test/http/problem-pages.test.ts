/** The `type` of a problem leads somewhere: to what it means, for people and for programs. */
import { describe, expect, it } from 'vitest';
import { problemSlugs, problems } from '../../src/model/problems.js';
import { startService } from './support.js';

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const settings = { OPERATE_TOKEN: 'may-operate' };

/** As a browser would show it. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

describe('/problems', () => {
  it('says of every type, without a token, what the registry says', async () => {
    const { http } = await startService({ settings });
    const { body } = await http.get('/problems').expect(200);
    expect(body.problems).toHaveLength(problemSlugs.length);
    for (const slug of problemSlugs) {
      const one = await http.get(`/problems/${slug}`).expect(200);
      expect(one.headers).toMatchObject({ vary: 'accept' });
      expect(one.body).toEqual({ type: `/problems/${slug}`, ...problems[slug] });
      expect(body.problems).toContainEqual(one.body);
    }
  });

  it('is a page for browsers, each linked with the list', async () => {
    const { http } = await startService({ settings });
    const list = await http.get('/problems').set('accept', browser).expect(200);
    expect(list.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const slug of problemSlugs) {
      expect(list.text).toContain(`<a href="/problems/${slug}">`);
      const { text, headers } = await http.get(`/problems/${slug}`).set('accept', browser);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(text).toContain('<a href="/problems">');
      const shown = textOf(text);
      const { title, status, when, nextAction } = problems[slug];
      for (const part of [title, String(status), slug]) expect(shown).toContain(part);
      for (const part of [when, nextAction]) expect(shown).toContain(part.replaceAll('`', ''));
      expect(text).not.toMatch(/<script|<style|style=|\son[a-z]+=|`/);
    }
  });

  it('is where the type of a refusal leads', async () => {
    const { http } = await startService({ settings });
    const refusal = await http.get('/v1/days').expect(401);
    const { body } = await http.get(refusal.body.type).expect(200);
    expect(body).toMatchObject({ title: refusal.body.title, nextAction: refusal.body.nextAction });
  });

  it('knows no other', async () => {
    const { http } = await startService();
    const { body } = await http.get('/problems/constructor').expect(404);
    expect(body).toMatchObject({
      type: '/problems/not-found',
      detail: expect.stringContaining('/problems'),
    });
  });
});
