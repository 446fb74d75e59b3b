/** Several processes over one folder share their runs and keys: any of them answers for all. */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually, patience } from '../support/eventually.js';
import { seededBytes } from '../support/seed.js';
import { outputHeader, rawText } from '../support/service.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

async function makePlace() {
  const root = await makeTempDir();
  const rawDir = join(root, 'raw');
  const processed = join(root, 'processed');
  const outputFile = join(processed, 'orders.csv');
  await mkdir(rawDir);
  return {
    runs: join(processed, '_daymark', 'orders.csv', 'runs'),
    start: () =>
      startServiceProcess({
        DAYMARK_RAW_DIR: rawDir,
        DAYMARK_OUTPUT_FILE: outputFile,
        DAYMARK_ENGINE: 'csv',
        // A busy machine is not what is attacked here.
        DAYMARK_MAX_LOOP_DELAY_MS: '0',
      }),
    land: async (day: string, text: string) => {
      const folder = join(rawDir, day);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, '.new'), text);
      await rename(join(folder, '.new'), join(folder, 'orders.csv'));
    },
    output: () => readFile(outputFile, 'utf8'),
  };
}

/** Takes the reference engine some seconds. */
const longDay = () => `order_hour_of_day,milk\n${'8,1\n'.repeat(1_000_000)}`;

async function ask(service: ServiceProcess, method: string, path: string, body?: object) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(`${await service.url()}${path}`, {
    method,
    headers: json,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what an outside client sees has no type.
  const answer: any = response.headers.get('content-type')?.includes('json')
    ? await response.json()
    : await response.text();
  return { status: response.status, headers: response.headers, body: answer };
}

const seconds = 1_000;

it('one key has one run, whichever of four processes is asked, while they are killed and started', async () => {
  const { start, land, output, runs } = await makePlace();
  const replicas = [start(), start(), start(), start()];
  for (const each of replicas) await each.url();
  const keys = Array.from({ length: 200 }, (_, index) => `dag/run-${index}`);
  const dayOf = (index: number) => String(index % 50);
  for (const [index] of keys.slice(0, 50).entries()) {
    await land(dayOf(index), rawText([[8, { milk: index + 1 }]]));
  }

  const choices = seededBytes(4_096);
  let asked = 0;
  const any = () => {
    asked += 1;
    const choice = choices[asked % choices.length] as number;
    return replicas[choice % replicas.length] as ServiceProcess;
  };
  /** By key, every run that was named for an attempt of it, and how it ended where that was told. */
  const told = new Map<string, Map<number, Set<string>>>();
  const note = (key: string, { attempt, id }: { attempt: number; id: string }) => {
    const attempts = told.get(key) ?? new Map<number, Set<string>>();
    attempts.set(attempt, (attempts.get(attempt) ?? new Set()).add(id));
    told.set(key, attempts);
  };
  /** As a scheduler does: sends the key until it is told of a success; a dead replica is no answer. */
  const pursue = async (key: string, index: number) => {
    const path = `/v1/runs/${encodeURIComponent(key)}`;
    await eventually(async () => {
      const put = await ask(any(), 'PUT', path, { days: [dayOf(index)] });
      if (put.status < 300) note(key, put.body);
      const result = await ask(any(), 'GET', `${path}/result?wait=1`);
      if (result.status === 200) note(key, result.body);
      expect(result).toMatchObject({ status: 200 });
    }, 90 * seconds);
  };

  let isOver = false;
  const killing = (async () => {
    for (let kills = 0; kills < 8 && !isOver; kills += 1) {
      await sleep(500 * patience);
      const victim = kills % replicas.length;
      const dead = replicas[victim] as ServiceProcess;
      replicas[victim] = start();
      await dead.end('SIGKILL');
      await replicas[victim]?.url();
    }
  })();
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let index = lane; index < keys.length; index += 8) {
      await pursue(keys[index] as string, index);
    }
  });
  await Promise.all(lanes);
  isOver = true;
  await killing;

  // Every attempt is of one run, and a further one was made only where the one before came to nothing.
  const kept: { key: string; attempt: number; status: string }[] = [];
  for (const name of await readdir(runs)) {
    if (!name.endsWith('.json')) continue;
    // One that waited may be shared by a key that asked for the same day.
    const { run, keys: sharing } = JSON.parse(await readFile(join(runs, name), 'utf8'));
    for (const { key, attempt } of sharing) kept.push({ key, attempt, status: run.status });
  }
  for (const [key, attempts] of told) {
    for (const [attempt, ids] of attempts)
      expect([key, attempt, ids.size]).toEqual([key, attempt, 1]);
  }
  for (const key of keys) {
    const ofKey = kept.filter((each) => each.key === key);
    const attempts = ofKey.map(({ attempt }) => attempt).sort((a, b) => a - b);
    expect([key, new Set(attempts).size]).toEqual([key, attempts.length]);
    const succeeded = ofKey.filter(({ status }) => status === 'succeeded');
    expect([key, ...succeeded.map(({ attempt }) => attempt)]).toEqual([key, attempts.at(-1)]);
    // And every replica says the same.
    const seen = await ask(any(), 'GET', `/v1/runs/${encodeURIComponent(key)}`);
    expect(seen.body).toMatchObject({ status: 'succeeded', attempt: attempts.at(-1) });
  }
  const rows = Array.from({ length: 50 }, (_, day) => [String(day), day + 1] as const);
  const inOrder = rows.map(([day, items]) => `${day},8,milk,${items}\n`).join('');
  expect(await output()).toBe(outputHeader + inOrder);
  for (const each of replicas) expect((await each.end('SIGTERM')).code).toBe(0);
  expect((await readdir(runs)).filter((name) => /tmp|cancel/.test(name))).toEqual([]);
}, 180_000);

