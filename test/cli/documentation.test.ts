/** docs/CLI.md: its commands are run one after the other as they stand there, and its tables are the code's. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExitCode, exitCodes, exitMeanings } from '../../src/cli/exit-codes.js';
import { verdicts } from '../../src/model/verdict.js';
import { startTestService } from '../support/service.js';
import { binary, makePlace, type Place, startProcess } from './daymark.js';

const page = await readFile('docs/CLI.md', 'utf8');

/** With the status that its comment speaks of. */
interface Command {
  readonly script: string;
  readonly status: number;
}

function blocksIn(language: 'sh' | 'crontab'): Command[][] {
  const fences = [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))];
  return fences.map(([, text = '']) =>
    text
      .trim()
      .split('\n')
      .map((script) => ({ script, status: Number(/# exits with (\d+)/.exec(script)?.[1] ?? 0) })),
  );
}

/** `daymark` is on the PATH, and what a place usually overrides is as it is by default. */
async function startShell(place: Place) {
  const bin = join(place.root, 'bin');
  await mkdir(bin);
  await symlink(binary, join(bin, 'daymark'));
  const node = process.execPath.replace(/\/[^/]+$/, '');
  const env = { PATH: `${bin}:${node}:${process.env['PATH']}`, HOME: place.root, SHELL: 'bash' };
  return (script: string) => startProcess('bash', ['-c', script], place.root, env).ended;
}

it('the README has commands that work in its folder', async () => {
  const place = await makePlace();
  await place.land('0', [[8, { milk: 2 }]]);
  const readme = await readFile('README.md', 'utf8');
  const commands = [...readme.matchAll(/^npx daymark (\w+)/gm)].map(([, name = '']) => name);
  expect(commands).toEqual(['status', 'run', 'verify']);
  const env = { ...place.env, HOME: place.root };
  const status = await startProcess('npx', ['daymark', 'status'], '.', env).ended;
  expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining(place.outputFile) });
  for (const name of commands) expect((await place.daymark(name)).code).toBe(0);
  expect(await place.output()).toContain('0,8,milk,2\n');
});

describe('docs/CLI.md', () => {
  it('has commands that do what it says of them', async () => {
    const service = await startTestService();
    await service.land('0', [[8, { milk: 2 }]]);
    const run = await startShell(await makePlace());
    const inOrder = async (commands: readonly Command[]) => {
      for (const { script, status } of commands) {
        const here = script.replace('http://localhost:3000', service.url);
        const { code, stderr } = await run(here);
        expect([script, code, code === status ? '' : stderr]).toEqual([script, status, '']);
      }
    };
    const [tour = [], ...others] = blocksIn('sh');
    expect(tour.length).toBeGreaterThan(8);
    expect(others.length).toBeGreaterThan(3);
    // The tour makes what the others look at.
    await inOrder(tour);
    await Promise.all(others.map(inOrder));
    expect(await run('. ~/.bashrc && complete -p daymark')).toMatchObject({ code: 0 });
    // Some thirty processes, one after the other, each with a service of its own.
  }, 120_000);

  it('has a line for cron that is silent on success, and says what is wrong', async () => {
    const place = await makePlace();
    const run = await startShell(place);
    const [[line = { script: '' }] = []] = blocksIn('crontab');
    const script = line.script.replace(/^(\S+ ){5}/, '');
    expect(script).toMatch(/^daymark run /);
    await run('daymark generate --days 0');
    expect(await run(script)).toMatchObject({ code: 0, stdout: '', stderr: '' });

    await run('daymark generate --days 1 && echo 1,2 >> data/incremental/raw/1/orders_1.csv');
    const failed = await run(script);
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain('orders_1.csv, line');
  });

  it('has every exit status with its meaning', () => {
    const rows = [...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [
      Number(code),
      meaning,
    ]);
    const known = Object.entries(exitMeanings).map(([name, meaning]): [ExitCode, string] => [
      exitCodes[name as keyof typeof exitCodes],
      meaning,
    ]);
    expect(rows).toEqual(known);
  });

  it('has every verdict, and every command', () => {
    for (const verdict of verdicts) expect(page).toContain(`| \`${verdict}\` |`);
    const help = execFileSync(process.execPath, [binary, '--help'], { encoding: 'utf8' });
    const commands = [...help.matchAll(/^ {2}daymark (\w+)/gm)].map(([, name = '']) => name);
    expect(commands).toHaveLength(11);
    for (const name of commands) expect(page).toMatch(new RegExp(`^\\| \`${name}\\b`, 'm'));
  });
});
