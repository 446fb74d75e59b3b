/** What happens to raw days: they land, change, come late or empty, half-land, go bad, vanish. */
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Contents, contents } from './contents.js';
import type { Step } from './step.js';
import type { RawTruth } from './truth.js';
import type { World } from './world.js';

const dayIndex = fc.nat({ max: 4 });
const nameOf = ({ truth }: World, index: number) => truth.names[index] ?? '';
const folderOf = ({ rawDir }: World, day: string) => join(rawDir, day);

type Landing =
  Exclude<RawTruth, { stamp?: undefined }> extends infer Raw
    ? Raw extends { stamp: number }
      ? Omit<Raw, 'stamp'>
      : never
    : never;

/** Files as they were sent at some time: each landing has a time of its own. */
async function land(
  world: World,
  day: string,
  raw: Landing,
  files: Readonly<Record<string, string | Buffer>>,
  keptStamp: number | null = null,
): Promise<void> {
  const stamp = world.truth.land(day, raw);
  const seconds = 1_700_000_000 + (keptStamp ?? stamp);
  await rm(folderOf(world, day), { recursive: true, force: true });
  await mkdir(folderOf(world, day));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folderOf(world, day), name);
    await writeFile(path, content);
    await utimes(path, seconds, seconds);
  }
}

function textOf(what: Contents, order = 1): string {
  const columns = Object.keys(what);
  const header = ['order_id', 'order_hour_of_day', ...columns].join();
  return `${header}\n${[order, '8', ...columns.map((column) => what[column])].join()}\n`;
}

const forms: Readonly<Record<string, (what: Contents) => Record<string, string | Buffer>>> = {
  'one file': (what) => ({ 'orders.csv': textOf(what) }),
  'a file with two byte order marks': (what) => ({ 'orders.csv': `\ufeff\ufeff${textOf(what)}` }),
  'a compressed file': (what) => ({ 'orders.csv.gz': gzipSync(textOf(what)) }),
  'two files': (what) => {
    const [first, ...rest] = Object.entries(what);
    return {
      'a.csv': textOf(Object.fromEntries(first === undefined ? [] : [first])),
      'b.csv': textOf(Object.fromEntries(rest), 2),
    };
  },
  'a file and what does not count': (what) => ({
    'orders.csv': textOf(what),
    '_more.csv': textOf({ milk: 1_000 }),
    '.orders.csv.part': 'order_hour_of_day,mi',
  }),
};

const landGood = fc.tuple(dayIndex, contents, fc.constantFrom(...Object.keys(forms))).map(
  ([index, what, form]): Step => ({
    name: `day ${index} lands as ${form}: ${JSON.stringify(what)}`,
    run: (world) =>
      land(
        world,
        nameOf(world, index),
        { kind: 'good', contents: what },
        forms[form]?.(what) ?? {},
      ),
  }),
);

const landEmpty = dayIndex.map(
  (index): Step => ({
    name: `day ${index} lands without an order`,
    run: (world) =>
      land(
        world,
        nameOf(world, index),
        { kind: 'good', contents: {} },
        { 'orders.csv': 'order_hour_of_day,milk\n' },
      ),
  }),
);

const badFiles: Readonly<Record<string, Record<string, string | Buffer>>> = {
  'with a word': { 'orders.csv': 'order_hour_of_day,eggs\n8,many\n' },
  'cut off': { 'orders.csv.gz': gzipSync('order_hour_of_day,eggs\n8,3\n').subarray(0, -9) },
  'with one bad file of two': {
    'a.csv': textOf({ milk: 5 }),
    'b.csv': 'order_hour_of_day,eggs\n8',
  },
};

const landBad = fc.tuple(dayIndex, fc.constantFrom(...Object.keys(badFiles))).map(
  ([index, form]): Step => ({
    name: `day ${index} lands ${form}`,
    run: (world) => land(world, nameOf(world, index), { kind: 'bad' }, badFiles[form] ?? {}),
  }),
);

const twice = textOf({ milk: 2, tea: 1 });
const plain = 'order_id,order_hour_of_day,milk\n1,8,3\n';

/** What would count twice, or count what is no item: the day fails, and says by which files and names. */
const suspicious: Readonly<
  Record<string, { files: Record<string, string | Buffer>; told: readonly string[] }>
> = {
  'with a copy of its file': {
    files: { 'orders.csv': twice, 'orders (1).csv': twice },
    told: ['orders.csv', 'orders (1).csv', 'the same bytes'],
  },
  'with a compressed copy of its file': {
    files: { 'orders.csv': twice, 'orders.csv.gz': gzipSync(twice) },
    told: ['orders.csv', 'orders.csv.gz', 'the same bytes'],
  },
  'with two copies among others': {
    files: {
      'a.csv': plain,
      'b.csv.gz': gzipSync(twice),
      'c.csv.gz': gzipSync(twice, { level: 1 }),
    },
    told: ['b.csv.gz', 'c.csv.gz', 'the same bytes'],
  },
  'with capitals in a name that is no category': {
    files: { 'orders.csv': plain.replace('order_id', 'Order_ID') },
    told: ['Order_ID', 'other capitals'],
  },
  'with blanks around a name that is no category': {
    files: { 'orders.csv': plain.replace('order_id,', ' order_id ,') },
    told: [' order_id ', 'blanks around it'],
  },
  'with a byte order mark in a name that is no category': {
    files: { 'orders.csv': plain.replace('order_hour', '\ufefforder_hour') },
    told: ['order_hour_of_day', 'byte order mark'],
  },
};

