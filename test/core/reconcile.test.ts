import { describe, expect, it } from 'vitest';
import type { RawDay } from '../../src/core/ports/raw.js';
import { type Reconciled, type ReconcileInput, reconcile } from '../../src/core/reconcile.js';
import type { CheckpointReading, StoredCheckpoint } from '../../src/model/checkpoint.js';
import { type Day, layoutOf } from '../../src/model/day.js';
import { DayMap } from '../../src/model/day-map.js';
import type { DayState } from '../../src/model/day-state.js';
import type { Adoption, Damage, LedgerDay, OutputDay } from '../../src/model/ledger.js';
import type { Rules } from '../../src/model/rules.js';
import { createRandom } from '../../src/sample/random.js';

interface Touch {
  readonly ctimeNs?: string;
  readonly ino?: string;
}

const fingerprintOf = (mark: string, touch: Touch = {}) => [
  { name: 'orders.csv', sizeBytes: 10, mtimeNs: mark, ...touch },
];

interface RawTraits {
  ready?: boolean;
  mark?: string;
  touch?: Touch;
}

function rawDay(day: string, { ready = true, mark = '1', touch = {} }: RawTraits = {}): RawDay {
  const fingerprint = ready ? fingerprintOf(mark, touch) : [];
  const waitsFor = ready ? null : 'a file';
  const found = {
    complete: false,
    files: [],
    refused: [],
    unread: [],
    fingerprint,
    identity: mark,
  };
  return { day: day as Day, ready, waitsFor, ...found };
}

function outputDay({ sha256 = 'a', doubled = false } = {}): OutputDay {
  return { rows: 2, totals: { items_count: 5 }, sizeBytes: 20, sha256, doubled };
}

interface LedgerTraits {
  sha256?: string;
  rows?: number;
  mark?: string | null;
  touch?: Touch;
  reprocess?: boolean;
  damage?: Damage | null;
  adopted?: Adoption | null;
  definition?: string | null;
}

function ledgerDay(traits: LedgerTraits = {}): LedgerDay {
  const { sha256 = 'a', rows = 2, mark = '1', touch } = traits;
  const { reprocess = false, damage = null, adopted = null, definition = 'now' } = traits;
  return {
    rows,
    totals: { items_count: rows },
    sizeBytes: rows * 10,
    sha256,
    records: 3,
    fingerprint: mark === null ? null : fingerprintOf(mark, touch),
    adopted,
    definition,
    reprocess,
    damage,
    version: 1,
    runId: 'r',
    committedAt: '2026-11-23T00:00:00Z',
    engine: 'csv',
  };
}

interface World {
  raw?: RawDay[];
  output?: Record<string, OutputDay>;
  ledger?: Record<string, LedgerDay>;
  stored?: StoredCheckpoint;
  kind?: 'redis' | 'embedded';
  rules?: Partial<Rules>;
}

const absent: StoredCheckpoint = { status: 'absent' };

const usualRules: Rules = { definition: 'now', adopt: 'compare', checkpoint: 'highest' };

function look({ raw = [], output = {}, ledger = {}, ...world }: World) {
  const { stored = absent, kind = 'redis', rules = {} } = world;
  const byDay = <T>(record: Record<string, T>) => new Map(Object.entries(record) as [Day, T][]);
  return reconcile({
    layout: layoutOf('index'),
    rules: { ...usualRules, ...rules },
    raw: new Map(raw.map((each) => [each.day, each])),
    output: byDay(output),
    ledger: byDay(ledger),
    checkpoint: { kind, stored },
  });
}

interface DayCase {
  name: string;
  raw?: RawDay;
  output?: OutputDay;
  ledger?: LedgerDay;
  state: DayState;
  pending: boolean;
}

