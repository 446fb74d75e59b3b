import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommitRecord, RecordedDay } from '../../src/output/commit-record.js';
import {
  changedDays,
  snapshotFor,
  snapshotInterval,
  withChanges,
} from '../../src/output/differential.js';
import { keptRecords } from '../../src/output/ledger.js';
import { createRecordCodec } from '../../src/output/record-file.js';
import { shape } from '../support/counted.js';
import { day, fingerprint, layout } from './place.js';

function entry(name: number | string, more: Partial<RecordedDay> = {}): RecordedDay {
  return {
    day: day(String(name)),
    rows: 1,
    totals: { items_count: 1 },
    sizeBytes: 8,
    sha256: 'a'.repeat(64),
    records: 1,
    fingerprint,
    adopted: null,
    definition: '0123456789abcdef',
    reprocess: false,
    damage: null,
    version: 1,
    runId: 'run-1',
    committedAt: '2026-11-23T16:16:26.210Z',
    engine: 'csv',
    ...more,
  };
}

/** As the formats before the fourth have it. */
function olderEntry({ totals, records, ...rest }: RecordedDay) {
  return { ...rest, items: totals['items_count'], orders: records };
}

const week = [0, 1, 2, 3, 4, 5, 6].map((name) => entry(name));

function record(version: number, days: readonly RecordedDay[], more: Partial<CommitRecord> = {}) {
  const full: CommitRecord = {
    version,
    runId: `run-${version}`,
    committedAt: '2026-11-23T16:16:26.210Z',
    dataset: 'orders',
    output: 'orders.csv',
    layout: 'index',
    shape,
    settings: { DAYMARK_RAW_DIR: '/raw' },
    raw: { device: '1', archived: 0 },
    columns: ['milk'],
    parent: null,
    staged: true,
    file: null,
    base: null,
    snapshot: null,
    days,
  };
  return { ...full, ...more };
}

describe('the days that changed since a snapshot', () => {
  it('are those that are new, wherever they come', () => {
    const [early, between, late] = [entry(0), entry(2), entry(10)];
    const before = [entry(1), entry(3)];
    const after = [early, before[0], between, before[1], late] as RecordedDay[];
    expect(changedDays(before, after)).toEqual([early, between, late]);
    expect(changedDays([], after)).toEqual(after);
  });

  it.each<[string, Partial<RecordedDay>]>([
    ['marked', { reprocess: true }],
    ['found damaged', { damage: 'altered' }],
    ['made anew', { sha256: 'b'.repeat(64), version: 2 }],
    ['given another fingerprint', { fingerprint: [] }],
  ])('are those that were %s', (_how, difference) => {
    const changed = entry(3, difference);
    const after = week.with(3, changed);
    expect(changedDays(week, after)).toEqual([changed]);
    expect(withChanges(layout, week, [changed])).toEqual(after);
  });

  it('cannot say that a day is gone', () => {
    expect(changedDays(week, week.slice(1))).toBeNull();
    expect(changedDays(week, week.slice(0, -1))).toBeNull();
    expect(changedDays(week, [])).toBeNull();
  });

  it('and the snapshot give the record again, and no day twice', () => {
    const history = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
    fc.assert(
      fc.property(history, history, (held, touched) => {
        const inOrder = (days: Iterable<RecordedDay>) =>
          [...days].sort((a, b) => layout.compare(a.day, b.day));
        const before = inOrder(held.map((name) => entry(name)));
        const next = new Map(before.map((each) => [each.day, each]));
        for (const name of touched) next.set(day(String(name)), entry(name, { version: 2 }));
        const after = inOrder(next.values());
        const changed = changedDays(before, after);
        expect(changed).toHaveLength(touched.length);
        expect(withChanges(layout, before, changed ?? [])).toEqual(after);
      }),
    );
  });
});

describe('a record', () => {
  const parent = record(1, week);
  const next = [...week, entry(7)];

  it('is full where there is nothing to build on', () => {
    expect(snapshotFor(null, 2, next)).toBeNull();
  });

  it('builds on its parent, or on what that builds on', () => {
    expect(snapshotFor(parent, 2, next)).toBe(parent);
    const differential = record(2, next, { snapshot: parent });
    expect(snapshotFor(differential, 3, [...next, entry(8)])).toBe(parent);
  });

  it('is full again before what it builds on can be pruned', () => {
    const at = (version: number) =>
      snapshotFor(record(version - 1, next, { snapshot: parent }), version, next);
    expect(at(snapshotInterval)).toBe(parent);
    expect(at(snapshotInterval + 1)).toBeNull();
    // Whoever looked at the head and its snapshot may take as long as ten commits of others to read both.
    expect(keptRecords - snapshotInterval).toBeGreaterThanOrEqual(10);
  });

  it('is full where more than half of its days changed, or one is gone', () => {
    const eight = [...week, entry(7)];
    const marked = (count: number) =>
      eight.map((each, index) => (index < count ? { ...each, reprocess: true } : each));
    expect(snapshotFor(record(1, eight), 2, marked(4))).not.toBeNull();
    expect(snapshotFor(record(1, eight), 2, marked(5))).toBeNull();
    expect(snapshotFor(parent, 2, week.slice(1))).toBeNull();
  });
});

