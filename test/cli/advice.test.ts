/** What the command line advises is commands: whatever message of the service names a route, and wherever it is asked. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inCommands, optionsAgain } from '../../src/cli/in-commands.js';
import { problemSlugs, problems } from '../../src/model/problems.js';
import { startTestService } from '../support/service.js';
import { makePlace } from './daymark.js';

/** Messages are made here; what describes routes to readers of the OpenAPI document is none. */
const folders = [
  'model',
  'core',
  'raw',
  'output',
  'engine',
  'checkpoint',
  'stamps',
  'disk',
  'http/views',
];
const isComment = /^\s*(\/?\*|\/\/)/;
/** Read by programs, or on the pages of /problems alone. */
const isNoMessage = /^\s*(when:|instance:|type:)/;

const lines = folders
  .flatMap((folder) =>
    readdirSync(`src/${folder}`, { recursive: true, encoding: 'utf8' }).map(
      (name) => `src/${folder}/${name}`,
    ),
  )
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => [path, line.trim()] as const),
  )
  .filter(([, line]) => !isComment.test(line) && !isNoMessage.test(line));

/** With a day and a run in the place of what is filled in. */
const messages = lines
  .filter(([, line]) => /\b(GET|POST|PUT|DELETE) (\/v1|\$)|`Retry-After`|`Location`/.test(line))
  .map(([path, line]) => [path, line.replace(/\$\{route\}/, '/v1/days/{day}')] as const);

const ofApi = /\/v1\b|\bGET\b|Retry-After|`Location`|Authorization|Prefer:/;
const command = /`daymark ([a-z]+)(?: (?:get|rewind|reset))?[^`]*`/g;
const known = readdirSync('src/cli/commands').map((name) => name.replace('.ts', ''));

function expectCommands(text: string): void {
  expect(text).not.toMatch(ofApi);
  for (const [, name] of text.matchAll(command)) expect(known).toContain(name);
}

describe('every message that names a route', () => {
  it('is found', () => {
    expect(messages.length).toBeGreaterThan(8);
  });

  it.each(messages)('%s: %s', (_, line) => {
    expectCommands(inCommands(line));
  });

  it('names it with its method, by which it is known for one', () => {
    // `url:` and `location` are for programs.
    const bare = lines.filter(
      ([path, line]) =>
        /\/v1\//.test(line) &&
        !/(GET|POST|PUT|DELETE) \/v1/.test(line) &&
        !/whyOf\(|\/api\/v1/.test(line) &&
        path !== 'src/model/problems.ts',
    );
    expect(bare).toEqual([]);
  });

  it.each(problemSlugs)('what to do about %s', (slug) => {
    expectCommands(inCommands(problems[slug].nextAction));
  });
});

describe('commands', () => {
  it('stand for routes, and bring the options with which the same is asked', () => {
    expect(inCommands('See GET /v1/days, GET /v1/days/3 or GET /v1/plan; POST /v1/runs.')).toBe(
      'See `daymark days`, `daymark days 3` or `daymark plan`; `daymark run`.',
    );
    const options = optionsAgain({ url: 'http://localhost:3000', 'token-file': undefined });
    expect(inCommands('See GET /v1/runs/{id}.', options)).toBe(
      'See `daymark status --url http://localhost:3000`.',
    );
    expect(inCommands('POST /v1/runs/7/cancel')).toBe('POST /v1/runs/7/cancel');
  });

  it('repeat no option that would have to be quoted', () => {
    expect(optionsAgain({ url: 'http://localhost:3000/a"b' })).toBe('');
    expect(optionsAgain({ 'token-file': "/it's here" })).toBe('');
  });
});

describe('the command line', () => {
  it('without a server names commands', async () => {
    const place = await makePlace();
    const { stderr } = await place.daymark('run', '--days', '9', '-q');
    expect(stderr).toMatch(/^ {2}next: {2}.*`daymark days`/m);
    expect(stderr.replace(/^ *where:.*$/m, '')).not.toMatch(ofApi);
  });

  it('with --url names commands with --url, and with DAYMARK_URL without', async () => {
    const service = await startTestService();
    const place = await makePlace();
    const given = await place.daymark('run', '--url', service.url, '--days', '9', '-q');
    expect(given.stderr).toContain(`\`daymark days --url ${service.url}\``);
    const known = await makePlace({ DAYMARK_URL: service.url });
    const { stderr } = await known.daymark('run', '--days', '9', '-q');
    expect(stderr).toContain('`daymark days`');
    expect(stderr).not.toContain('--url');
  });
});
