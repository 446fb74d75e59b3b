/** The command line itself: help, mistakes, settings, `serve`, and what each exit status stands for. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { failureOf } from '../../src/cli/failure.js';
import { RequestFailure } from '../../src/client/request-failure.js';
import { type ProblemSlug, problems } from '../../src/model/problems.js';
import { version } from '../../src/process/version.js';
import { freePort } from '../support/free-port.js';
import { makePlace } from './daymark.js';

describe('help', () => {
  it('has examples for each command, and fits a terminal', async () => {
    const place = await makePlace();
    const commands = 'serve,run,status,days,plan,verify,checkpoint,checkpoint rewind,generate,init';
    const helps = await Promise.all(
      commands.split(',').map((words) => place.command(...words.split(' '), '--help')),
    );
    for (const [at, { code, stdout, stderr }] of helps.entries()) {
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`Examples:\n  daymark ${commands.split(',')[at]}`));
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  it('tells the version', async () => {
    const place = await makePlace();
    expect(await place.command('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});

describe('a mistake in the command line ends with 2, says what is wrong, and does nothing', () => {
  it.each([
    [[], 'Say what to do: name a command.'],
    [['verfy'], 'Did you mean verify?'],
    [['run', '--bogus'], 'Unknown argument: bogus'],
    [['run', '3'], 'Unknown argument: 3'],
    [['run', '--select', 'some'], 'Given: "some"'],
    [['run', '--days', '1,,2'], '--days "1,,2" holds an empty entry'],
    [['run', '--days', '1', '--select', 'all'], 'mutually exclusive'],
    [['run', '--days', 'x'], 'must be a non-negative integer'],
    [['run', '--wait', 'long'], '--wait is a number of seconds'],
    [['run', '--wait', '-1'], '--wait'],
    [['run', '--url'], 'Not enough arguments following: url'],
    [['days', '1', '--state', 'new'], '--state goes with all days'],
    [['days', '--state', 'odd'], 'odd'],
    [['days', '--token-file', 'x'], '--token-file goes with --url.'],
    [['checkpoint'], 'get, rewind or reset'],
    [['checkpoint', 'rewind'], 'Not enough non-option arguments'],
    [['checkpoint', 'rewind', 'x', '-y'], 'must be a non-negative integer'],
  ])('%j', async (args, sentence) => {
    const place = await makePlace();
    await place.land('0', [[8, { milk: 2 }]]);
    const { code, stdout, stderr } = await place.daymark(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain('See --help, which has examples.');
    expect(stderr).not.toMatch(/ at .*\.[jt]s:\d/);
    await expect(place.output()).rejects.toThrow('ENOENT');
  });
});

describe('settings', () => {
  it('that are not valid are all listed, and end with 78', async () => {
    const place = await makePlace({ DAYMARK_LAYOUT: 'weekly', DAYMARK_COLOUR: 'blue' });
    const { code, stderr } = await place.command('run');
    expect(code).toBe(78);
    expect(stderr).toContain('DAYMARK_LAYOUT');
    expect(stderr).toContain('DAYMARK_COLOUR');
  });

  it('of the doors do not matter where nothing listens', async () => {
    const place = await makePlace({ DAYMARK_HOST: '0.0.0.0', DAYMARK_READ_TOKEN: 'reader-secret' });
    await place.land('0', [[8, { milk: 2 }]]);
    expect((await place.daymark('run')).code).toBe(0);
  });

  it('that name an output where none can be kept end with 78', async () => {
    const place = await makePlace();
    await mkdir(place.outputFile, { recursive: true });
    const { code, stderr } = await place.daymark('run');
    expect(code).toBe(78);
    expect(stderr).toContain(place.outputFile);
  });
});

it('an output that is not ours is refused, and kept', async () => {
  const place = await makePlace();
  await place.land('0', [[8, { milk: 2 }]]);
  await mkdir(join(place.root, 'processed'));
  await writeFile(place.outputFile, 'a,b\n1,2\n');
  for (const command of ['run', 'verify']) {
    const { code, stderr } = await place.daymark(command);
    expect([command, code]).toEqual([command, 4]);
    expect(stderr).toContain('header');
  }
  expect(await place.output()).toBe('a,b\n1,2\n');
});

describe('the exit status of a problem says whose turn it is', () => {
  const codeOf = (slug: ProblemSlug) => {
    const { title, status, nextAction } = problems[slug];
    const type = `/problems/${slug}` as const;
    const problem = { type, title, status, detail: title, nextAction, requestId: '' };
    return failureOf(new RequestFailure({ ...problem, retryable: false }, 'GET /')).exitCode;
  };

  it.each([
    ['run-failed', exitCodes.found],
    ['checkpoint-drift', exitCodes.found],
    ['run-in-progress', exitCodes.unavailable],
    ['queue-full', exitCodes.unavailable],
    ['not-ready', exitCodes.unavailable],
    ['unauthorized', exitCodes.refused],
    ['day-not-found', exitCodes.refused],
    ['output-unreadable', exitCodes.refused],
    ['internal-error', exitCodes.defect],
  ] as const)('%s: %i', (slug, code) => {
    expect(codeOf(slug)).toBe(code);
  });

  it('is 70 for what nobody foresaw', () => {
    expect(failureOf(new Error('a broken invariant')).exitCode).toBe(exitCodes.defect);
  });
});

describe('daymark serve', () => {
  it('serves, as its options have it, until it is told to stop', async () => {
    const place = await makePlace({ DAYMARK_TOKEN: 'for-clients', DAYMARK_PORT: '1' });
    const port = await freePort();
    const own = ['--log-level', 'debug', '--engine', 'csv'];
    const serve = place.start(['serve', '--port', `${port}`, ...own]);
    await serve.said(/Daymark listens/);
    await place.land('0', [[8, { milk: 2 }]]);
    const run = await fetch(`http://127.0.0.1:${port}/v1/runs?wait=30`, { method: 'POST' });
    expect(await run.json()).toMatchObject({ engine: 'csv' });
    await serve.said(/"level":20/);
    const answer = await fetch(`http://127.0.0.1:${port}/health/live`);
    expect(answer.status).toBe(200);
    const second = await place.command('serve', '--port', `${port}`);
    expect(second).toMatchObject({ code: 1, stdout: expect.stringContaining('EADDRINUSE') });
    serve.child.kill('SIGTERM');
    expect((await serve.ended).code).toBe(0);
  });

  it('refuses to be open beyond loopback', async () => {
    const place = await makePlace();
    const { code, stderr } = await place.command('serve', '--host', '0.0.0.0', '--port', '0');
    expect(code).toBe(78);
    expect(stderr).toContain('DAYMARK_OPERATE_TOKEN');
  });
});