describe('the file of a record', () => {
  const codec = createRecordCodec(shape, { dataset: 'orders', output: 'orders.csv' });
  const full = record(1, week);
  const bytesOf = (stored: unknown) => Buffer.from(JSON.stringify(stored));
  const stored = (of: CommitRecord) => JSON.parse(codec.encode(of).toString('utf8'));

  it('holds all days, and is read again', () => {
    const file = codec.decode(codec.encode(full));
    expect(codec.complete(file, null)).toEqual(full);
    expect(stored(full)).toMatchObject({ format: 4, snapshot: null });
  });

  it('holds only what differs from a snapshot, however many days there are', () => {
    const days = Array.from({ length: 3_650 }, (_, name) => entry(name));
    const snapshot = record(7, days);
    const changed = [entry(17, { reprocess: true }), entry(4_000)];
    const differential = record(8, withChanges(layout, days, changed), { snapshot });
    const bytes = codec.encode(differential);
    expect(bytes.length).toBeLessThan(1_500);
    const file = codec.decode(bytes);
    expect(file.header.snapshot).toEqual({ version: 7, runId: 'run-7' });
    expect(file.days).toEqual(changed);
    expect(codec.complete(file, snapshot)).toEqual(differential);
  });

  it('of the first format is read, offsets checked', () => {
    const { snapshot: _, settings, raw, columns, dataset, output, ...old } = stored(full);
    expect([settings, raw, columns, dataset, output]).not.toContain(undefined);
    const headerBytes = 45;
    const placed = week
      .map(olderEntry)
      .map((each, index) => ({ ...each, offset: headerBytes + 8 * index }));
    const format1 = { ...old, format: 1, days: placed };
    const unsaid = { settings: null, raw: null, columns: null };
    expect(codec.complete(codec.decode(bytesOf(format1)), null)).toEqual({ ...full, ...unsaid });
    const gap = placed.map((each, index) => ({
      ...each,
      offset: each.offset + (index > 3 ? 1 : 0),
    }));
    expect(() => codec.decode(bytesOf({ ...format1, days: gap }))).toThrow(/day 4 is not in its/);
  });

  it('of the third format is read: items are the totals, and orders the records', () => {
    const format3 = { ...stored(full), format: 3, days: week.map(olderEntry) };
    expect(codec.complete(codec.decode(bytesOf(format3)), null)).toEqual(full);
    const mixed = { ...format3, format: 4 };
    expect(() => codec.decode(bytesOf(mixed))).toThrow(/totals/);
  });

  it.each<[string, (good: Record<string, unknown>) => unknown, RegExp?]>([
    ['is of a format to come', (good) => ({ ...good, format: 5 })],
    ['does not say what it builds on', ({ snapshot: _, ...rest }) => rest, /^snapshot: /],
    [
      'is of another dataset',
      (good) => ({ ...good, dataset: 'returns' }),
      /^dataset: the record belongs to the dataset "returns", and this one is "orders"$/,
    ],
    [
      'is of another output',
      (good) => ({ ...good, output: 'returns.csv' }),
      /^output: the record belongs to the output "returns.csv", and this one is "orders.csv"$/,
    ],
    ['is of another layout', (good) => ({ ...good, layout: 'date' })],
    ['has days out of order', (good) => ({ ...good, days: week.toReversed() })],
    ['has a day twice', (good) => ({ ...good, days: [...week, week[6]] })],
    ['lacks a field of a day', (good) => ({ ...good, days: [{ day: '1' }] }), /^days\.0\./],
  ])('is refused where it %s', (_how, change, words = /./) => {
    expect(() => codec.decode(bytesOf(change(stored(full))))).toThrow(words);
  });

  it('is read as far as recovery needs it, whatever its days are', () => {
    const header = codec.decodeHeader(bytesOf({ ...stored(full), days: 'none of your business' }));
    expect(header).toMatchObject({ version: 1, runId: 'run-1', staged: true, snapshot: null });
  });
});
