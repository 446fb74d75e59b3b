import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Setting, variableOf } from '../../src/config/setting.js';
import { settingGroups } from '../../src/config/settings.js';

const [begin, end] = [
  '<!-- settings: made from src/config by `npm run docs` -->',
  '<!-- end of settings -->',
];

/** Written by `npm run docs`; a setting that changes without its row fails here. */
it('the README says of each setting what the registry says', async () => {
  const readme = await readFile('README.md', 'utf8');
  const [before = '', ...rest] = readme.split(begin);
  const after = rest.join(begin).split(end)[1];
  expect(after).toBeDefined();
  const tables = settingGroups.map(({ title, settings }) => {
    const rows = Object.entries(settings).map(rowOf);
    return `### ${title}\n\n| variable | default | meaning |\n| --- | --- | --- |\n${rows.join('\n')}`;
  });
  const page = [before, begin, '\n\n', tables.join('\n\n'), '\n\n', end, after].join('');
  await expect(page).toMatchFileSnapshot('../../README.md');
});

function rowOf([name, { default: fallback, unset, sentence }]: [string, Setting]): string {
  const shown = unset ?? (fallback ? `\`${fallback}\`` : 'none');
  return `| \`${variableOf(name)}\` | ${shown} | ${sentence} |`;
}
