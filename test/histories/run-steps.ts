/** Runs of every kind, and rewinds: what they say, and what they leave. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Day } from '../../src/model/day.js';
import type { EngineName } from '../../src/model/engine.js';
import type { RunDay, RunRequest } from '../../src/model/run.js';
import { editedText, edits, otherJobs } from './output-edits.js';
import { replaceOutput } from './replace-output.js';
import { type DatasetStep, ofOne, type Step } from './step.js';
import type { Truth } from './truth.js';
import type { KeptDataset, Moment } from './world.js';

const request = fc.record({
  select: fc.constantFrom('pending', 'pending', 'pending', 'new', 'all', 'days'),
  listed: fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 }),
  dryRun: fc.constantFrom(false, false, false, false, false, true),
  /** `fast` is the one beside the reference that knows the definition. */
  engine: fc.constantFrom('csv', 'fast'),
  engineAsked: fc.boolean(),
  onDayFailure: fc.constantFrom('continue', 'continue', 'stop'),
} as const);

/** What someone else does to the output while the run works. */
const meanwhile = fc.option(
  fc.record({
    moment: fc.constantFrom<Moment>('read', 'claim'),
    edit: fc.constantFrom(...Object.keys(edits), ...Object.keys(otherJobs)),
  }),
  { freq: 3 },
);

type Meanwhile = { readonly moment: Moment; readonly edit: string };

type Asked = typeof request extends fc.Arbitrary<infer Traits> ? Traits : never;
type Wish = readonly [asked: Asked, other: Meanwhile | null];

const wish: fc.Arbitrary<Wish> = fc.tuple(
  request,
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, meanwhile),
);

function inWords([{ listed, ...traits }, other]: Wish): string {
  const days = traits.select === 'days' ? ` of ${[...listed].sort().join()}` : '';
  return `run ${JSON.stringify(traits)}${days}${other === null ? '' : `; at its ${other.moment} ${other.edit}`}`;
}

async function runAs(dataset: KeptDataset, [{ listed, ...traits }, other]: Wish): Promise<void> {
  const { truth } = dataset;
  const days = truth.names.filter((_, index) => listed.includes(index)) as Day[];
  const fast = truth.rules.spec.kind === 'wide' ? 'scan' : 'duckdb';
  const engine: EngineName = traits.engine === 'csv' ? 'csv' : fast;
  const asked = { ...traits, engine, days: traits.select === 'days' ? days : null };
  await runAndCompare(dataset, asked, asked.dryRun || truth.headDiffers ? null : other);
}

const runOfOne: fc.Arbitrary<DatasetStep> = wish.map((asked) => ({
  name: inWords(asked),
  run: (dataset) => runAs(dataset, asked),
}));

/** Each does what it would do alone. */
export const runsAtOnce: fc.Arbitrary<Step> = fc.tuple(wish, wish).map((wishes) => ({
  name: `at once: ${wishes.map(inWords).join('; and second: ')}`,
  run: async ({ datasets }) => {
    const runs = datasets.map((dataset, at) => runAs(dataset, wishes[at] as Wish));
    await Promise.allSettled(runs);
    await Promise.all(runs);
  },
}));

export const runSteps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: ofOne(runOfOne) },
  { weight: 2, arbitrary: runsAtOnce },
);

