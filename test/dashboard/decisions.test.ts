import { describe, expect, it } from 'vitest';
import { fractionOf } from '../../src/client/progress.js';
import type { DayStatus } from '../../src/client/types.js';
import { count } from '../../src/client/words.js';
import {
  categoryTotals,
  heatOf,
  hoursOf,
  type OutputRow,
  tabulate,
  windowOf,
} from '../../src/dashboard/model/aggregate.js';
import { parseDayRange, writeDayRange } from '../../src/dashboard/model/day-range.js';
import { figureOf } from '../../src/dashboard/model/figure.js';
import { knownProgress, progressWords } from '../../src/dashboard/model/progress.js';
import { dayStatus, newDay, runDay, runOf } from './facts.js';

describe('days as people write them', () => {
  const known = ['1', '2', '3', '5', '10'].map((day) => dayStatus(day));

  it.each([
    ['2', ['2']],
    ['10, 2 2', ['2', '10']],
    ['2..5', ['2', '3', '5']],
    ['1,3..10', ['1', '3', '5', '10']],
  ])('%s', (text, days) => {
    expect(parseDayRange(text, known)).toEqual({ kind: 'days', days });
  });

  it.each([
    ['', 'Name at least one day.'],
    ['4', '“4” is not a day that is known.'],
    ['1..4', '“4” is not a day that is known.'],
    ['5..2', '“5..2” ends before it begins.'],
    ['1..2..3', '“1..2..3” is not a range; write it as FIRST..LAST.'],
  ])('%j is a mistake', (text, sentence) => {
    expect(parseDayRange(text, known)).toEqual({ kind: 'mistake', sentence });
  });

  it('are written the shortest way, and read back the same', () => {
    const days = ['1', '2', '3', '10'];
    const text = writeDayRange(new Set(days), known);
    expect(text).toBe('1..3, 10');
    expect(parseDayRange(text, known)).toEqual({ kind: 'days', days });
    expect(writeDayRange(new Set(), known)).toBe('');
  });
});

describe('progress', () => {
  const days = [newDay('1'), newDay('2'), dayStatus('3')];
  const told = {
    day: '2',
    days: { done: 1, total: 2 },
    bytes: { done: 50, total: 200 },
    engine: null,
  };

  it('is what the service says, first by events, then by the run', () => {
    expect(knownProgress(runOf({ status: 'running' }), told, days)).toBe(told);
    const run = runOf({ status: 'running', progress: { ...told, day: null } });
    expect(knownProgress(run, null, days)).toBe(run.progress);
  });

  it('or else made out from the days that are done', () => {
    const run = runOf({ status: 'running', days: [runDay('1')] });
    expect(knownProgress(run, null, days)).toEqual({
      day: null,
      days: { done: 1, total: 2 },
      bytes: { done: 100, total: 200 },
      engine: null,
    });
    expect(knownProgress({ ...run, select: 'all' }, null, days)?.days.total).toBe(3);
    const listed = runOf({ status: 'running', select: 'days', requestedDays: ['3'] });
    expect(knownProgress(listed, null, days)?.days).toEqual({ done: 0, total: 1 });
    expect(knownProgress(runOf({ status: 'queued' }), null, days)).toBeNull();
  });

  it('is said in days and bytes', () => {
    expect(progressWords(told)).toBe('1 of 2 days · 50 B of 200 B · now 2');
    expect(fractionOf(told)).toBe(0.25);
    expect(fractionOf({ ...told, bytes: { done: 0, total: 0 } })).toBe(0.5);
    expect(
      fractionOf({ ...told, days: { done: 0, total: 0 }, bytes: { done: 0, total: 0 } }),
    ).toBeNull();
  });
});

function tabulated(status: DayStatus, rows: readonly OutputRow[]) {
  const table = tabulate(status, rows, false);
  if (table === null) throw new Error('these rows have hours and categories');
  return table;
}

describe('the output as pictures', () => {
  const rows = [
    { day_of_week: '1', hour_of_day: 0, category: 'milk', items_count: 2 },
    { day_of_week: '1', hour_of_day: 23, category: 'milk', items_count: 3 },
    { day_of_week: '1', hour_of_day: 23, category: 'eggs', items_count: 5 },
  ];
  const day = { day: '1', output: { totals: { items_count: 10 } } } as unknown as DayStatus;
  const table = tabulated(day, rows);

  it('sums items by hour and category', () => {
    expect(hoursOf(table, null)[23]).toBe(8);
    expect(hoursOf(table, 'milk')[23]).toBe(3);
    expect(new Set(hoursOf(table, 'none'))).toEqual(new Set([0]));
    expect(categoryTotals([table, table])).toEqual([
      { category: 'eggs', items: 10 },
      { category: 'milk', items: 10 },
    ]);
  });

  it.each([
    ['of no hour', { on: '1', zone: 'a', hour: 3, n: 2 }, { n: 2 }],
    ['of an hour past the day', { on: '1', hour: 24, zone: 'a', n: 2 }, { n: 2 }],
    ['with an empty key', { on: '1', hour: 3, zone: null, n: 2 }, { n: 2 }],
    ['with one key only', { on: '1', hour: 3, n: 2 }, { n: 2 }],
    ['of another measure beside it', { on: '1', hour: 3, zone: 'a', n: 2, m: 2 }, { n: 2 }],
    ['of two measures', { on: '1', hour: 3, zone: 'a', n: 2 }, { n: 2, m: 2 }],
    ['of values that do not add up', { on: '1', hour: 3, zone: 'a', n: 2 }, {}],
  ])('draws no rows %s', (_, row, totals) => {
    const status = { day: '1', output: { totals } } as unknown as DayStatus;
    expect(tabulate(status, [row], false)).toBeNull();
  });

  it('draws the first measure that adds up, else rows', () => {
    const of = (output: object) => ({ day: '1', output }) as unknown as DayStatus;
    const days = [of({ rows: 4, totals: { trips: 3, fare: '1.5' } })];
    expect([figureOf(days).name, days.map(figureOf(days).of)]).toEqual(['trips', [3]]);
    const without = [of({ rows: 4, totals: {} })];
    expect([figureOf(without).name, without.map(figureOf(without).of)]).toEqual(['Rows', [4]]);
  });

  it('sums exactly, and colours, beyond what a number holds', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const large = ['a', 'b'].map((category) => ({
      day_of_week: '1',
      hour_of_day: 3,
      category,
      items_count: most,
    }));
    const tables = [tabulated(day, [...large, ...rows])];
    const twice = '18014398509481982';
    expect(hoursOf(tables[0] as (typeof tables)[0], null)[3]).toBe(twice);
    expect(categoryTotals([...tables, ...tables])[0]).toEqual({ category: 'a', items: twice });
    expect([heatOf(twice, twice), heatOf(1, twice), heatOf(0, twice)]).toEqual([7, 1, 0]);
    expect(count(twice)).toBe('18,014,398,509,481,982');
  });

  it('colours nothing as nothing, and the largest as the largest', () => {
    expect([0, 1, 50, 100].map((items) => heatOf(items, 100))).toEqual([0, 1, 4, 7]);
    expect(heatOf(5, 0)).toBe(0);
  });

  it('shows a window that stays within the days', () => {
    const days = [1, 2, 3, 4, 5];
    expect(windowOf(days, 5, 2)).toEqual([4, 5]);
    expect(windowOf(days, 1, 2)).toEqual([1, 2]);
    expect(windowOf(days, 99, 2)).toEqual([4, 5]);
    expect(windowOf(days, 3, 99)).toEqual(days);
    expect(windowOf([], 0, 7)).toEqual([]);
  });
});
