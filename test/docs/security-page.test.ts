/** docs/SECURITY.md names tests as proof: they must be there, and be called what it calls them. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { settingNames } from '../../src/config/settings.js';

const page = await readFile('docs/SECURITY.md', 'utf8');

/** `test/…` with the titles that stand behind it. */
const named = [...page.matchAll(/`(test\/[^`]+)`((?:,? "[^"]+")*)/g)].map(
  ([, file = '', titles = '']): [string, string[]] => [
    file,
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  ],
);

describe('docs/SECURITY.md', () => {
  it('has each of the ten risks, with a test', () => {
    const risks = page.split('\n').filter((line) => /^\| API\d+ /.test(line));
    expect(risks.map((line) => /API(\d+)/.exec(line)?.[1])).toEqual(
      Array.from({ length: 10 }, (_, n) => String(n + 1)),
    );
    for (const risk of risks) expect(risk).toMatch(/`test\/[^`]+\.test\.ts`/);
  });

  it.each(named)('%s has the tests %j', async (file, titles) => {
    const source = await readFile(file, 'utf8');
    for (const title of titles) expect(source).toContain(title);
  });
});

describe('the settings', () => {
  it('that a page speaks of exist', () => {
    for (const [name] of page.matchAll(/DAYMARK_[A-Z_]+/g)) expect(settingNames).toContain(name);
  });
});
