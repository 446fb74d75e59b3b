import { describe, expect, it } from 'vitest';
import { type Day, layoutOf } from '../../src/model/day.js';
import { DayMap } from '../../src/model/day-map.js';
import { seedDefinition, shapeOf } from '../../src/model/definition.js';
import type { RecordedDay } from '../../src/output/commit-record.js';
import { contentsByLedger } from '../../src/output/contents.js';
import { nextIndex } from '../../src/output/next-index.js';

const layout = layoutOf('index');
const headerBytes = 40;

function recorded(number: number, { sha256 = 'a', sizeBytes = 10, rows = 1 } = {}): RecordedDay {
  return {
    day: String(number) as Day,
    rows,
    totals: { items_count: 1 },
    sizeBytes,
    sha256,
    records: 1,
    fingerprint: [],
    adopted: null,
    definition: 'now',
    reprocess: false,
    damage: null,
    version: 1,
    runId: 'r',
    committedAt: '2026-11-23T00:00:00Z',
    engine: 'scan',
  };
}

const ledgerOf = (days: readonly RecordedDay[], before: DayMap<RecordedDay> | null = null) =>
  DayMap.from(
    layout,
    days.map(({ day }) => day),
    days,
    before,
  );

/** Days in three chunks, one after the other. */
const days = [0, 1, 70, 71, 140].map((number) => recorded(number));
const ledger = ledgerOf(days);
const contents = contentsByLedger(ledger, headerBytes);

const change = {
  runId: 's',
  engine: null,
  definition: 'now',
  replace: new Map(),
  mark: new Set<Day>(),
  adopt: new Map(),
  raw: { device: '1', archived: 0 },
  columns: null,
};
const stamp = { version: 2, committedAt: '2026-11-24T00:00:00Z' };
const shape = shapeOf(seedDefinition('index', []));
const usual = { shape, found: shape, contents, ledger, change, stamp };

describe('the index after a commit', () => {
  it('is the ledger where nothing changed, in one piece of the file for each chunk', () => {
    const next = nextIndex(usual);
    expect(next).toMatchObject({ bytesChange: false, unchanged: true });
    expect(next.days.every((entry, at) => entry === days[at])).toBe(true);
    expect(next.sources).toEqual([
      { kind: 'range', offset: 40, length: 20 },
      { kind: 'range', offset: 60, length: 20 },
      { kind: 'range', offset: 80, length: 10 },
    ]);
  });

  it.each([
    ['altered', recorded(70, { sha256: 'b' })],
    ['lost', null],
  ])('says which rows of a chunk are %s, also where they were right before', (damage, there) => {
    nextIndex(usual);
    const found = contentsByLedger(
      ledgerOf(
        days.flatMap((entry) => (entry.day !== '70' ? [entry] : there === null ? [] : [there])),
      ),
      headerBytes,
    );
    const next = nextIndex({ ...usual, contents: found });
    expect(next.unchanged).toBe(false);
    expect(next.days.map((entry) => entry.damage)).toEqual([null, null, damage, null, null]);
  });

  it('has the days of which only the output knows', () => {
    const next = nextIndex({ ...usual, ledger: ledgerOf(days.slice(0, 4)) });
    expect(next.days.map((entry) => entry.adopted)).toEqual([null, null, null, null, 'unverified']);
  });

  it('marks one day of a chunk', () => {
    const next = nextIndex({ ...usual, change: { ...change, mark: new Set(['71' as Day]) } });
    expect(next).toMatchObject({ bytesChange: false, unchanged: false });
    expect(next.days.map(({ reprocess }) => reprocess)).toEqual([false, false, false, true, false]);
  });
});

describe('the contents of the output', () => {
  const offsets = (found: typeof contents) =>
    [...found.days.values()].map(({ source }) => source.kind === 'range' && source.offset);

  it('lie behind a day that grew', () => {
    const grown = ledgerOf([recorded(0, { sizeBytes: 15 }), ...days.slice(1)], ledger);
    expect(offsets(contentsByLedger(grown, headerBytes, contents))).toEqual([40, 55, 65, 75, 85]);
    expect(offsets(contentsByLedger(ledger, headerBytes, contents))).toEqual([40, 50, 60, 70, 80]);
  });

  it('are shared where days lie as before', () => {
    const grown = ledgerOf(
      [...days.slice(0, 4), recorded(140, { sha256: 'b', sizeBytes: 15 })],
      ledger,
    );
    const found = contentsByLedger(grown, headerBytes, contents);
    const isKept = [...found.days].map(([day, each]) => each === contents.days.get(day));
    expect(isKept).toEqual([true, true, true, true, false]);
    expect(DayMap.of(layout, found.days).chunk(0)).toBe(DayMap.of(layout, contents.days).chunk(0));
  });

  it('leave out days without rows', () => {
    const none = recorded(70, { rows: 0, sizeBytes: 0 });
    const found = contentsByLedger(ledgerOf([recorded(0), none, recorded(140)]), headerBytes);
    expect([...found.days.keys()]).toEqual(['0', '140']);
    expect(offsets(found)).toEqual([40, 50]);
  });
});