async function runAndCompare(
  dataset: KeptDataset,
  asked: RunRequest,
  other: Meanwhile | null,
): Promise<void> {
  const { truth } = dataset;
  const unknown = (asked.days ?? []).filter((day) => truth.stateOf(day) === null);
  if (unknown.length > 0) {
    await expect(dataset.finish(asked)).rejects.toMatchObject({ slug: 'day-unknown' });
    truth.seen();
    return;
  }
  if (isRefused(truth, asked)) {
    await expect(dataset.finish(asked)).rejects.toMatchObject({ slug: 'definition-changed' });
    truth.seen();
    return;
  }
  const { stored, reachable } = truth;
  const before = truth.checkpoint();
  const { run, edited } = await runWith(dataset, asked, other);
  const isHeld = holdsBack(truth, asked, outcomesOf(truth, asked));
  const expected = judge(truth, asked, edited);
  const failed = expected.some(([, , outcome]) => outcome === 'failed');
  expect([run.status, run.error?.slug ?? null]).toEqual([
    failed || isHeld ? 'failed' : 'succeeded',
    isHeld ? 'definition-changed' : null,
  ]);
  expect(run.days.map(told)).toEqual(expected);
  checkTold(truth, run.days);
  expect(run.checkpoint.before).toBe(before);
  truth.seen();
  if (!asked.dryRun && run.days.length > 0 && reachable && typeof stored !== 'symbol') {
    expect(run.checkpoint.after).toBe(truth.checkpoint());
  }
}

interface Edited {
  readonly moment: Moment;
  readonly text: string;
}

async function runWith(dataset: KeptDataset, asked: RunRequest, other: Meanwhile | null) {
  const text = other === null ? null : editedText(other.edit, dataset.truth);
  if (other === null || text === null) return { run: await dataset.finish(asked), edited: null };
  const came = dataset.at(other.moment, () => replaceOutput(dataset, text));
  const run = await dataset.finish(asked);
  return { run, edited: came() ? { moment: other.moment, text } : null };
}

/** Says what the run had to tell of each day, and makes the model what the run made of the world. */
function judge(truth: Truth, asked: RunRequest, edited: Edited | null): Told[] {
  const planned = outcomesOf(truth, asked);
  if (holdsBack(truth, asked, planned)) return planned.map(uncommitted);
  if (asked.dryRun) return planned;
  const promised = promisedText(truth, asked, planned);
  if (edited === null) {
    truth.commit(takenOf(planned));
    if (promised !== null) expect(truth.text).toBe(promised);
    return planned;
  }
  const changesBytes = truth.clone().committing(takenOf(planned));
  if (!changesBytes) {
    // Nothing had to be written: the run has not seen the other file, and the next look will.
    truth.commit(takenOf(planned));
    truth.edited(edited.text);
    return planned;
  }
  if (edited.moment === 'claim') {
    truth.commit(takenOf(planned), [], edited.text);
    return planned;
  }
  // The commit is refused, and the run begins again with what lies there now.
  truth.edited(edited.text);
  return judge(truth, asked, null);
}

const uncommitted = ([day, state, outcome, rows]: Told): Told => [
  ...([day, state] as const),
  ...([outcome === 'failed' ? outcome : 'skipped', rows] as const),
];

/** Where the columns change, a run takes all days that have rows, unless it only compares. */
function mustTakeAll({ changesColumns }: Truth, { dryRun, select }: RunRequest): boolean {
  return changesColumns && !(dryRun && (select === 'all' || select === 'days'));
}

const withRows = (truth: Truth) => truth.names.filter((day) => truth.of(day).lines.length > 0);

function isRefused(truth: Truth, asked: RunRequest): boolean {
  const takes = chosenBy(truth, asked).filter((day) => truth.isReady(day));
  return mustTakeAll(truth, asked) && withRows(truth).some((day) => !takes.includes(day));
}

function holdsBack(truth: Truth, asked: RunRequest, planned: readonly Told[]): boolean {
  const done = takenOf(planned);
  return mustTakeAll(truth, asked) && withRows(truth).some((day) => !done.includes(day));
}

/**
 * The first promise, in words of its own: after a default run that succeeds, the output is what the ready raw
 * days say, and the other days as they lay there. Null where it does not hold: for others, or trusted days.
 */
function promisedText(truth: Truth, { select }: RunRequest, planned: readonly Told[]) {
  const failed = planned.some(([, , outcome]) => !taken.includes(outcome));
  const isTrusted = truth.names.some((day) => truth.isTrusted(day));
  if (select !== 'pending' || failed || isTrusted) return null;
  const rows = truth.names.flatMap((day) => {
    const raw = truth.rawOf(day);
    return raw.kind === 'good' ? raw.lines : truth.of(day).lines;
  });
  const isNothing = rows.length === 0 && truth.text === null && !truth.hasLedger;
  return isNothing && planned.length === 0 ? null : [truth.shape.header, ...rows, ''].join('\n');
}

