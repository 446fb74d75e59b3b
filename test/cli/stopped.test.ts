/** A run without a server that is told to stop, or killed: the output is whole, and the next run is right. */
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { landLargeDays, makePlace, type Place } from './daymark.js';

const days = ['0', '1', '2'];

async function startedRun() {
  const place = await makePlace();
  await place.land('9', [[8, { milk: 2 }]]);
  await place.daymark('run', '-q');
  await landLargeDays(place, days);
  const before = await place.output();
  const run = place.start(['run', '--engine', 'csv']);
  await run.said(/^run \S+ running: 3 days/m);
  return { place, run, before };
}

/** What a run makes that nothing disturbed. */
async function expectRight(place: Place): Promise<void> {
  const { body, code } = await place.json('run', '-q');
  expect(code).toBe(0);
  expect(body.days.map(({ day, outcome }: Record<string, string>) => [day, outcome])).toEqual(
    days.map((day) => [day, 'added']),
  );
  const output = await place.output();
  // 60,000 orders with 2 of each third category; the others have 1, or none and no row.
  expect(output.match(/^0,8,c2,120000$/gm)).toHaveLength(1);
  expect(output.match(/^9,8,milk,2$/gm)).toHaveLength(1);
  expect((await place.json('verify', '-q')).body.ok).toBe(true);
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const)('%s cancels the run, and ends with %i', async (signal, status) => {
  const { place, run, before } = await startedRun();
  run.child.kill(signal);
  const { code, stdout, stderr } = await run.ended;
  expect(code).toBe(status);
  expect(stdout).toMatch(/^run \S+ cancelled/m);
  expect(stderr).toContain('Nothing was changed; what was pending stays pending.');
  expect(await place.output()).toBe(before);
  expect((await place.json('status')).body.lastRuns[0]).toMatchObject({ status: 'cancelled' });
  if (signal === 'SIGINT') await expectRight(place);
});

it('SIGKILL loses the run and nothing else', async () => {
  const { place, run, before } = await startedRun();
  run.child.kill('SIGKILL');
  expect(await run.ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  expect(await place.output()).toBe(before);
  await expectRight(place);
  // The newest is the dry run of verify.
  const { lastRuns } = (await place.json('status')).body;
  expect(lastRuns[1]).toMatchObject({ status: 'succeeded' });
  expect(lastRuns[2]).toMatchObject({ status: 'interrupted' });
});

it('--wait that is over cancels the run, since nothing would go on, and ends with 5', async () => {
  const place = await makePlace();
  await landLargeDays(place, ['0', '1', '2', '3', '4', '5']);
  const { code, stdout, stderr } = await place.command('run', '--engine', 'csv', '--wait', '1');
  expect(code).toBe(5);
  expect(stdout).toMatch(/^run \S+ cancelled/m);
  expect(stderr).toContain('Cancelling run');
  expect(await readdir(place.root)).not.toContain('orders.csv');
  expect((await place.daymark('run', '--wait', '0')).code).toBe(2);
});

it('runs beside another process at work on the same output, and counts nothing twice', async () => {
  const { place, run } = await startedRun();
  const second = await place.json('run', '-q');
  expect(second).toMatchObject({ code: 0, body: { status: 'succeeded' } });
  expect((await run.ended).code).toBe(0);
  expect((await place.output()).match(/^0,8,c2,120000$/gm)).toHaveLength(1);
  expect((await place.json('verify', '-q')).body.ok).toBe(true);
});

it('goes on when who reads its output leaves', async () => {
  const place = await makePlace();
  await place.land('0', [[8, { milk: 2 }]]);
  const run = place.start(['run']);
  run.child.stdout.destroy();
  run.child.stderr.destroy();
  expect((await run.ended).code).toBe(0);
  expect(await place.output()).toContain('0,8,milk,2\n');
});
