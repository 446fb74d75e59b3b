/** Every command on the files themselves: no server runs. */
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../support/redis-server.js';
import { landDays, makePlace, type Place } from './daymark.js';

const key = 'incremental:last_processed_day';

describe('without a server', () => {
  it('goes from sample days to an output, and tells the same to people and to machines', async () => {
    const place = await makePlace();
    const made = await place.command('generate', '--out', 'raw', '--days', '0..2');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('raw/2/orders_2.csv: 104 orders, written');

    const planned = await place.command('plan', '--exit-code');
    expect(planned.code).toBe(1);
    expect(planned.stdout).toMatch(/^0 +new +1 +\S+ kB +the output does not hold it$/m);
    expect(planned.stdout).toMatch(/^3 days to process, [\d.]+ kB$/m);

    const ran = await place.command('run');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^1 +new +added +97 /m);
    expect(ran.stdout).toMatch(/succeeded · .* · commit 1 · checkpoint 2$/m);
    // Plain lines, one for each day, and nothing that draws.
    expect(ran.stderr).toMatch(/^run \S+ (queued|running): 3 days, \d/);
    expect(ran.stderr.match(/^day [012] added: /gm)).toHaveLength(3);
    for (const drawn of ['\u001b', '\r', '█']) expect(ran.stdout + ran.stderr).not.toContain(drawn);

    const again = await parsed(place, 'run');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.body).toMatchObject({ status: 'succeeded', days: [], commit: null });
    expect((await place.command('plan', '--exit-code')).code).toBe(0);

    const status = await parsed(place, 'status');
    expect(status.code).toBe(0);
    expect(status.body).toMatchObject({
      ready: true,
      checkpoint: { day: '2', reading: 'embedded' },
      days: { counts: { processed: 3 } },
      pending: [],
      lastRuns: [
        { status: 'succeeded', commit: null },
        { status: 'succeeded', commit: 1 },
      ],
    });
    expect((await place.command('status')).stdout).toMatch(/^nothing is pending$/m);
  });

  it('lists days by state, and tells everything about one', async () => {
    const place = await makePlace();
    await landDays(place, ['0', '2']);
    await place.daymark('run', '--quiet');
    await landDays(place, ['1', '3']);
    await mkdir(join(place.rawDir, 'notes'));

    const all = await place.daymark('days');
    expect(all.stdout).toMatch(
      /^1 +late +1 .* a later day is processed already, and the output does not hold it$/m,
    );
    expect(all.stdout).toMatch(/^4 days: 1 new, 1 late, 2 processed$/m);
    expect(all.stdout).toMatch(/^ignored: notes \(.+\)$/m);
    const some = await place.json('days', '--state', 'late,new');
    expect(some.body.days.map(({ day }: { day: string }) => day)).toEqual(['1', '3']);

    const one = await place.daymark('days', '2');
    expect(one.stdout).toMatch(/^state {7}processed: /m);
    expect(one.stdout).toMatch(/^output {6}4 rows · items_count 10 · .* sha256 [0-9a-f]{64}$/m);
    expect(await place.daymark('days', '9')).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('GET /v1/days/9'),
    });
  });

  it('says file, line, column and value of a bad cell, commits the others, and exits with 1', async () => {
    const place = await makePlace();
    await landDays(place, ['0', '1']);
    await appendFile(join(place.rawDir, '1', 'orders.csv'), '3,9,1,two,5\n');

    const { code, stdout, stderr } = await place.daymark('run');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^1 +new +failed +- +- +-$/m);
    expect(stderr).toContain('day 1: orders.csv, line 4, column "milk" holds "two"');
    expect(stderr).toMatch(/^ {2}next: {2}Fix the raw files/m);
    expect(stderr).not.toMatch(/ at .*\.js:\d/);
    expect(await place.output()).toContain('\n0,8,bananas,1\n');
    const machine = await place.json('run');
    expect(machine.code).toBe(1);
    expect(machine.body).toMatchObject({ status: 'failed', days: [{ day: '1' }] });
    expect((await place.daymark('days', '1')).stdout).toMatch(
      /^last error +day 1: orders\.csv, l/m,
    );
  });

  it('tells what a dry run would change, and changes nothing', async () => {
    const place = await makePlace();
    await landDays(place, ['0', '1']);
    await place.daymark('run', '-q');
    const before = await place.output();
    await place.land('1', [[8, { bananas: 9, milk: 2, tea: 1 }]]);

    const { code, stdout, stderr } = await place.daymark('run', '--select', 'all', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0 +processed +unchanged .* none$/m);
    expect(stdout).toMatch(
      /^1 +changed +replaced .* 1 row more, 2 rows fewer, 1 row with other counts, items_count 9 → 12$/m,
    );
    expect(stderr).toMatch(/^day 1 would be replaced: /m);
    expect(await place.output()).toBe(before);
  });

  it('rewinds and resets, and the next run makes the days anew', async () => {
    const place = await makePlace();
    await landDays(place, ['0', '1', '2']);
    await place.daymark('run', '-q');
    const whole = await place.output();

    const asked = await place.daymark('checkpoint', 'rewind', '0');
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toContain('There is no terminal to ask for confirmation; use --yes.');
    expect((await place.json('checkpoint', 'get')).body.day).toBe('2');

    const rewound = await place.daymark('checkpoint', 'rewind', '0', '--yes');
    expect(rewound.code).toBe(0);
    expect(rewound.stdout).toMatch(/^checkpoint {2}day 0\nmarked {6}1 and 2 /);
    const run = await place.json('run', '-q');
    expect(run.body.days.map(({ day, state }: Day) => [day, state])).toEqual([
      ['1', 'rewound'],
      ['2', 'rewound'],
    ]);

    const reset = await place.json('checkpoint', 'reset', '-y');
    expect(reset.body).toMatchObject({ day: null, marked: ['0', '1', '2'] });
    await place.daymark('run', '-q');
    expect(await place.output()).toBe(whole);
    const ahead = await place.daymark('checkpoint', 'rewind', '7', '--yes');
    expect(ahead.code).toBe(4);
  });

  it('mirrors the checkpoint in Redis, tells drift, and works with Redis gone', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const place = await makePlace({ DAYMARK_REDIS_URL: redis.url });
    await landDays(place, ['0', '1']);
    expect((await place.daymark('run')).code).toBe(0);
    expect(await redis.command('GET', key)).toBe('1');

    await redis.command('SET', key, '0');
    const drift = await place.json('checkpoint', 'get', '--require-in-sync');
    expect(drift).toMatchObject({ code: 1, body: { type: '/problems/checkpoint-drift' } });
    expect(await redis.command('GET', key)).toBe('1');
    expect((await place.daymark('checkpoint', 'get', '--require-in-sync')).code).toBe(0);

    await redis.kill();
    await landDays(place, ['2']);
    const run = await place.daymark('run');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^warning: the checkpoint was not moved: .*ECONNREFUSED/m);
    const status = await place.daymark('status');
    expect(status).toMatchObject({ code: 0, stdout: expect.stringMatching(/^health +degraded/m) });
    expect((await place.json('verify', '-q')).body.ok).toBe(true);
  });

  it('takes its places from options too, before the environment', async () => {
    const place = await makePlace();
    await mkdir(join(place.root, 'other', '2026-11-23'), { recursive: true });
    await writeFile(
      join(place.root, 'other', '2026-11-23', 'a.csv'),
      'order_hour_of_day,tea\n7,1\n',
    );
    const options = [
      '--raw-dir',
      join(place.root, 'other'),
      '--output-file',
      join(place.root, 'there', 'o.csv'),
      '--layout',
      'date',
    ];
    const { body } = await place.json('run', '-q', ...options);
    expect(body).toMatchObject({ status: 'succeeded', checkpoint: { after: '2026-11-23' } });
    await expect(place.output()).rejects.toThrow('ENOENT');
  });

  it('says that it is not ready where the raw root is gone', async () => {
    const place = await makePlace();
    await rm(place.rawDir, { recursive: true });
    const status = await place.daymark('status');
    expect(status.code).toBe(3);
    expect(status.stdout + status.stderr).toContain(place.rawDir);
    expect((await place.daymark('run')).code).toBe(3);
  });
});

interface Day {
  readonly day: string;
  readonly state: string;
}

async function parsed(place: Place, ...args: string[]) {
  const ended = await place.command(...args, '--json');
  return { ...ended, body: JSON.parse(ended.stdout) };
}

it('no more gaps are told than are known, and none is denied', async () => {
  const place = await makePlace();
  await place.land('0', [[8, { milk: 1 }]]);
  await place.land('31', [[8, { milk: 1 }]]);
  const few = await place.daymark('days');
  expect(few.stdout).toMatch(/^gaps: 1, .* 20 and 10 more$/m);
  await place.land('5000', [[8, { milk: 1 }]]);
  for (const command of ['days', 'status']) {
    const { stdout } = await place.daymark(command);
    expect(stdout).toMatch(/^gaps:? .*20 and at least 980 more$/m);
  }
});