/** Every case is about day 3, in a world whose checkpoint is day 5 where `late` matters. */
const dayCases: DayCase[] = [
  { name: 'raw only', raw: rawDay('3'), state: 'new', pending: true },
  { name: 'an empty folder', raw: rawDay('3', { ready: false }), state: 'waiting', pending: false },
  {
    name: 'an empty folder that was empty data before',
    raw: rawDay('3', { ready: false }),
    ledger: ledgerDay({ rows: 0 }),
    state: 'waiting',
    pending: false,
  },
  {
    name: 'all agree',
    raw: rawDay('3'),
    output: outputDay(),
    ledger: ledgerDay(),
    state: 'processed',
    pending: false,
  },
  {
    name: 'no ledger entry',
    raw: rawDay('3'),
    output: outputDay(),
    state: 'unverified',
    pending: true,
  },
  {
    name: 'adopted while its raw files were away',
    raw: rawDay('3'),
    output: outputDay(),
    ledger: ledgerDay({ mark: null, adopted: 'unverified', definition: null }),
    state: 'unverified',
    pending: true,
  },
  {
    name: 'trusted',
    raw: rawDay('3'),
    output: outputDay(),
    ledger: ledgerDay({ adopted: 'trusted' }),
    state: 'processed',
    pending: false,
  },
  {
    name: 'trusted, other raw files since',
    raw: rawDay('3', { mark: '2' }),
    output: outputDay(),
    ledger: ledgerDay({ adopted: 'trusted', definition: null }),
    state: 'changed',
    pending: true,
  },
  {
    name: 'made under another definition',
    raw: rawDay('3'),
    output: outputDay(),
    ledger: ledgerDay({ definition: 'before' }),
    state: 'outdated',
    pending: true,
  },
  {
    name: 'trusted under another definition',
    raw: rawDay('3'),
    output: outputDay(),
    ledger: ledgerDay({ adopted: 'trusted', definition: 'before' }),
    state: 'outdated',
    pending: true,
  },
  {
    name: 'made under a definition that an older version did not write down',
    raw: rawDay('3'),
    output: outputDay(),
    ledger: ledgerDay({ definition: null }),
    state: 'outdated',
    pending: true,
  },
  {
    name: 'empty by the ledger',
    raw: rawDay('3'),
    ledger: ledgerDay({ rows: 0 }),
    state: 'processed',
    pending: false,
  },
  {
    name: 'other raw files',
    raw: rawDay('3', { mark: '2' }),
    output: outputDay(),
    ledger: ledgerDay(),
    state: 'changed',
    pending: true,
  },
  {
    name: 'empty before, other raw files now',
    raw: rawDay('3', { mark: '2' }),
    ledger: ledgerDay({ rows: 0 }),
    state: 'changed',
    pending: true,
  },
  {
    name: 'altered rows',
    raw: rawDay('3'),
    output: outputDay({ sha256: 'b' }),
    ledger: ledgerDay(),
    state: 'damaged',
    pending: true,
  },
  { name: 'lost rows', raw: rawDay('3'), ledger: ledgerDay(), state: 'damaged', pending: true },
  {
    name: 'doubled rows',
    raw: rawDay('3'),
    output: outputDay({ doubled: true }),
    state: 'damaged',
    pending: true,
  },
  {
    name: 'damage that was committed',
    raw: rawDay('3'),
    output: outputDay(),
    ledger: ledgerDay({ damage: 'altered' }),
    state: 'damaged',
    pending: true,
  },
  {
    name: 'loss that was committed',
    raw: rawDay('3'),
    ledger: ledgerDay({ rows: 0, damage: 'lost' }),
    state: 'damaged',
    pending: true,
  },
  {
    name: 'a mark',
    raw: rawDay('3'),
    output: outputDay(),
    ledger: ledgerDay({ reprocess: true }),
    state: 'rewound',
    pending: true,
  },
  {
    name: 'a mark and other raw files',
    raw: rawDay('3', { mark: '2' }),
    output: outputDay(),
    ledger: ledgerDay({ reprocess: true }),
    state: 'rewound',
    pending: true,
  },
  { name: 'raw gone', output: outputDay(), ledger: ledgerDay(), state: 'archived', pending: false },
  { name: 'raw gone, no ledger', output: outputDay(), state: 'archived', pending: false },
  {
    name: 'raw emptied',
    raw: rawDay('3', { ready: false }),
    output: outputDay(),
    ledger: ledgerDay(),
    state: 'archived',
    pending: false,
  },
  {
    name: 'raw gone, empty by the ledger',
    ledger: ledgerDay({ rows: 0 }),
    state: 'archived',
    pending: false,
  },
  {
    name: 'raw gone, marked',
    output: outputDay(),
    ledger: ledgerDay({ reprocess: true }),
    state: 'archived',
    pending: false,
  },
  {
    name: 'raw gone, altered',
    output: outputDay({ sha256: 'b' }),
    ledger: ledgerDay(),
    state: 'damaged',
    pending: false,
  },
  { name: 'raw gone, lost', ledger: ledgerDay(), state: 'damaged', pending: false },
  {
    name: 'raw gone, doubled',
    output: outputDay({ doubled: true }),
    state: 'damaged',
    pending: false,
  },
];

