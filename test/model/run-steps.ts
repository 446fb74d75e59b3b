/** Runs of every kind, and rewinds: what they say, and what they leave. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Day } from '../../src/core/day.js';
import type { RunDay, RunRequest } from '../../src/core/run.js';
import type { Step } from './step.js';
import { linesOf, type Truth } from './truth.js';
import type { World } from './world.js';

const request = fc.record({
  select: fc.constantFrom('pending', 'pending', 'pending', 'new', 'all', 'days'),
  listed: fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 }),
  dryRun: fc.constantFrom(false, false, false, false, false, true),
  engine: fc.constantFrom('csv', 'scan'),
  engineAsked: fc.boolean(),
  onDayFailure: fc.constantFrom('continue', 'continue', 'stop'),
} as const);

export const runSteps: fc.Arbitrary<Step> = request.map(({ listed, ...traits }) => ({
  name: `run ${JSON.stringify(traits)}${traits.select === 'days' ? ` of ${listed.sort().join()}` : ''}`,
  run: async (world) => {
    const days = world.truth.names.filter((_, index) => listed.includes(index)) as Day[];
    await runAndCompare(world, { ...traits, days: traits.select === 'days' ? days : null });
  },
}));

async function runAndCompare(world: World, asked: RunRequest): Promise<void> {
  const { truth } = world;
  const unknown = (asked.days ?? []).filter((day) => truth.stateOf(day) === null);
  if (unknown.length > 0) {
    await expect(world.finish(asked)).rejects.toMatchObject({ slug: 'day-unknown' });
    truth.seen();
    return;
  }
  const expected = outcomesOf(truth, asked);
  const { stored, reachable } = truth;
  const run = await world.finish(asked);
  const failed = expected.some(([, , outcome]) => outcome === 'failed');
  expect([run.status, run.error]).toEqual([failed ? 'failed' : 'succeeded', null]);
  expect(run.days.map(told)).toEqual(expected);
  expect(run.checkpoint.before).toBe(truth.checkpoint());
  if (!asked.dryRun) truth.commit(takenOf(expected));
  truth.seen();
  if (!asked.dryRun && run.days.length > 0 && reachable && typeof stored !== 'symbol') {
    expect(run.checkpoint.after).toBe(truth.checkpoint());
  }
}

type Told = readonly [day: string, state: string | null, outcome: string, rows: number];

const told = ({ day, state, outcome, rows }: RunDay): Told => [day, state, outcome, rows];

const taken = ['added', 'replaced', 'unchanged'];
const takenOf = (days: readonly Told[]) =>
  days.filter(([, , outcome]) => taken.includes(outcome)).map(([day]) => day);

/** What a run must say of each day that it takes, or was asked for. */
function outcomesOf(truth: Truth, { select, days, onDayFailure }: RunRequest): Told[] {
  const chosen = truth.names.filter((day) =>
    select === 'days' ? days?.includes(day as Day) : isSelected(truth, day, select),
  );
  const firstBad = chosen.findIndex((day) => truth.of(day).raw.kind === 'bad');
  const stopsAfter = onDayFailure === 'stop' && firstBad >= 0 ? firstBad : chosen.length;
  return chosen.map((day, index): Told => {
    const state = truth.stateOf(day);
    if (!truth.isReady(day)) return [day, state, state === 'waiting' ? 'failed' : 'skipped', 0];
    if (index > stopsAfter) return [day, state, 'skipped', 0];
    const { raw } = truth.of(day);
    if (raw.kind !== 'good') return [day, state, 'failed', 0];
    const lines = linesOf(day, raw.contents);
    return [day, state, outcomeOf(truth, day, lines), lines.length];
  });
}

function isSelected(truth: Truth, day: string, select: Exclude<RunRequest['select'], 'days'>) {
  if (select === 'all') return truth.isReady(day);
  const checkpoint = truth.checkpoint();
  const above = checkpoint === null || truth.calendar.compare(day, checkpoint) > 0;
  return truth.pending(day) && (select === 'pending' || above);
}

function outcomeOf(truth: Truth, day: string, lines: readonly string[]): string {
  const { lines: before, ledger } = truth.of(day);
  if (before.length === 0 && ledger === null) return 'added';
  return before.join() === lines.join() ? 'unchanged' : 'replaced';
}

export const rewindSteps: fc.Arbitrary<Step> = fc.option(fc.nat({ max: 4 })).map((index) => ({
  name: index === null ? 'rewind everything' : `rewind to day ${index}`,
  run: async ({ plane, truth }) => {
    const target = index === null ? null : (truth.names[index] ?? '');
    const checkpoint = truth.checkpoint();
    const held = (day: string) => truth.of(day).lines.length > 0 || truth.of(day).ledger !== null;
    const below = (day: string) =>
      checkpoint !== null && truth.calendar.compare(day, checkpoint) <= 0;
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
