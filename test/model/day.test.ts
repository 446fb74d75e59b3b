import { describe, expect, it } from 'vitest';
import { type Day, gapsIn, layoutOf } from '../../src/model/day.js';

const index = layoutOf('index');
const date = layoutOf('date');

describe('a day of the index layout', () => {
  it.each(['0', '7', '10', '9007199254740991'])('is %s', (text) => {
    expect(index.parse(text)).toBe(text);
  });

  it.each([
    '',
    '-1',
    '01',
    '00',
    '1.0',
    ' 1',
    '1 ',
    '1\n',
    '+1',
    '1e3',
    '٣',
    '１',
    '9007199254740992',
    '99999999999999999999',
    '..',
    '2026-11-23',
  ])('is not %j', (text) => {
    expect(index.parse(text)).toBeNull();
  });

  it('is ordered by number, not by text', () => {
    expect((['10', '9', '0'] as Day[]).sort(index.compare)).toEqual(['0', '9', '10']);
  });
});

describe('a day of the date layout', () => {
  it.each(['2026-11-23', '2024-02-29', '0001-01-01'])('is %s', (text) => {
    expect(date.parse(text)).toBe(text);
  });

  it.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-1-1',
    '20261123',
    '2026-11-23T00:00',
    '0',
    '2026-11-23 ',
  ])('is not %j', (text) => {
    expect(date.parse(text)).toBeNull();
  });

  it('is followed by the next of the calendar', () => {
    expect(date.next('2024-02-28' as Day)).toBe('2024-02-29');
    expect(date.next('2026-12-31' as Day)).toBe('2027-01-01');
    expect(date.next('9999-12-31' as Day)).toBeNull();
  });
});

describe('gaps', () => {
  it('are the days missing between the first and the last', () => {
    expect(gapsIn(index, ['1', '3', '6'] as Day[], 10)).toEqual(['2', '4', '5']);
    expect(gapsIn(date, ['2026-02-27', '2026-03-01'] as Day[], 10)).toEqual(['2026-02-28']);
    expect(gapsIn(index, [], 10)).toEqual([]);
  });

  it('are bounded, however far apart two days lie', () => {
    expect(gapsIn(index, ['0', '9007199254740991'] as Day[], 3)).toEqual(['1', '2', '3']);
  });
});