describe('the state of a day', () => {
  it.each(dayCases)('$name: $state', ({ raw, output, ledger, state, pending }) => {
    const { days } = look({
      raw: raw === undefined ? [] : [raw],
      output: output === undefined ? {} : { 3: output },
      ledger: ledger === undefined ? {} : { 3: ledger },
    });
    expect(days).toMatchObject([{ day: '3', state, pending }]);
    expect(days[0]?.reason).not.toBe('');
  });

  it('is late below the checkpoint, and new above', () => {
    const { days } = look({
      raw: [rawDay('0'), rawDay('4'), rawDay('5'), rawDay('10')],
      output: { 5: outputDay() },
      ledger: { 5: ledgerDay() },
    });
    expect(days.map(({ day, state }) => [day, state])).toEqual([
      ['0', 'late'],
      ['4', 'late'],
      ['5', 'processed'],
      ['10', 'new'],
    ]);
  });

  it('is processed at once where days of others are trusted, and says so', () => {
    const { days } = look({
      raw: [rawDay('3')],
      output: { 3: outputDay() },
      rules: { adopt: 'trust' },
    });
    expect(days).toMatchObject([{ day: '3', state: 'processed', pending: false }]);
    expect(days[0]?.reason).toMatch(/never compared/);
  });

  it.each([
    ['there', rawDay('3', { ready: false }), /^(?!.*gone)/],
    ['gone', undefined, /its raw data is gone/],
  ])('tells a folder that is not ready from one that is %s', (_where, raw, reason) => {
    const { days } = look({
      raw: raw === undefined ? [] : [raw],
      output: { 3: outputDay() },
      ledger: { 3: ledgerDay() },
    });
    expect(days[0]?.state).toBe('archived');
    expect(days[0]?.reason).toMatch(reason);
  });

  it('takes day 0 for new where nothing is processed', () => {
    const { days, checkpoint } = look({ raw: [rawDay('0')] });
    expect(days).toMatchObject([{ day: '0', state: 'new', pending: true }]);
    expect(checkpoint.day).toBeNull();
  });
});

describe('files of the same names, sizes and times', () => {
  const was = { ctimeNs: '5', ino: '7' };
  const files = /^its raw files differ/;
  const touched = /were touched since: inode or change time differ; the next run compares them$/;
  const current = /up to date/;

  it.each<[what: string, before: Touch, now: Touch, mark: string, state: DayState, reason: RegExp]>(
    [
      ['of the same inode and change time', was, was, '1', 'processed', current],
      ['changed at another time', was, { ...was, ctimeNs: '6' }, '1', 'changed', touched],
      ['of another inode', was, { ...was, ino: '8' }, '1', 'changed', touched],
      ['of a record that has neither', {}, was, '1', 'processed', current],
      [
        'of a record that has both, where now neither is asked for',
        was,
        {},
        '1',
        'processed',
        current,
      ],
      ['but for their time', was, was, '2', 'changed', files],
      ['but for their time, touched', was, { ctimeNs: '6', ino: '8' }, '2', 'changed', files],
    ],
  )('%s', (_, before, now, mark, state, reason) => {
    const { days } = look({
      raw: [rawDay('3', { mark, touch: now })],
      output: { 3: outputDay() },
      ledger: { 3: ledgerDay({ touch: before }) },
    });
    expect(days).toMatchObject([{ state, reason: expect.stringMatching(reason) }]);
  });
});

