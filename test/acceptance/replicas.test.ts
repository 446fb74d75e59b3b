/**
 * Several services over one folder: what each knows of the others, as docs/SCALE.md tells. What they do to
 * each other's data at the worst moments is attacked in test/faults/concurrent-processes.test.ts.
 */
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outputHeader, rawText } from '../support/service.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

async function makePlace() {
  const root = await makeTempDir();
  const rawDir = join(root, 'raw');
  const processed = join(root, 'processed');
  const outputFile = join(processed, 'orders.csv');
  const runs = join(processed, '_daymark', 'orders.csv', 'runs');
  await mkdir(rawDir);
  return {
    runs,
    start: () => startServiceProcess({ DAYMARK_RAW_DIR: rawDir, DAYMARK_OUTPUT_FILE: outputFile }),
    land: async (day: string, items: number) => {
      await mkdir(join(rawDir, day), { recursive: true });
      await writeFile(join(rawDir, day, 'orders.csv'), rawText([[8, { milk: items }]]));
    },
    output: () => readFile(outputFile, 'utf8'),
  };
}

async function ask(service: ServiceProcess, method: string, path: string, key?: string) {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const response = await fetch(`${await service.url()}${path}`, { method, headers });
  // biome-ignore lint/suspicious/noExplicitAny: what an outside client sees has no type.
  const body = (await response.json()) as any;
  return { status: response.status, headers: response.headers, body };
}

it('what one commits is what the other answers next', async () => {
  const { start, land } = await makePlace();
  const [one, other] = [start(), start()];
  await land('0', 1);
  expect((await ask(other, 'GET', '/v1/plan')).body.days).toHaveLength(1);
  await ask(one, 'POST', '/v1/runs?wait=60');
  expect((await ask(other, 'GET', '/v1/plan')).body.days).toEqual([]);
  expect((await ask(other, 'GET', '/v1/checkpoint')).body).toMatchObject({ day: '0' });
  expect((await ask(other, 'POST', '/v1/runs?wait=60')).body).toMatchObject({ days: [] });
});

it('a run is known to all, by its id and its key', async () => {
  const { start, land } = await makePlace();
  const [one, other] = [start(), start()];
  await other.url();
  await land('0', 1);
  const { body: run } = await ask(one, 'POST', '/v1/runs?wait=60', 'nightly');
  for (const path of [run.id, 'nightly', `${run.id}/result`]) {
    expect(await ask(other, 'GET', `/v1/runs/${path}`)).toMatchObject({ status: 200, body: run });
  }
  expect((await ask(other, 'GET', '/v1/runs?expand=days')).body.runs).toEqual([run]);
  expect((await ask(other, 'GET', '/v1/days/0')).body.lastRun).toMatchObject({ id: run.id });
  const again = await ask(other, 'POST', '/v1/runs?wait=60', 'nightly');
  expect(again.headers.get('idempotency-replayed')).toBe('true');
});

it('one key at two of them at once is one run, and every day once', async () => {
  const { start, land, output, runs } = await makePlace();
  const replicas = [start(), start()];
  for (const replica of replicas) await replica.url();
  for (let day = 0; day < 20; day += 1) await land(String(day), day + 1);
  const asked = replicas.map((each) => ask(each, 'POST', '/v1/runs?wait=60', 'nightly'));
  const answers = await Promise.all(asked);
  expect(answers.map(({ body }) => body.status)).toEqual(['succeeded', 'succeeded']);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  const rows = Array.from({ length: 20 }, (_, day) => `${day},8,milk,${day + 1}\n`);
  expect(await output()).toBe(outputHeader + rows.join(''));
  expect((await readdir(runs)).filter((name) => name.endsWith('.json'))).toHaveLength(1);
});

it('a run of another host goes on until it falls silent, and its record is left alone', async () => {
  const { start, land, runs } = await makePlace();
  const one = start();
  await land('0', 1);
  const { body: run } = await ask(one, 'POST', '/v1/runs?wait=60');
  await one.end('SIGTERM');
  const path = join(runs, `${run.id}.json`);
  const stored = JSON.parse(await readFile(path, 'utf8'));
  const abroad = {
    ...stored,
    run: { ...stored.run, status: 'running', days: [], commit: null },
    owner: { ...stored.owner, host: 'another-host' },
  };
  await writeFile(path, JSON.stringify(abroad));
  const found = () => ask(other, 'GET', `/v1/runs/${run.id}`);
  const other = start();
  expect((await found()).body).toMatchObject({ status: 'running' });
  await other.end('SIGTERM');
  const hourAgo = Date.now() / 1000 - 3_601;
  await utimes(path, hourAgo, hourAgo);
  const late = start();
  expect((await ask(late, 'GET', `/v1/runs/${run.id}`)).body).toMatchObject({
    status: 'interrupted',
  });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(abroad);
});
