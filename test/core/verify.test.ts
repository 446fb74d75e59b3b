/** The dry run behind the verdicts: who shares it, and when it is cancelled. */
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { refuseOtherRun } from '../../src/core/verify.js';
import type { Day } from '../../src/model/day.js';
import { makePlane, queued, request } from './plane.js';

const all = { days: null, engine: 'csv', engineAsked: false } as const;
const only = (...days: string[]) => ({ ...all, days: days as Day[] });
const now = () => AbortSignal.abort();

/** One day in the output, and a comparison of it that is held up. */
async function heldVerify() {
  const made = await makePlane();
  await made.land('0');
  await made.finish();
  made.gate.close();
  const run = await made.plane.verify(all);
  await made.gate.reached();
  return { ...made, run };
}

describe('callers who ask at the same time', () => {
  it('share one run, whether it works or waits', async () => {
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    gate.close();
    const { run: other } = await plane.submit(request(), queued);
    await gate.reached();
    const waiting = await Promise.all([1, 2, 3].map(() => plane.verify(all)));
    expect(new Set(waiting.map(({ id }) => id)).size).toBe(1);
    gate.open();
    await ended(other.id);
    await ended(waiting[0]?.id ?? '');

    gate.close();
    const working = await plane.verify(all);
    await gate.reached();
    expect((await plane.verify(all)).id).toBe(working.id);
    gate.open();
    expect(await plane.verdicts(await ended(working.id))).toMatchObject([
      { day: '0', verdict: 'same' },
    ]);
  });

  it('for other days have a run of their own', async () => {
    const { plane, run } = await heldVerify();
    expect((await plane.verify(only('0'))).id).not.toBe(run.id);
    await expect(plane.verify(only('9'))).rejects.toMatchObject({ slug: 'day-unknown' });
  });

  it('are not given a run that began before the output changed', async () => {
    const { plane, run, folder, gate, ended } = await heldVerify();
    await writeFile(folder.output, 'day_of_week,hour_of_day,category,items_count\n0,8,milk,2\n');
    const later = await plane.verify(all);
    expect(later.id).not.toBe(run.id);
    gate.open();
    expect(await plane.verdicts(await ended(later.id))).toMatchObject([{ verdict: 'differs' }]);
  });

  it('nor one that began before a raw file changed', async () => {
    const { plane, run, land } = await heldVerify();
    await land('0', [[9, { milk: 3 }]]);
    expect((await plane.verify(all)).id).not.toBe(run.id);
  });
});

describe('a caller who goes away', () => {
  it('takes the run along, where nobody else waits for it', async () => {
    const { plane, run, ended } = await heldVerify();
    await plane.verify(all);
    await plane.leaveVerify(run.id, false);
    expect(await ended(run.id)).toMatchObject({ status: 'cancelled' });
  });

  it('leaves it to those who wait', async () => {
    const { plane, gate, run, ended } = await heldVerify();
    const waits = ended(run.id);
    await plane.leaveVerify(run.id, false);
    gate.open();
    expect(await waits).toMatchObject({ status: 'succeeded' });
  });

  it('leaves it to those who will come back, or asked for the same run', async () => {
    for (const ask of ['come back', 'submit'] as const) {
      const { plane, gate, run, ended } = await heldVerify();
      if (ask === 'come back') await plane.leaveVerify(run.id, true);
      else {
        const dry = request({ select: 'all', dryRun: true, engineAsked: false });
        const { run: joined } = await plane.submit(dry, { key: null, ifActive: 'attach' });
        expect(joined.id).toBe(run.id);
      }
      await plane.leaveVerify(run.id, false);
      gate.open();
      expect(await ended(run.id)).toMatchObject({ status: 'succeeded' });
    }
  });

  it('never takes a run along that others began', async () => {
    const { plane, gate, land, finish, ended } = await makePlane();
    await land('0');
    await finish();
    gate.close();
    const dry = request({ select: 'all', dryRun: true, engineAsked: false });
    const { run } = await plane.submit(dry, queued);
    await gate.reached();
    expect((await plane.verify(all)).id).toBe(run.id);
    await plane.leaveVerify(run.id, false);
    gate.open();
    expect(await ended(run.id)).toMatchObject({ status: 'succeeded' });
  });

  it('one after the other, lets the last decide', async () => {
    const { plane, run, ended } = await heldVerify();
    const away = new AbortController();
    const waits = [1, 2].map(() => plane.wait(run.id, 60_000, away.signal));
    await plane.leaveVerify(run.id, false);
    expect(await plane.run(run.id)).toMatchObject({ status: 'running' });
    away.abort();
    await Promise.all(waits);
    await plane.leaveVerify(run.id, false);
    expect(await ended(run.id)).toMatchObject({ status: 'cancelled' });
    // Of a run that is over there is nothing to leave.
    await plane.leaveVerify(run.id, false);
    expect(await plane.wait(run.id, 0, now())).toMatchObject({ status: 'cancelled' });
  });
});

it.each([
  { dryRun: false, select: 'all' },
  { dryRun: true, select: 'pending' },
  { dryRun: true, select: 'all', onDayFailure: 'stop' },
] as const)('a run of %j is no comparison', async (traits) => {
  const { land, finish } = await makePlane();
  await land('0');
  const run = await finish(traits);
  expect(() => refuseOtherRun(run)).toThrow(/GET \/v1\/verify begins one/);
});