describe('why a day rests is told in words', () => {
  const reasonOf = (world: World) => look(world).days[0]?.reason;
  const waiting = [rawDay('3', { ready: false })];

  it.each<[what: string, world: World, reason: string]>([
    ['a day that waits', { raw: waiting }, 'it waits for a file'],
    [
      'a processed day whose folder is there, but not ready',
      { raw: waiting, output: { 3: outputDay() }, ledger: { 3: ledgerDay() } },
      'it waits for a file, its rows stay',
    ],
    [
      'a damaged day whose folder is there, but not ready',
      { raw: waiting, ledger: { 3: ledgerDay() } },
      'its rows were committed and are no longer in the output; it waits for a file',
    ],
    [
      'a processed day without a folder',
      { output: { 3: outputDay() }, ledger: { 3: ledgerDay() } },
      'its raw data is gone, its rows stay',
    ],
    [
      'a damaged day without a folder',
      { ledger: { 3: ledgerDay() } },
      'its rows were committed and are no longer in the output; its raw data is gone',
    ],
  ])('%s', (_, world, reason) => expect(reasonOf(world)).toBe(reason));
});

describe('the checkpoint', () => {
  const processed = { raw: [rawDay('2')], output: { 2: outputDay() }, ledger: { 2: ledgerDay() } };
  const value = (text: string): StoredCheckpoint => ({ status: 'value', text });

  interface ReadingCase {
    name: string;
    stored: StoredCheckpoint;
    reading: CheckpointReading;
    expected?: string | null;
  }
  const readings: ReadingCase[] = [
    { name: 'the day itself', stored: value('2'), reading: 'in-sync' },
    { name: 'nothing', stored: absent, reading: 'missing', expected: null },
    { name: 'a lower day', stored: value('0'), reading: 'behind', expected: '0' },
    { name: 'a higher day', stored: value('10'), reading: 'ahead', expected: '10' },
    { name: 'no day', stored: value('yesterday'), reading: 'invalid', expected: 'yesterday' },
    { name: 'a padded day', stored: value('02'), reading: 'invalid', expected: '02' },
    { name: 'an empty text', stored: value(''), reading: 'invalid', expected: '' },
    { name: 'another type', stored: { status: 'wrong-type', type: 'list' }, reading: 'wrong-type' },
    {
      name: 'no answer',
      stored: { status: 'unavailable', reason: 'timeout' },
      reading: 'unavailable',
    },
  ];

  it.each(readings)('$name in the store reads $reading', ({ stored, reading, expected }) => {
    const { checkpoint, repair } = look({ ...processed, stored });
    expect(checkpoint).toEqual({
      day: '2',
      highest: '2',
      completeThrough: '2',
      reading,
      stored,
    });
    expect(repair).toEqual(expected === undefined ? null : { expected, next: '2' });
  });

  it('is removed from the store where nothing is processed', () => {
    expect(look({ raw: [rawDay('0')], stored: value('4') })).toMatchObject({
      checkpoint: { day: null, reading: 'ahead' },
      repair: { expected: '4', next: null },
    });
    expect(look({ raw: [rawDay('0')] })).toMatchObject({
      checkpoint: { day: null, reading: 'in-sync' },
      repair: null,
    });
  });

  it('reads embedded where the embedded store agrees, and drift where it does not', () => {
    const embedded = (stored: StoredCheckpoint) => look({ ...processed, stored, kind: 'embedded' });
    expect(embedded(value('2')).checkpoint.reading).toBe('embedded');
    expect(embedded(absent).checkpoint.reading).toBe('missing');
    expect(embedded(value('9')).checkpoint.reading).toBe('ahead');
  });

  it.each([
    ['rewound days do not count', { 1: ledgerDay(), 2: ledgerDay({ reprocess: true }) }, '1'],
    [
      'nothing counts when all is rewound',
      { 1: ledgerDay({ reprocess: true }), 2: ledgerDay({ reprocess: true }) },
      null,
    ],
    [
      'changed days count: they were processed',
      { 1: ledgerDay(), 2: ledgerDay({ mark: '9' }) },
      '2',
    ],
  ])('%s', (_name, ledger, day) => {
    const output = { 1: outputDay(), 2: outputDay() };
    const raw = [rawDay('1'), rawDay('2')];
    expect(look({ raw, output, ledger }).checkpoint.day).toBe(day);
  });

  it('counts archived days, and days that are empty by the ledger', () => {
    expect(look({ output: { 4: outputDay() } }).checkpoint.day).toBe('4');
    expect(look({ raw: [rawDay('7')], ledger: { 7: ledgerDay({ rows: 0 }) } }).checkpoint.day).toBe(
      '7',
    );
    expect(look({ raw: [rawDay('7')], ledger: { 7: ledgerDay() } }).checkpoint.day).toBeNull();
  });

  it('is the highest by number, not by text', () => {
    const output = { 9: outputDay(), 10: outputDay() };
    expect(look({ output }).checkpoint.day).toBe('10');
  });
});

