/** What a person should know though nothing failed: said by every command that looks. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { landDays, makePlace, type Printed } from './daymark.js';

function occurrences({ stdout, stderr }: Printed, what: string): number {
  return `${stdout}${stderr}`.split(what).length - 1;
}

describe('folders that are not days', () => {
  const message = 'left out: 01 (did you mean 1?), day=0 (did you mean 0?).';

  async function misnamed() {
    const place = await makePlace();
    for (const name of ['01', 'day=0']) await mkdir(join(place.rawDir, name));
    return place;
  }

  it('are no success, and nothing says that all is done', async () => {
    const place = await misnamed();
    for (const args of [
      ['run', '-q'],
      ['plan', '--exit-code'],
      ['verify', '-q'],
    ]) {
      const printed = await place.daymark(...args);
      expect([args[0], printed.code, occurrences(printed, message)]).toEqual([args[0], 1, 1]);
      expect(printed.stdout).not.toMatch(/nothing to do|is what raw says/);
    }
    const status = await place.daymark('status');
    expect(occurrences(status, message)).toBe(1);
    expect(status.stdout).toMatch(
      /^warning: The raw root .* holds no day at all\..*\n\nno day was found$/m,
    );
    const plan = await place.daymark('plan');
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringMatching(/^no day was found$/m) });
    const days = await place.daymark('days');
    expect(days.stdout).toMatch(/^no day was found\n\n0 days\nwarning: The raw root/);
    expect(days.stdout).toMatch(/^ignored: day=0 \(Its name is not a day/m);
    expect((await place.daymark('checkpoint', 'get')).stdout).toContain(message);
    expect((await place.json('run', '-q')).body.error.type).toBe('/problems/no-days');
    expect((await place.json('status')).body.notices).toMatchObject([{ code: 'no-days' }]);
  });

  it('are no success either where the one day has nothing in it', async () => {
    const place = await misnamed();
    await mkdir(join(place.rawDir, '2'));
    const { code, stdout, stderr } = await place.daymark('run', '-q');
    expect(code).toBe(1);
    expect(stdout).not.toContain('nothing to do');
    expect(stderr).toContain('The one day folder of the raw root');
  });

  it('are a note beside days', async () => {
    const place = await misnamed();
    await landDays(place, ['0']);
    const names = `are not days, and are ${message}`;
    const ran = await place.daymark('run', '-q');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^warning: 2 entries of the raw root .* are not days/m);
    const planned = await place.daymark('plan', '--exit-code');
    expect(planned.code).toBe(0);
    expect(planned.stdout).toMatch(/^note: 2 entries .*\nnothing to do$/m);
    for (const args of [['status'], ['plan'], ['checkpoint', 'get'], ['verify', '-q']]) {
      expect(occurrences(await place.daymark(...args), names)).toBe(1);
    }
    // There, each has a line of its own.
    const days = await place.daymark('days');
    expect([occurrences(days, names), occurrences(days, 'ignored: 01 (')]).toEqual([0, 1]);
  });
});

describe('what makes the service degraded', () => {
  it('is told once, beside the name of its check', async () => {
    const place = await makePlace();
    await landDays(place, ['0']);
    await place.daymark('run', '-q');
    const other = await makePlace({ ...place.env, DAYMARK_IGNORED_COLUMNS: 'order_id,milk' });
    const status = await other.daymark('status');
    expect(status.stdout).toMatch(/^health {6}degraded: other-settings$/m);
    expect(status.stdout).toMatch(/^warning: Version 1 of the output .* with other settings: /m);
    expect(occurrences(status, 'was committed with other settings')).toBe(1);
    expect((await other.daymark('verify', '-q')).stdout).toMatch(
      /^0 +differs .*; made under another definition$/m,
    );
  });
});

describe('a day that later days passed', () => {
  it('is not taken for one that came late where it failed, and leaves the output incomplete', async () => {
    const place = await makePlace();
    await landDays(place, ['0', '2']);
    await place.land('1', 'order_id,order_hour_of_day,milk\n1,8,many\n');
    expect((await place.daymark('run', '-q')).code).toBe(1);
    const failed = /^1 +late .*; the last run failed on it: .*orders\.csv.*"many"/m;
    for (const command of ['plan', 'days', 'status']) {
      expect((await place.daymark(command)).stdout).toMatch(failed);
    }
    const complete = /^checkpoint {2}day 2 .*\ncomplete {4}through day 0: the one above it is /m;
    for (const args of [['status'], ['checkpoint', 'get']]) {
      expect((await place.daymark(...args)).stdout).toMatch(complete);
    }
    const cautious = await makePlace({ ...place.env, DAYMARK_CHECKPOINT_RULE: 'complete' });
    expect((await cautious.daymark('checkpoint', 'get')).stdout).toMatch(
      /^checkpoint {2}day 0 .*\nhighest {5}day 2\ncomplete {4}through day 0/m,
    );
    await landDays(place, ['1']);
    await place.daymark('run', '-q');
    expect((await place.daymark('status')).stdout).not.toMatch(/^(complete|highest)/m);
  });
});
