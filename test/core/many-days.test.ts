/** What thousands of days may cost: counted, since time depends on the machine. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { layoutOf } from '../../src/model/day.js';
import { makePlane, queued, request } from './plane.js';

it.each([100, 400])(
  'a run of %i days compares each of them a few times, not with all others',
  async (days) => {
    const compare = vi.spyOn(layoutOf('index'), 'compare');
    onTestFinished(() => compare.mockRestore());
    const { land, finish } = await makePlane();
    for (let day = 0; day < days; day += 1) await land(String(day));
    compare.mockClear();
    const run = await finish();
    expect(run.days).toHaveLength(days);
    expect(compare.mock.calls.length / days).toBeLessThan(20);
  },
);

it('who asks for a run in the middle has the days that are done by then, in order', async () => {
  const { plane, gate, land, ended } = await makePlane();
  for (const day of ['10', '9', '2']) await land(day);
  gate.close();
  const { run } = await plane.submit(request(), queued);
  const seen: string[][] = [];
  for (let done = 0; done < 3; done += 1) {
    await gate.reached();
    seen.push((await plane.run(run.id)).days.map(({ day }) => day));
    gate.open();
    gate.close();
  }
  gate.open();
  expect(seen).toEqual([[], ['2'], ['2', '9']]);
  expect((await ended(run.id)).days.map(({ day }) => day)).toEqual(['2', '9', '10']);
});