describe('up to where the output is complete', () => {
  const world = (
    days: Record<string, 'processed' | 'archived' | 'new' | 'waiting' | 'damaged'>,
  ) => {
    const names = Object.entries(days);
    const of = (...states: string[]) => names.filter(([, state]) => states.includes(state));
    const record = <T>(list: [string, string][], value: (state: string) => T) =>
      Object.fromEntries(list.map(([name, state]) => [name, value(state)]));
    return {
      raw: names
        .filter(([, state]) => state !== 'archived')
        .map(([name, state]) => rawDay(name, { ready: state !== 'waiting' })),
      output: record(of('processed', 'archived', 'damaged'), (state) =>
        outputDay({ sha256: state === 'damaged' ? 'b' : 'a' }),
      ),
      ledger: record(of('processed', 'archived', 'damaged'), () => ledgerDay()),
    };
  };

  it.each([
    ['all of it', { 0: 'processed', 1: 'archived', 10: 'processed' }, '10'],
    ['below a day that no run has taken', { 0: 'processed', 1: 'new', 2: 'processed' }, '0'],
    ['below a day that waits', { 0: 'processed', 1: 'waiting', 2: 'processed' }, '0'],
    ['below a damaged day', { 0: 'processed', 1: 'damaged', 2: 'processed' }, '0'],
    ['nothing', { 0: 'new', 1: 'processed' }, null],
    ['nothing of no days', {}, null],
  ] as const)('%s', (_name, days, completeThrough) => {
    const { checkpoint } = look(world(days));
    expect(checkpoint.completeThrough).toBe(completeThrough);
    expect(checkpoint.day).toBe(checkpoint.highest);
  });

  it('is what the store holds where the rule says so', () => {
    const days = { 0: 'processed', 1: 'new', 2: 'processed' } as const;
    expect(look({ ...world(days), rules: { checkpoint: 'complete' } })).toMatchObject({
      checkpoint: { day: '0', highest: '2', completeThrough: '0', reading: 'missing' },
      repair: { expected: null, next: '0' },
    });
    // Whether a day is late does not depend on what the store holds.
    expect(look({ ...world(days), rules: { checkpoint: 'complete' } }).days[1]?.state).toBe('late');
  });
});