const landSuspicious = fc.tuple(dayIndex, fc.constantFrom(...Object.keys(suspicious))).map(
  ([index, form]): Step => ({
    name: `day ${index} lands ${form}`,
    run: (world) => {
      const { files = {}, told = [] } = suspicious[form] ?? {};
      return land(world, nameOf(world, index), { kind: 'bad', told }, files);
    },
  }),
);

/** The bytes stay, the time does not: the day must be read again, and comes out the same. */
const touch = dayIndex.map(
  (index): Step => ({
    name: `day ${index} is touched`,
    run: async (world) => {
      const day = nameOf(world, index);
      const { raw } = world.truth.of(day);
      if (raw.kind !== 'good') return;
      await land(world, day, raw, { 'orders.csv': textOf(raw.contents) });
    },
  }),
);

/** As from a backup that keeps times: only inodes and change times tell that these are other files. */
const restore = dayIndex.map(
  (index): Step => ({
    name: `day ${index} is restored with its times`,
    run: async (world) => {
      const day = nameOf(world, index);
      const { raw } = world.truth.of(day);
      if (raw.kind !== 'good') return;
      await land(world, day, raw, { 'orders.csv': textOf(raw.contents) }, raw.stamp);
    },
  }),
);

const remove = dayIndex.map(
  (index): Step => ({
    name: `raw day ${index} is removed`,
    run: async (world) => {
      const day = nameOf(world, index);
      await rm(folderOf(world, day), { recursive: true, force: true });
      world.truth.of(day).raw = { kind: 'gone' };
    },
  }),
);

const asideOf = ({ rawDir }: World, day: string) => `${rawDir}-aside-${day}`;

/** As an archive that is not mounted for a while: it comes back with the very files that it had. */
const takeAway = dayIndex.map(
  (index): Step => ({
    name: `raw day ${index} is moved away`,
    run: async (world) => {
      const day = nameOf(world, index);
      const truth = world.truth.of(day);
      if (truth.raw.kind === 'gone' || truth.aside !== null) return;
      await rename(folderOf(world, day), asideOf(world, day));
      truth.aside = truth.raw;
      truth.raw = { kind: 'gone' };
    },
  }),
);

const bringBack = dayIndex.map(
  (index): Step => ({
    name: `raw day ${index} comes back`,
    run: async (world) => {
      const day = nameOf(world, index);
      const truth = world.truth.of(day);
      if (truth.raw.kind !== 'gone' || truth.aside === null) return;
      await rename(asideOf(world, day), folderOf(world, day));
      truth.raw = truth.aside;
      truth.aside = null;
    },
  }),
);

/** Its folder is there, and perhaps a part of a file, under a name that does not count. */
const halfLand = fc.tuple(dayIndex, fc.boolean()).map(
  ([index, begun]): Step => ({
    name: `day ${index} ${begun ? 'half-lands' : 'is an empty folder'}`,
    run: async (world) => {
      const day = nameOf(world, index);
      await rm(folderOf(world, day), { recursive: true, force: true });
      await mkdir(folderOf(world, day));
      if (begun) await writeFile(join(folderOf(world, day), '_orders.csv'), 'order_hour_of_day,m');
      world.truth.of(day).raw = { kind: 'waiting' };
    },
  }),
);

/** Two days change places, folders and all: each must be read as the other. */
const swap = fc.tuple(dayIndex, dayIndex).map(
  ([one, other]): Step => ({
    name: `days ${one} and ${other} change places`,
    run: async (world) => {
      const [a, b] = [nameOf(world, one), nameOf(world, other)];
      const [rawA, rawB] = [world.truth.of(a).raw, world.truth.of(b).raw];
      if (a === b || rawA.kind === 'gone' || rawB.kind === 'gone') return;
      await rename(folderOf(world, a), folderOf(world, '.kept'));
      await rename(folderOf(world, b), folderOf(world, a));
      await rename(folderOf(world, '.kept'), folderOf(world, b));
      world.truth.of(a).raw = rawB;
      world.truth.of(b).raw = rawA;
    },
  }),
);

export const rawSteps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: landGood },
  { weight: 1, arbitrary: landEmpty },
  { weight: 2, arbitrary: landBad },
  { weight: 2, arbitrary: landSuspicious },
  { weight: 1, arbitrary: touch },
  { weight: 1, arbitrary: restore },
  { weight: 2, arbitrary: remove },
  { weight: 2, arbitrary: takeAway },
  { weight: 3, arbitrary: bringBack },
  { weight: 2, arbitrary: halfLand },
  { weight: 1, arbitrary: swap },
);
