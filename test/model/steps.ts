/** Things that happen to Daymark, each done to the real thing and to the model. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Day } from '../../src/core/day.js';
import type { makePlane } from '../core/plane.js';
import { type Contents, dayNames, type Truth } from './truth.js';

export interface World {
  place: Awaited<ReturnType<typeof makePlane>>;
  readonly truth: Truth;
  readonly restart: () => Promise<void>;
  stamp: number;
}

export interface Step {
  readonly name: string;
  run(world: World): Promise<void>;
}

const day = fc.constantFrom(...dayNames);
const contents: fc.Arbitrary<Contents> = fc.dictionary(
  fc.constantFrom('apples', 'milk', 'tea'),
  fc.integer({ min: 0, max: 3 }),
  { noNullPrototype: true },
);

const rawFolder = ({ place }: World, name: string) => join(place.root, 'raw', name);

async function writeRaw(world: World, name: string, text: string): Promise<void> {
  await rm(rawFolder(world, name), { recursive: true, force: true });
  await mkdir(rawFolder(world, name));
  await writeFile(join(rawFolder(world, name), 'orders.csv'), text);
  world.stamp += 1;
}

// ---------------------------------------------------------------- raw days

const land = fc.tuple(day, contents).map(
  ([name, what]): Step => ({
    name: `land ${name} ${JSON.stringify(what)}`,
    run: async (world) => {
      const columns = Object.keys(what);
      const header = ['order_hour_of_day', ...columns].join();
      const row = ['8', ...columns.map((column) => what[column])].join();
      await writeRaw(world, name, `${header}\n${row}\n`);
      world.truth.of(name).raw = { kind: 'good', contents: what, stamp: world.stamp };
    },
  }),
);

const landBad = day.map(
  (name): Step => ({
    name: `land a bad ${name}`,
    run: async (world) => {
      await writeRaw(world, name, 'order_hour_of_day,milk\n8,many\n');
      world.truth.of(name).raw = { kind: 'bad', stamp: world.stamp };
    },
  }),
);

const removeRaw = day.map(
  (name): Step => ({
    name: `remove raw ${name}`,
    run: async (world) => {
      await rm(rawFolder(world, name), { recursive: true, force: true });
      world.truth.of(name).raw = { kind: 'gone' };
    },
  }),
);

const emptyRaw = day.map(
  (name): Step => ({
    name: `empty raw ${name}`,
    run: async (world) => {
      await rm(rawFolder(world, name), { recursive: true, force: true });
      await mkdir(rawFolder(world, name));
      world.truth.of(name).raw = { kind: 'waiting' };
    },
  }),
);

// ---------------------------------------------------------------- runs and rewinds

const runStep = fc.constantFrom('pending', 'pending', 'pending', 'new', 'all').map(
  (select): Step => ({
    name: `run ${select}`,
    run: async ({ place, truth }) => {
      const checkpoint = truth.checkpoint();
      const above = (name: string) => checkpoint === null || Number(name) > Number(checkpoint);
      const taken = dayNames.filter((name) =>
        select === 'all'
          ? truth.isReady(name)
          : truth.pending(name) && (select === 'pending' || above(name)),
      );
      const run = await place.finish({ select: select as 'pending' });
      const bad = taken.filter((name) => truth.of(name).raw.kind === 'bad');
      truth.commit(taken);
      truth.stored = truth.checkpoint();
      expect(run.status).toBe(bad.length > 0 ? 'failed' : 'succeeded');
      expect(run.days.map((each) => each.day)).toEqual(taken);
      if (truth.hasLedger) expect(await readFile(place.folder.output, 'utf8')).toBe(truth.output());
    },
  }),
);

const dryRun: Step = {
  name: 'dry run',
  run: async ({ place, truth }) => {
    const before = await readFile(place.folder.output, 'utf8').catch(() => null);
    await place.finish({ dryRun: true, select: 'all' });
    expect(await readFile(place.folder.output, 'utf8').catch(() => null)).toBe(before);
    truth.stored = truth.checkpoint();
  },
};

const rewind = fc.option(day).map(
  (target): Step => ({
    name: `rewind to ${target}`,
    run: async ({ place, truth }) => {
      const checkpoint = truth.checkpoint();
      const held = (name: string) =>
        truth.of(name).lines.length > 0 || truth.of(name).ledger !== null;
      const allowed =
        target === null ||
        (checkpoint !== null && Number(target) <= Number(checkpoint) && held(target));
      const attempt = place.plane.rewind(target as Day | null);
      if (!allowed) {
        await expect(attempt).rejects.toMatchObject({
          slug: expect.stringMatching(/^(checkpoint-ahead|day-unknown)$/),
        });
      } else {
        const marked = dayNames.filter(
          (name) =>
            held(name) && truth.isReady(name) && (target === null || Number(name) > Number(target)),
        );
        expect((await attempt).marked).toEqual(marked);
        if (marked.length > 0) truth.commit([], marked);
      }
      truth.stored = truth.checkpoint();
    },
  }),
);

// ---------------------------------------------------------------- losses

const setCheckpoint = fc.constantFrom('0', '2', '7', '10', '99', 'junk', '02', null).map(
  (value): Step => ({
    name: `checkpoint becomes ${value}`,
    run: async ({ place, truth }) => {
      if (value === null) await rm(place.folder.checkpoint, { force: true });
      else await mkdir(place.folder.root, { recursive: true });
      if (value !== null) await writeFile(place.folder.checkpoint, `${value}\n`);
      truth.stored = value;
    },
  }),
);

/** A cut line is forgiven only where a ledger tells what it was; without one the file is not ours. */
async function dropCutLine(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text !== '' && !text.endsWith('\n')) {
    await writeFile(path, text.slice(0, text.lastIndexOf('\n') + 1));
  }
}

