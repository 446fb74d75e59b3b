/** What is said of each day, by what a dry run found of it. */
import { describe, expect, it } from 'vitest';
import type { DayStatus } from '../../src/core/day-status.js';
import { judge } from '../../src/core/judge.js';
import { type Day, layoutOf } from '../../src/model/day.js';
import type { DayDifference, RunDay } from '../../src/model/run.js';
import { request } from './plane.js';

const layout = layoutOf('index');
const day = '3' as Day;

function found(traits: Partial<RunDay>): RunDay {
  const counts = { records: 5, rows: 2, totals: { n: 10 }, bytes: 100 };
  return { day, state: 'unverified', outcome: 'replaced', ...counts, ...traits };
}

const difference = (traits: Partial<DayDifference>): DayDifference => ({
  rowsAdded: 0,
  rowsRemoved: 0,
  rowsChanged: 0,
  totalsBefore: { n: 10 },
  totalsAfter: { n: 10 },
  ...traits,
});

const error = (code: 'raw-invalid' | 'day-waiting', detail: string) =>
  ({ code, detail, problems: [], problemCount: 0 }) as const;

/** As a later look sees the day: other rows by now. */
function status(traits: Record<string, unknown> = {}): DayStatus {
  const output = { rows: 7, totals: { n: 70 } };
  const seen = { day, state: 'processed', pending: false, reason: 'its reason', ledger: null };
  return { ...seen, raw: { ready: true }, output, ...traits } as unknown as DayStatus;
}

const verdictsOf = (
  run: readonly RunDay[],
  days: readonly DayStatus[],
  asked: readonly string[] | null = null,
) =>
  judge(
    layout,
    { days: run, request: request({ dryRun: true, days: asked as readonly Day[] | null }) },
    days,
  );

describe('a day that was compared', () => {
  it.each<[string, Partial<RunDay>, object]>([
    [
      'the same bytes',
      { outcome: 'unchanged', difference: difference({}) },
      {
        verdict: 'same',
        how: '',
        rows: { output: 2, raw: 2 },
        totals: { output: { n: 10 }, raw: { n: 10 } },
      },
    ],
    [
      'a new one',
      {
        outcome: 'added',
        state: 'new',
        difference: difference({ totalsBefore: { n: 0 }, rowsAdded: 2 }),
      },
      {
        verdict: 'pending',
        rows: { output: 0, raw: 2 },
        totals: { output: { n: 0 }, raw: { n: 10 } },
      },
    ],
    [
      'one below the checkpoint that is not there',
      {
        outcome: 'added',
        state: 'late',
        difference: difference({ totalsBefore: { n: 0 }, rowsAdded: 2 }),
      },
      { verdict: 'missing', how: 'not in the output, which should hold it' },
    ],
    [
      'one that comes to nothing',
      { outcome: 'added', state: 'late', rows: 0, totals: { n: 0 } },
      { verdict: 'same' },
    ],
    [
      'one that lost its rows',
      { state: 'damaged', difference: difference({ totalsBefore: { n: 0 }, rowsAdded: 2 }) },
      {
        verdict: 'missing',
        rows: { output: 0, raw: 2 },
        totals: { output: { n: 0 }, raw: { n: 10 } },
      },
    ],
    [
      'one that was appended three times',
      { difference: difference({ totalsBefore: { n: 30 }, rowsChanged: 2 }) },
      {
        verdict: 'differs',
        times: 3,
        how: 'counted 3 times',
        totals: { output: { n: 30 }, raw: { n: 10 } },
      },
    ],
    [
      'one of which not all is held as often',
      {
        totals: { n: 10, fare: '2.50' },
        difference: difference({
          totalsBefore: { n: 30, fare: '5' },
          totalsAfter: { n: 10, fare: '2.5' },
          rowsChanged: 2,
        }),
      },
      { verdict: 'differs', times: null },
    ],
    [
      'one with amounts that was appended again',
      {
        difference: difference({
          totalsBefore: { n: 20, fare: '-5', none: 0 },
          totalsAfter: { n: 10, fare: '-2.5', none: 0 },
          rowsChanged: 2,
        }),
      },
      { verdict: 'differs', times: 2 },
    ],
    [
      'three times as much, but in some rows only',
      { difference: difference({ totalsBefore: { n: 30 }, rowsChanged: 1 }) },
      { verdict: 'differs', times: null, how: 'rows: 1 with another count' },
    ],
    [
      'rows of each kind',
      {
        difference: difference({
          totalsBefore: { n: 12 },
          rowsChanged: 1,
          rowsAdded: 1,
          rowsRemoved: 3,
        }),
      },
      {
        verdict: 'differs',
        how: 'rows: 1 with another count, 1 missing, 3 that the raw files do not have',
        rows: { output: 4, raw: 2 },
      },
    ],
    [
      'the same sums in other bytes',
      { difference: difference({}) },
      { verdict: 'differs', times: null, how: 'the same sums in other rows' },
    ],
    [
      'other ignored columns',
      { state: 'outdated', difference: difference({ totalsBefore: { n: 11 }, rowsRemoved: 1 }) },
      { how: 'rows: 1 that the raw files do not have; made under another definition' },
    ],
    [
      'a raw file that is wrong',
      {
        outcome: 'failed',
        rows: 0,
        totals: { n: 0 },
        error: error('raw-invalid', 'line 7 is wrong'),
      },
      {
        verdict: 'unreadable',
        how: 'line 7 is wrong',
        rows: { output: 7, raw: null },
        totals: { output: { n: 70 }, raw: null },
      },
    ],
    [
      'an output that changed meanwhile',
      { reason: 'the output changed meanwhile' },
      { verdict: 'unreadable', how: 'the output changed meanwhile', totals: { raw: { n: 10 } } },
    ],
  ])('%s', (_, traits, expected) => {
    expect(verdictsOf([found(traits)], [status()])).toEqual([expect.objectContaining({ day })]);
    expect(verdictsOf([found(traits)], [status()])[0]).toMatchObject(expected);
  });

  it('is judged as it was then, though nothing is left of it', () => {
    const run = [found({ outcome: 'unchanged', difference: difference({}) })];
    expect(verdictsOf(run, [])).toEqual(verdictsOf(run, [status({ output: null, raw: null })]));
  });
});

