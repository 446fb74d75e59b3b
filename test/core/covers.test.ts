/** Which runs a request is attached to, and what is told of a run that failed. */
import { describe, expect, it } from 'vitest';
import { OutcomeUnknown } from '../../src/core/failures.js';
import type { Plan } from '../../src/core/plan.js';
import { doesAllOf, endOfFailure, newRun } from '../../src/core/run-decisions.js';
import type { Day } from '../../src/model/day.js';
import { covers, type RunRequest } from '../../src/model/run.js';
import { request } from './plane.js';

const listed = (...days: string[]) => ({ select: 'days', days: days as Day[] }) as const;

describe('a run covers a request', () => {
  it.each<[Partial<RunRequest>, Partial<RunRequest>, boolean]>([
    [{}, {}, true],
    // Selections.
    [{ select: 'all' }, { select: 'pending' }, true],
    [{ select: 'all' }, { select: 'new' }, true],
    [{ select: 'pending' }, { select: 'new' }, true],
    [{ select: 'new' }, { select: 'pending' }, false],
    [{ select: 'pending' }, { select: 'all' }, false],
    [{ select: 'new' }, { select: 'all' }, false],
    [listed('1', '2'), listed('2'), true],
    [listed('1', '2'), listed('2', '3'), false],
    [{ select: 'all' }, listed('2'), true],
    [{ select: 'pending' }, listed('2'), false],
    [{ select: 'new' }, listed('2'), false],
    [listed('1', '2'), {}, false],
    [listed('1', '2'), { select: 'new' }, false],
    // To tell what would change is other work than to change it.
    [{ dryRun: true }, {}, false],
    [{}, { dryRun: true }, false],
    [{ dryRun: true }, { dryRun: true }, true],
    // The engine counts where it was asked for.
    [{ engine: 'csv' }, { engine: 'scan' }, false],
    [{ engine: 'csv' }, { engine: 'scan', engineAsked: false }, true],
    [{ engine: 'scan', engineAsked: false }, { engine: 'scan' }, true],
    [{ onDayFailure: 'stop' }, {}, false],
    [{}, { onDayFailure: 'stop' }, false],
  ])('%j of %j: %s', (running, asked, expected) => {
    expect(covers(request(running), request(asked))).toBe(expected);
  });
});

/** A plan that takes these days, each with one file of that size, and leaves those. */
function planOf(take: Record<string, number>, leave: readonly string[] = []): Plan {
  const fingerprint = (sizeBytes: number) => [{ name: 'a.csv', sizeBytes, mtimeNs: '1' }];
  return {
    take: Object.entries(take).map(([day, size]) => ({
      day,
      raw: { fingerprint: fingerprint(size) },
    })),
    leave: leave.map((day) => ({ day })),
    unknown: [],
  } as unknown as Plan;
}

describe('a run does all that a request finds', () => {
  const working = { ...newRun(request({ select: 'all' }), null), status: 'running' } as const;

  it.each<[string, Plan | null, Plan, boolean]>([
    ['the days that it takes', planOf({ 1: 10, 2: 10 }), planOf({ 2: 10 }), true],
    ['nothing at all', planOf({ 1: 10 }), planOf({}), true],
    ['a day that came since', planOf({ 1: 10 }), planOf({ 1: 10, 2: 10 }), false],
    ['a day that was changed since', planOf({ 1: 10 }), planOf({ 1: 11 }), false],
    ['a listed day that is not ready', planOf({ 1: 10 }), planOf({ 1: 10 }, ['2']), false],
    ['the same listed days', planOf({ 1: 10 }, ['2']), planOf({ 1: 10 }, ['2']), true],
    ['what it has not looked for yet', null, planOf({ 1: 10 }), false],
  ])('where that is %s: %#', (_, planned, found, expected) => {
    expect(doesAllOf(working, planned, request(), found)).toBe(expected);
  });

  it('while it waits, whatever came by now, unless listed days are not ready', () => {
    const waiting = newRun(request({ select: 'all' }), null);
    expect(doesAllOf(waiting, null, request(), planOf({ 1: 10 }))).toBe(true);
    expect(doesAllOf(waiting, null, request(listed('1', '2')), planOf({ 1: 10 }, ['2']))).toBe(
      false,
    );
    expect(doesAllOf(waiting, null, request({ dryRun: true }), planOf({}))).toBe(false);
  });
});

describe('the end of a run that failed', () => {
  const run = newRun(request(), null);

  it('does not call an outcome that is unknown uncommitted, even where a stop came', () => {
    const unknown = new OutcomeUnknown(7, { cause: new Error('EIO') });
    const end = endOfFailure(run, AbortSignal.abort('interrupted'), unknown);
    expect(end).toMatchObject({ status: 'failed', error: { slug: 'output-unavailable' } });
    expect(end.days).toBeUndefined();
  });

  it('is that of the stop where one came first', () => {
    const end = endOfFailure(run, AbortSignal.abort('cancelled'), 'cancelled');
    expect(end).toMatchObject({ status: 'cancelled' });
  });
});
