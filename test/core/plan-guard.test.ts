/** The classic rule at its edges. */
import { expect, it } from 'vitest';
import { plan } from '../../src/core/plan.js';
import type { Reconciled } from '../../src/core/reconcile.js';
import { type Day, layoutOf } from '../../src/model/day.js';

/** What `new` takes of days that are all pending, with the checkpoint at `checkpoint`. */
function taken(checkpoint: string | null, days: readonly string[]): Day[] {
  const reconciled = {
    checkpoint: { highest: checkpoint },
    days: days.map((day) => ({ day, pending: true, raw: { ready: true } })),
  } as unknown as Reconciled;
  const { take } = plan(layoutOf('index'), reconciled, { select: 'new', days: null });
  return take.map(({ day }) => day);
}

it('takes day 0 where there is no checkpoint', () => {
  expect(taken(null, ['0', '1'])).toEqual(['0', '1']);
});

it('leaves the checkpoint’s own day alone, though it may have changed', () => {
  expect(taken('1', ['0', '1', '2', '10'])).toEqual(['2', '10']);
});