/** A bad day says why, and a good one how many rows were read. */
function checkTold(truth: Truth, days: readonly RunDay[]): void {
  for (const { day, error, outcome, records } of days) {
    const raw = truth.rawOf(day);
    if (raw.kind === 'good' && taken.includes(outcome)) expect(records).toBe(raw.records);
    if (raw.kind !== 'bad' || error === undefined) continue;
    for (const word of raw.told) expect(JSON.stringify(error)).toContain(word);
  }
}

type Told = readonly [day: string, state: string | null, outcome: string, rows: number];

const told = ({ day, state, outcome, rows }: RunDay): Told => [day, state, outcome, rows];

const taken = ['added', 'replaced', 'unchanged'];
const takenOf = (days: readonly Told[]) =>
  days.filter(([, , outcome]) => taken.includes(outcome)).map(([day]) => day);

/** What a run must say of each day that it takes, or was asked for. */
function outcomesOf(truth: Truth, asked: RunRequest): Told[] {
  const { onDayFailure } = asked;
  const chosen = chosenBy(truth, asked);
  const firstBad = chosen.findIndex((day) => truth.rawOf(day).kind === 'bad');
  const stopsAfter = onDayFailure === 'stop' && firstBad >= 0 ? firstBad : chosen.length;
  return chosen.map((day, index): Told => {
    const state = truth.stateOf(day);
    if (!truth.isReady(day)) return [day, state, state === 'waiting' ? 'failed' : 'skipped', 0];
    if (index > stopsAfter) return [day, state, 'skipped', 0];
    const raw = truth.rawOf(day);
    if (raw.kind !== 'good') return [day, state, 'failed', 0];
    return [day, state, outcomeOf(truth, day, raw.lines), raw.lines.length];
  });
}

function chosenBy(truth: Truth, { select, days }: RunRequest): string[] {
  return truth.names.filter((day) =>
    select === 'days' ? days?.includes(day as Day) : isSelected(truth, day, select),
  );
}

function isSelected(truth: Truth, day: string, select: Exclude<RunRequest['select'], 'days'>) {
  if (select === 'all') return truth.isReady(day);
  const highest = truth.highest();
  const above = highest === null || truth.calendar.compare(day, highest) > 0;
  return truth.pending(day) && (select === 'pending' || above);
}

function outcomeOf(truth: Truth, day: string, lines: readonly string[]): string {
  const { lines: before, ledger } = truth.of(day);
  if (before.length === 0 && ledger === null) return 'added';
  if (before.length > 0 && truth.changesColumns) return 'replaced';
  return before.join() === lines.join() ? 'unchanged' : 'replaced';
}

const rewind: fc.Arbitrary<DatasetStep> = fc.option(fc.nat({ max: 4 })).map((index) => ({
  name: index === null ? 'rewind everything' : `rewind to day ${index}`,
  run: async ({ plane, truth }) => {
    const target = index === null ? null : (truth.names[index] ?? '');
    const highest = truth.highest();
    const held = (day: string) => truth.of(day).lines.length > 0 || truth.of(day).ledger !== null;
    const below = (day: string) => highest !== null && truth.calendar.compare(day, highest) <= 0;
    const attempt = plane.rewind(target as Day | null);
    if (target === null || (below(target) && held(target))) {
      const above = (day: string) => target === null || truth.calendar.compare(day, target) > 0;
      const marked = truth.names.filter((day) => held(day) && truth.isReady(day) && above(day));
      expect((await attempt).marked).toEqual(marked);
      if (marked.length > 0) truth.commit([], marked);
    } else {
      const slug = below(target) ? 'day-unknown' : 'checkpoint-ahead';
      await expect(attempt).rejects.toMatchObject({ slug });
    }
    truth.seen();
  },
}));

export const rewindSteps = ofOne(rewind);