describe('a day that was not compared', () => {
  const archived = { state: 'archived', raw: null };
  it.each<[string, Record<string, unknown>, object]>([
    ['its raw data is gone', archived, { verdict: 'no-raw', how: 'its reason' }],
    [
      'its rows are damaged, too',
      { ...archived, state: 'damaged' },
      { verdict: 'differs', how: 'its reason', totals: { output: { n: 70 }, raw: null } },
    ],
    [
      'it came since',
      {},
      { verdict: 'no-raw', how: 'its raw files came after the comparison began' },
    ],
  ])('%s', (_, traits, expected) => {
    expect(verdictsOf([], [status(traits)])).toMatchObject([expected]);
  });

  const waiting = status({ state: 'waiting', output: null, raw: { ready: false } });

  it('is left out where it was never in the output, unless it was asked for', () => {
    expect(verdictsOf([], [waiting])).toEqual([]);
    const failed = found({ outcome: 'failed', error: error('day-waiting', 'it waits') });
    expect(verdictsOf([failed], [waiting], ['3'])).toMatchObject([{ day, verdict: 'no-raw' }]);
  });

  it('is no fault where it was listed and is archived', () => {
    const skipped = found({ outcome: 'skipped', reason: 'its reason' });
    expect(verdictsOf([skipped], [status(archived)], ['3'])).toMatchObject([{ verdict: 'no-raw' }]);
  });

  it('is not told of where others were listed', () => {
    expect(verdictsOf([], [status(archived)], ['4'])).toEqual([]);
  });
});

it('days come in their order', () => {
  const run = ['2', '10'].map((each) => found({ day: each as Day, outcome: 'unchanged' }));
  const gone = status({ day: '9', raw: null, state: 'archived' });
  expect(verdictsOf(run, [gone]).map((each) => each.day)).toEqual(['2', '9', '10']);
});