const loseLedger: Step = {
  name: 'the ledger is lost',
  run: async ({ place, truth }) => {
    await dropCutLine(place.folder.output);
    await rm(place.folder.commits, { recursive: true, force: true });
    truth.forgetLedger();
  },
};

const loseState: Step = {
  name: 'all state is lost',
  run: async ({ place, truth }) => {
    await dropCutLine(place.folder.output);
    await rm(place.folder.root, { recursive: true, force: true });
    truth.forgetLedger();
    truth.stored = null;
  },
};

const restart: Step = { name: 'restart', run: (world) => world.restart() };

// ---------------------------------------------------------------- edits of the output

/** What someone else does to the rows of the output. */
type Edit = (rows: readonly string[]) => readonly string[];

const edits: Record<string, Edit> = {
  'a row altered': ([first, ...rest]) =>
    first === undefined
      ? rest
      : [...rest, first.replace(/[0-9]+$/, (items) => `${Number(items) + 1}`)],
  'rows reversed': (rows) => rows.toReversed(),
  'everything tripled': (rows) => [...rows, ...rows, ...rows],
  'the last row doubled': (rows) => [...rows, ...rows.slice(-1)],
  'the first rows lost': (rows) => rows.slice(2),
  'the last rows lost': (rows) => rows.slice(0, -2),
  'all rows lost': () => [],
  'a day added': (rows) =>
    rows.some((row) => row.startsWith('3,')) ? rows : [...rows, '3,8,beans,5'],
};

const edit = fc.constantFrom(...Object.keys(edits)).map(
  (name): Step => ({
    name,
    run: async ({ place, truth }) => {
      const text = await readFile(place.folder.output, 'utf8').catch(() => null);
      if (text === null) return;
      const [header, ...all] = text.trimEnd().split('\n');
      // A line that was cut before is gone for good.
      const rows = all.filter((row) => /,[0-9]+$/.test(row));
      const edited = edits[name]?.(rows) ?? rows;
      const temporary = `${place.folder.output}.edit`;
      await writeFile(temporary, [header, ...edited, ''].join('\n'));
      await rename(temporary, place.folder.output);
      for (const each of dayNames) {
        truth.of(each).lines = edited.filter((row) => row.startsWith(`${each},`)).sort();
      }
    },
  }),
);

const cutLine: Step = {
  name: 'the last line cut in the middle',
  run: async ({ place, truth }) => {
    const text = await readFile(place.folder.output, 'utf8').catch(() => null);
    // Without a ledger no one could tell: the file is then unreadable, which has tests of its own.
    if (text === null || !truth.hasLedger || text.trimEnd().split('\n').length < 2) return;
    const cut = text.trimEnd().replace(/,[^,]*$/, ',');
    await writeFile(place.folder.output, cut);
    const lost = text.trimEnd().split('\n').at(-1) ?? '';
    const truthOfDay = truth.of(lost.slice(0, lost.indexOf(',')));
    const at = truthOfDay.lines.indexOf(lost);
    truthOfDay.lines = truthOfDay.lines.filter((_, index) => index !== at);
  },
};

const removeOutput: Step = {
  name: 'the output is removed',
  run: async ({ place, truth }) => {
    await rm(place.folder.output, { force: true });
    for (const each of dayNames) truth.of(each).lines = [];
  },
};

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: land },
  { weight: 1, arbitrary: landBad },
  { weight: 2, arbitrary: removeRaw },
  { weight: 1, arbitrary: emptyRaw },
  { weight: 7, arbitrary: runStep },
  { weight: 2, arbitrary: rewind },
  { weight: 1, arbitrary: fc.constant(dryRun) },
  { weight: 2, arbitrary: setCheckpoint },
  { weight: 1, arbitrary: fc.constant(loseLedger) },
  { weight: 1, arbitrary: fc.constant(loseState) },
  { weight: 1, arbitrary: fc.constant(restart) },
  { weight: 4, arbitrary: edit },
  { weight: 1, arbitrary: fc.constant(cutLine) },
  { weight: 1, arbitrary: fc.constant(removeOutput) },
);
