import { describe, expect, it } from 'vitest';
import {
  ago,
  clock,
  count,
  countOf,
  duration,
  ended,
  list,
  sentence,
  size,
} from '../../src/client/words.js';

describe('numbers', () => {
  it.each([
    [count(1234567), '1,234,567'],
    [countOf(1, 'day'), '1 day'],
    [countOf(0, 'day'), '0 days'],
    [countOf(2, 'entry', 'entries'), '2 entries'],
    [size(1), '1 B'],
    [size(999), '999 B'],
    [size(1000), '1.0 kB'],
    [size(12_345_678), '12 MB'],
    [size(3e15), '3000 TB'],
    [duration(3.6), '4 ms'],
    [duration(1500), '1.5 s'],
    [duration(42_000), '42 s'],
    [duration(200_000), '3 min 20 s'],
    [duration(7_500_000), '2 h 5 min'],
    [ago(1000, 2000), 'just now'],
    [ago(9000, 0), 'just now'],
    [ago(0, 59_000), '59 s ago'],
    [ago(0, 3_599_000), '59 min ago'],
    [ago(0, 3_600_000 * 47), '47 h ago'],
    [ago(0, 86_400_000 * 3), '3 days ago'],
  ])('%s', (said, expected) => {
    expect(said).toBe(expected);
  });

  it('and moments have their date only where it was another day', () => {
    const now = Date.parse('2026-11-25T23:00:00Z');
    expect(clock('2026-11-25T14:02:33Z', now, 'UTC')).toBe('14:02');
    expect(clock('2026-11-23T14:02:33Z', now, 'UTC')).toBe('23 Nov, 14:02');
    expect(clock('2026-11-25T14:02:33Z', now, 'Asia/Tokyo')).toBe('25 Nov, 23:02');
  });
});

describe('lists and sentences', () => {
  it.each([
    [list([]), ''],
    [list(['1']), '1'],
    [list(['1', '2', '3']), '1, 2 and 3'],
    [list(['1', '2', '3', '4'], 3), '1, 2 and 2 more'],
    [list(['1', '2', '3', '4'], 3, 4, 4), '1, 2 and at least 2 more'],
    [sentence('its folder is gone'), 'Its folder is gone.'],
    [sentence('why?'), 'Why?'],
    [ended('orders_5.csv, line 2: wrong'), 'orders_5.csv, line 2: wrong.'],
  ])('%j', (said, expected) => {
    expect(said).toBe(expected);
  });
});
