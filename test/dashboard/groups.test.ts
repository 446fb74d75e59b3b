import { describe, expect, it } from 'vitest';
import { countGaps, type Group, groupDays } from '../../src/dashboard/model/groups.js';
import { move, rowsOf } from '../../src/dashboard/model/strip-keys.js';
import { dayStatus } from './facts.js';

const grouped = (days: readonly string[]) => groupDays(days.map((day) => dayStatus(day)));

/** `label@offset: days`, gaps in brackets. */
function drawn(group: Group): string {
  if (group.kind === 'void') return `void of ${group.days}`;
  const slots = group.slots.map((slot) =>
    slot.kind === 'day' ? slot.status.day.slice(-2) : `[${slot.day.slice(-2)}]`,
  );
  return `${group.label}@${group.offset}: ${slots.join(' ')}`;
}

describe('days by month', () => {
  it('come the newest month first, with what is missing in its place', () => {
    const groups = grouped(['2026-01-30', '2026-02-02', '2026-02-03']);
    expect(groups.map(drawn)).toEqual(['Feb 2026@0: [01] 02 03', 'Jan 2026@29: 30 [31]']);
    expect(countGaps(groups)).toBe(2);
  });

  it('know leap years, and years before 100', () => {
    expect(grouped(['2024-02-28', '2024-03-01']).map(drawn)).toEqual([
      'Mar 2024@0: 01',
      'Feb 2024@27: 28 [29]',
    ]);
    expect(grouped(['0099-12-31', '0100-01-01']).map(drawn)).toEqual([
      'Jan 100@0: 01',
      'Dec 99@30: 31',
    ]);
  });

  it('tell empty months in one line, however many there are', () => {
    const groups = grouped(['0001-01-01', '9999-12-31']);
    expect(groups.map(({ kind }) => kind)).toEqual(['days', 'void', 'days']);
    // 3,652,059 days from 1 January 1 to 31 December 9999.
    expect(countGaps(groups)).toBe(3_652_059 - 2);
  });

  it('hold every day of ten years once', () => {
    const days = Array.from({ length: 3650 }, (_, index) =>
      new Date(Date.UTC(2016, 10, 28) + index * 86_400_000).toISOString().slice(0, 10),
    );
    const groups = grouped(days);
    const shown = rowsOf(groups)
      .toReversed()
      .flatMap((row) => row.days);
    expect(shown).toEqual(days);
    expect(groups).toHaveLength(121);
    expect(countGaps(groups)).toBe(0);
  });
});

describe('days by index', () => {
  it('come in stretches of thirty', () => {
    expect(grouped(['0', '2', '31']).map(drawn)).toEqual([
      '30–59@0: [30] 31',
      `0–29@0: 0 [1] 2 ${Array.from({ length: 27 }, (_, index) => `[${index + 3}]`).join(' ')}`,
    ]);
  });

  it('cost little where they are far apart', () => {
    const groups = grouped(['0', String(Number.MAX_SAFE_INTEGER)]);
    expect(groups).toHaveLength(3);
  });

  it('are nothing where there are none', () => {
    expect(grouped([])).toEqual([]);
  });
});

describe('keys', () => {
  const rows = rowsOf(grouped(['2026-01-30', '2026-02-01', '2026-02-28', '2026-03-31']));

  it.each([
    ['2026-02-01', 'ArrowLeft', '2026-01-31'],
    ['2026-01-31', 'ArrowRight', '2026-02-01'],
    ['2026-01-30', 'ArrowLeft', '2026-01-30'],
    ['2026-03-31', 'ArrowRight', '2026-03-31'],
    ['2026-03-31', 'ArrowDown', '2026-02-28'],
    ['2026-02-28', 'ArrowUp', '2026-03-28'],
    ['2026-02-03', 'ArrowDown', '2026-01-30'],
    ['2026-03-31', 'ArrowUp', '2026-03-31'],
    ['2026-02-10', 'Home', '2026-01-30'],
    ['2026-02-10', 'End', '2026-03-31'],
    ['2026-03-31', 'PageDown', '2026-01-31'],
  ])('from %s %s leads to %s', (from, key, to) => {
    expect(move(rows, from, key)).toBe(to);
  });

  it('others move nothing, nor does a day that is not there', () => {
    expect(move(rows, '2026-02-10', 'a')).toBeNull();
    expect(move(rows, '2020-01-01', 'ArrowLeft')).toBeNull();
  });
});
