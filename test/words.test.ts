/** Messages and pages speak plain English, and name settings in full. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingNames } from '../src/config/settings.js';

const isComment = /^\s*(\/?\*|\/\/)/;
const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .map((line, index) => `${path}:${index + 1}: ${line.trim()}`);
const messages = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .flatMap((name) => linesOf(`src/${name}`).filter((_, at, all) => !isCommentAt(all[at] ?? '')))
  .filter((line) => /['`"]|^\S+ [A-Z{][^=;]*$/.test(line));
const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].flatMap(linesOf);

function isCommentAt(line: string): boolean {
  return isComment.test(line.replace(/^\S+ /, ''));
}

/** Without what stands in one place only, as the schema of the settings itself. */
const shortNames = settingNames
  .map((name) => name.replace('DAYMARK_', ''))
  .filter((name) => name.includes('_'));

it('no message and no page names a setting without its prefix', () => {
  expect(messages.length).toBeGreaterThan(1000);
  const partial = new RegExp(`(?<![A-Z_}])(${shortNames.join('|')})(?![A-Z_])`);
  const own = /^src\/process\/compiled-file\.ts:/;
  expect([...messages, ...pages].filter((line) => partial.test(line) && !own.test(line))).toEqual(
    [],
  );
});

it.each([
  /\banew\b/i,
  /\b[Mm]end(s|ing)?\b/,
  /\bwhatever is none\b/,
  /\bas they shall\b/,
  /\bfor who\b/,
])('none says %s', (archaic) => {
  const code = /raw-listing\.ts/;
  expect([...messages, ...pages].filter((line) => archaic.test(line) && !code.test(line))).toEqual(
    [],
  );
});
