import { describe, expect, it } from 'vitest';
import { fractionOf } from '../../src/client/progress.js';
import type { DayStatus } from '../../src/client/types.js';
import { count } from '../../src/client/words.js';
import { parseDayRange, writeDayRange } from '../../src/dashboard/model/day-range.js';
import { type Columns, figuresOf, notAddedUp } from '../../src/dashboard/model/figure.js';
import {
  heatFrom,
  heatKeysOf,
  heatOf,
  largestOf,
  windowOf,
  withGaps,
} from '../../src/dashboard/model/heat.js';
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

describe('the output as pictures', () => {
  const range = { least: 0, most: 23 };
  const columns: Columns = {
    day: 'on',
    keys: [
      { name: 'zone', type: 'text', range: null },
      { name: 'hour', type: 'integer', range },
      { name: 'sensor', type: 'integer', range: null },
      { name: 'minute', type: 'integer', range: { least: 0, most: 59 } },
    ],
    measures: [
      { name: 'mean', type: 'decimal', additive: false },
      { name: 'trips', type: 'integer', additive: true },
      { name: 'fare', type: 'decimal', additive: true },
    ],
  };
  const trips = figuresOf(columns)[0];
  const sum = (day: string | null, value: string | number | null, trips: number | string) => ({
    ...{ day, value },
    ...{ rows: 1, totals: { trips } },
  });

  it('offers what can be added up, the first such measure before rows and records', () => {
    expect(figuresOf(columns).map(({ name }) => name)).toEqual([
      'trips',
      'fare',
      'Rows',
      'Records',
    ]);
    expect(notAddedUp(columns)).toEqual(['mean']);
    const none = figuresOf({ ...columns, measures: columns.measures.slice(0, 1) });
    expect(none.map(({ measure }) => measure)).toEqual(['rows', null]);
  });

  it('knows of a day what there is, and nothing of one that was never taken', () => {
    const output = { rows: 4, totals: { trips: 3, fare: '1.5' }, bytes: 1, sha256: '' };
    const commit = { version: 1, runId: 'r', committedAt: '', engine: 'csv' as const, records: 9 };
    const of = (status: DayStatus) => figuresOf(columns).map((figure) => figure.of(status));
    expect(of(dayStatus('1', { output, commit }))).toEqual([3, '1.5', 4, 9]);
    expect(of(dayStatus('1', { output: null, commit }))).toEqual([0, 0, 0, 9]);
    expect(of(newDay('1'))).toEqual([null, null, null, null]);
  });

  it('draws by small whole numbers alone, and by all of them', () => {
    expect(heatKeysOf(columns).map(({ name }) => name)).toEqual(['hour', 'sensor']);
    const groups = [sum('1', 9, 2), sum('2', 11, '9007199254740993')];
    const byHour = heatFrom({ range }, { groups, others: null }, trips);
    expect(byHour?.columns).toHaveLength(24);
    expect(byHour?.cells.get('2')).toEqual(new Map([[11, '9007199254740993']]));
    expect(heatFrom({ range: null }, { groups, others: null }, trips)?.columns).toEqual([
      9, 10, 11,
    ]);
    const others = { groups: 1, rows: 1, totals: {} };
    expect(heatFrom({ range: null }, { groups, others }, trips)).toBeNull();
    const far = [...groups, sum('2', 57, 1)];
    expect(heatFrom({ range: null }, { groups: far, others: null }, trips)).toBeNull();
    const empty = [...groups, sum('2', null, 1)];
    expect(heatFrom({ range }, { groups: empty, others: null }, trips)).toBeNull();
  });

  it('shows the days that are missing in between', () => {
    const rows = withGaps(['2026-10-30', '2026-11-02', '2026-11-03'].map((day) => dayStatus(day)));
    expect(rows.map((row) => (row.kind === 'gap' ? row.days : row.status.day))).toEqual([
      ...['2026-10-30', 2, '2026-11-02', '2026-11-03'],
    ]);
    const indexes = withGaps([dayStatus('7'), dayStatus('1000')]);
    expect(indexes[1]).toEqual({ kind: 'gap', after: '7', days: 992 });
  });

  it('colours by size, nothing as nothing, and beyond what a number holds', () => {
    expect([0, 1, 50, 100].map((total) => heatOf(total, 100))).toEqual([0, 1, 4, 7]);
    expect(heatOf(-50, 100)).toBe(4);
    expect(heatOf(0, 0)).toBe(0);
    const large = '9007199254740993';
    expect(largestOf([3, large, '-9007199254740994'])).toBe('9007199254740994');
    expect(largestOf([])).toBe(0);
    expect([heatOf(large, large), heatOf(1, large)]).toEqual([7, 1]);
    expect(count('18014398509481982')).toBe('18,014,398,509,481,982');
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
