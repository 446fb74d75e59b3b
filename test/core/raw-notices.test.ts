import { describe, expect, it } from 'vitest';
import type { IgnoredEntry, RawDay, RawListing } from '../../src/core/ports/raw.js';
import { rawNotices } from '../../src/core/raw-notices.js';
import type { Day } from '../../src/model/day.js';

const there = { kind: 'there' } as const;
const entry = (traits: Partial<IgnoredEntry>): IgnoredEntry => ({
  name: 'x',
  reason: 'Its name is no day.',
  kind: 'file',
  likelyDay: null,
  ...traits,
});

function rootWith(ignored: IgnoredEntry[], files = 1, unread: RawDay['unread'] = []): RawListing {
  const day = { day: '0', files: Array(files).fill({}), refused: [], unread };
  const days = new Map([['0' as Day, day as unknown as RawDay]]);
  return { root: '/raw', device: '1', days, ignored };
}

const codesOf = (raw: RawListing) => rawNotices(raw, there).map(({ code }) => code);

describe('what is left out of the raw root', () => {
  it.each<[string, Partial<IgnoredEntry>, boolean]>([
    ['a folder', { kind: 'folder', name: 'old' }, true],
    ['what is named nearly like a day', { name: '01', likelyDay: '1' as Day }, true],
    ['a raw file', { name: 'orders_3.CSV.gz' }, true],
    ['another file', { name: 'README.md' }, false],
    ['what is marked as no data', { kind: 'marked', name: '_tmp' }, false],
  ])('%s', (_what, traits, isTold) => {
    expect(codesOf(rootWith([entry(traits)]))).toEqual(isTold ? ['not-days'] : []);
    // Where nothing else is there, there is no day.
    expect(codesOf(rootWith([entry(traits)], 0))).toEqual(isTold ? ['no-days'] : []);
  });

  it('says why where all have one reason, and where to look where they have several', () => {
    const one = { name: 'a.tsv', reason: 'It ends with .tsv.' };
    const other = { name: 'b', reason: 'It is a folder.' };
    const messageOf = (...unread: RawDay['unread']) =>
      rawNotices(rootWith([], 1, unread), there)[0]?.message;
    expect(messageOf(one)).toMatch(/: 0\/a\.tsv\. It ends with \.tsv\.$/);
    expect(messageOf(one, other)).toMatch(/: 0\/a\.tsv, 0\/b\. GET \/v1\/days\/\{day\} says why/);
  });

  it('tells that days have lost their raw files', () => {
    const lost = { kind: 'emptied', lost: 2, detail: 'gone' } as const;
    expect(rawNotices(rootWith([]), lost)).toEqual([{ code: 'raw-emptied', message: 'gone' }]);
  });
});
