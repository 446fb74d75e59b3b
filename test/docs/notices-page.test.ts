import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { degradingCodes, noticeCodes } from '../../src/model/notice.js';

it('docs/OBSERVABILITY.md lists every notice, and says which of them degrade', async () => {
  const page = await readFile('docs/OBSERVABILITY.md', 'utf8');
  const [, section = ''] = /^## Notices\n([\s\S]*?)^## /m.exec(page) ?? [];
  const rows = [...section.matchAll(/^\| `([\w-]+)` \| (degrades)? ?\| (.+) \|$/gm)];
  const told = rows.map(([, code, degrades]) => [code, degrades === 'degrades']);
  expect(told).toEqual(noticeCodes.map((code) => [code, degradingCodes.has(code)]));
});
