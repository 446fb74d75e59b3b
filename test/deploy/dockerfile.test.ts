/** What the image sets, read from its Dockerfile: building it takes an engine that is not everywhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { makeTempDir } from '../support/temp-dir.js';

const dockerfile = await readFile('Dockerfile', 'utf8');
const [, lastStage = ''] = /(?:^|\n)(FROM node:\S+\n(?:(?!\nFROM)[\s\S])*)$/.exec(dockerfile) ?? [];

it('the image sets nothing that a datasets file refuses', () => {
  expect(lastStage).toContain('ENV NODE_ENV=production');
  const set = [...lastStage.matchAll(/^(?:ENV| {4})\s*(DAYMARK_\w+)=/gm)].map(([, name]) => name);
  expect(set).toEqual([]);
});

it.each([
  ['by its defaults, below /data', null],
  ['with a datasets file in /data', 'data/daymark.yaml'],
])('serves %s, from the folder and by the command that the image has', async (_, datasets) => {
  const root = await makeTempDir();
  const workdir = lastStage.match(/^WORKDIR .*$/gm)?.at(-1);
  expect(workdir).toBe('WORKDIR /');
  const command = JSON.parse(/^CMD (\[.*\])$/m.exec(lastStage)?.[1] ?? '[]') as string[];
  await mkdir(join(root, 'data/processed'), { recursive: true });
  await cp('data/incremental/raw/0', join(root, 'data/incremental/raw/0'), { recursive: true });
  await mkdir(join(root, 'app'));
  await symlink(resolve('dist'), join(root, 'app/dist'));
  await writeFile(join(root, 'data/daymark.yaml'), declaration);
  const settings = datasets === null ? {} : { DAYMARK_DATASETS: join(root, datasets) };
  // As from the root of the container.
  const [node = '', main = ''] = command;
  const child = spawn(node, [join(root, main)], {
    cwd: root,
    env: { PATH: process.env['PATH'], DAYMARK_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = await addressOf(createInterface({ input: child.stdout }));
  const run = await fetch(`${url}/v1/runs?wait=20`, { method: 'POST' });
  expect(await run.json()).toMatchObject({ status: 'succeeded', commit: 1 });
  const output = await readFile(join(root, 'data/processed/orders.csv'), 'utf8');
  expect(output.split('\n', 1)).toEqual(['day_of_week,hour_of_day,category,items_count']);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

const declaration = `
datasets:
  orders:
    raw: incremental/raw/{day}/*.csv{,.gz}
    day: index
    wide:
      by: { hour_of_day: order_hour_of_day }
      ignore: [order_id, user_id, eval_set, order_number, order_dow, days_since_prior_order]
      category: category
      value: items_count
    output: processed/orders.csv
`;

async function addressOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const address = /"address":"([^"]+)"/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('the service did not start');
}