describe('what an earlier reconcile found', () => {
  const layout = layoutOf('index');
  const dayOf = (number: number) => String(number) as Day;

  type Input = Pick<ReconcileInput, 'layout' | 'rules' | 'checkpoint'> & {
    readonly raw: DayMap<RawDay>;
    readonly output: DayMap<OutputDay>;
    readonly ledger: DayMap<LedgerDay>;
  };

  const nothing: Input = {
    layout,
    rules: usualRules,
    raw: DayMap.of(layout, new Map()),
    output: DayMap.of(layout, new Map()),
    ledger: DayMap.of(layout, new Map()),
    checkpoint: { kind: 'redis', stored: absent },
  };

  const withDays = (input: Input, numbers: readonly number[], areMade: boolean): Input => ({
    ...input,
    raw: input.raw.with(new Map(numbers.map((day) => [dayOf(day), rawDay(String(day))]))),
    output: input.output.with(
      new Map(areMade ? numbers.map((day) => [dayOf(day), outputDay()]) : []),
    ),
    ledger: input.ledger.with(
      new Map(areMade ? numbers.map((day) => [dayOf(day), ledgerDay()]) : []),
    ),
  });

  it('is kept for whole chunks of days', () => {
    const many = withDays(nothing, [...Array(300).keys()], true);
    const before = reconcile(many);
    const after = reconcile(withDays(many, [300], false), before);
    expect(after.days.at(-1)).toMatchObject({ day: '300', state: 'new' });
    expect(after.judged.filter((chunk, at) => chunk !== before.judged[at])).toHaveLength(1);
    expect(after.days.slice(0, 300).every((status, at) => status === before.days[at])).toBe(true);
  });

  it('is not kept where the columns of the output became others, or are as they were again', () => {
    const { ledger } = nothing;
    const trusted = { ...usualRules, adopt: 'trust' as const };
    const some = { ...withDays(nothing, [1, 2], true), ledger, rules: trusted };
    const statesOf = ({ days }: Pick<Reconciled, 'days'>) => days.map(({ state }) => state);
    const before = reconcile(some);
    const changed = reconcile({ ...some, hasOtherColumns: true }, before);
    const back = reconcile(some, changed);
    expect([before, changed, back].map(statesOf)).toEqual([
      ['processed', 'processed'],
      ['outdated', 'outdated'],
      ['processed', 'processed'],
    ]);
  });

  it('is not kept where a later day makes a new one late', () => {
    const few = withDays(nothing, [1, 2], false);
    const before = reconcile(few);
    const after = reconcile(withDays(few, [500], true), before);
    expect(before.days.map(({ state }) => state)).toEqual(['new', 'new']);
    expect(after.days.map(({ state }) => state)).toEqual(['late', 'late', 'processed']);
    const back = reconcile(few, after);
    expect(back.days.map(({ state }) => state)).toEqual(['new', 'new']);
  });

  it('makes no difference, whatever changes', () => {
    const random = createRandom('reconcile');
    const change = <T>(map: DayMap<T>, make: () => T) => {
      const changes = Array.from({ length: random.below(4) }, () => {
        return [dayOf(random.below(300)), random.below(3) === 0 ? null : make()] as const;
      });
      return map.with(new Map(changes));
    };
    let input = withDays(nothing, [...Array(200).keys()], true);
    let before = reconcile(input);
    for (let round = 0; round < 400; round += 1) {
      input = {
        ...input,
        raw: change(input.raw, () => rawDay('1', { ready: random.below(3) > 0 })),
        output: change(input.output, () => outputDay({ sha256: 'ab'[random.below(2)] as string })),
        ledger: change(input.ledger, () =>
          ledgerDay({ rows: random.below(2), reprocess: random.below(9) === 0 }),
        ),
      };
      const after = reconcile(input, before);
      const [{ judged: _, ...found }, { judged: __, ...afresh }] = [after, reconcile(input)];
      expect(found).toEqual(afresh);
      const open = found.days.findIndex(
        ({ state }) => state !== 'processed' && state !== 'archived',
      );
      const last = open === -1 ? found.days.at(-1) : found.days[open - 1];
      expect(found.checkpoint.completeThrough).toBe(last?.day ?? null);
      before = after;
    }
  });
});