it.each([
  ['is killed', 'SIGKILL'],
  ['ends in order', 'SIGTERM'],
] as const)(
  'a standby that was started while another works does its work when that %s',
  async (_, signal) => {
    const { start, land, output } = await makePlace();
    await land('0', longDay());
    const active = start();
    expect((await ask(active, 'PUT', '/v1/runs/nightly', {})).status).toBe(202);
    const standby = start();
    expect((await ask(standby, 'GET', '/v1/runs/nightly')).body).toMatchObject({
      status: 'running',
    });
    expect((await ask(standby, 'GET', '/v1/runs/nightly/result')).status).toBe(404);
    await active.end(signal);
    const { body } = await eventually(async () => {
      const put = await ask(standby, 'PUT', '/v1/runs/nightly?wait=60', {});
      expect(put.status).toBe(200);
      return put;
    }, 60 * seconds);
    expect(body).toMatchObject({ key: 'nightly', attempt: 2, status: 'succeeded' });
    expect(await output()).toBe(`${outputHeader}0,8,milk,1000000\n`);
    const { body: list } = await ask(standby, 'GET', '/v1/runs');
    const statuses = list.runs.map(({ status }: { status: string }) => status);
    expect(statuses).toEqual(['succeeded', 'interrupted']);
  },
  120_000,
);

it('whoever waits for the run of another process, or follows it, is told its end', async () => {
  const { start, land } = await makePlace();
  await land('0', longDay());
  const [one, other] = [start(), start()];
  await other.url();
  const { body: run } = await ask(one, 'PUT', '/v1/runs/nightly', {});
  const waits = [
    ask(other, 'PUT', '/v1/runs/nightly?wait=60', {}),
    ask(other, 'GET', `/v1/runs/${run.id}/result?wait=60`),
    ask(other, 'GET', '/v1/runs/nightly/events'),
  ] as const;
  const [put, result, events] = await Promise.all(waits);
  expect(put).toMatchObject({ status: 200, body: { id: run.id, status: 'succeeded' } });
  expect(result).toMatchObject({ status: 200, body: { id: run.id, key: 'nightly', attempt: 1 } });
  const states = [...events.body.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data));
  expect(states.at(0)).toMatchObject({ id: run.id, status: 'running' });
  expect(states.at(-1)).toMatchObject({ id: run.id, status: 'succeeded' });
}, 120_000);

it('a run is cancelled by whichever process is asked', async () => {
  const { start, land, runs } = await makePlace();
  await land('0', longDay());
  const [one, other] = [start(), start()];
  await other.url();
  const { body: run } = await ask(one, 'PUT', '/v1/runs/nightly', {});
  const { body: waiting } = await ask(one, 'POST', '/v1/runs', { dryRun: true });
  for (const id of [waiting.id, run.id]) {
    expect((await ask(other, 'POST', `/v1/runs/${id}/cancel`)).status).toBe(202);
    const ended = await ask(other, 'GET', `/v1/runs/${id}/result?wait=60`);
    expect(ended).toMatchObject({ status: 409 });
    expect((await ask(one, 'GET', `/v1/runs/${id}`)).body).toMatchObject({ status: 'cancelled' });
    expect((await ask(other, 'POST', `/v1/runs/${id}/cancel`)).status).toBe(409);
  }
  expect((await readdir(runs)).filter((name) => name.endsWith('.cancel'))).toEqual([]);
}, 120_000);

it('the key of a run with nothing to do outlives a restart and a hundred others, and is known to all', async () => {
  const { start, land } = await makePlace();
  await land('0', rawText([[8, { milk: 1 }]]));
  const one = start();
  expect((await ask(one, 'POST', '/v1/runs?wait=60')).status).toBe(200);
  const { body: run } = await ask(one, 'PUT', '/v1/runs/idle?wait=60', {});
  expect(run).toMatchObject({ days: [], commit: null });
  const other = start();
  for (let count = 0; count < 101; count += 1) await ask(one, 'POST', '/v1/runs');
  await one.end('SIGTERM');
  for (const replica of [other, start()]) {
    expect((await ask(replica, 'GET', '/v1/runs/idle/result')).body).toEqual(run);
    const again = await ask(replica, 'PUT', '/v1/runs/idle', {});
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(run);
  }
}, 120_000);

it('records that are not whole stop nothing: they are set aside, and stand among the notices', async () => {
  const { start, land, runs } = await makePlace();
  await land('0', rawText([[8, { milk: 1 }]]));
  const one = start();
  const { body: run } = await ask(one, 'POST', '/v1/runs?wait=60');
  const id = '01a21cdb-58fb-7000-8000-000000000000';
  await writeFile(join(runs, `${id}.json`), '{"format":1,"run":{"id":null}}');
  await writeFile(join(runs, `${run.id}.json.4711.tmp`), '{');
  expect((await ask(one, 'GET', '/v1/runs')).body.runs).toHaveLength(1);
  const { body: plan } = await ask(one, 'GET', '/v1/plan');
  expect(plan.notices).toEqual([
    expect.objectContaining({ message: expect.stringContaining(`unreadable/${id}.json`) }),
  ]);
  expect(await readdir(join(runs, 'unreadable'))).toEqual([`${id}.json`]);
}, 60_000);
