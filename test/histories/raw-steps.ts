/** What happens to raw days: they land, change, come late or empty, half-land, go bad, vanish. */
import { utimes, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import {
  bytesOf,
  otherColumns,
  type Sheet,
  sheetOf,
  type Table,
  table,
  tableInWords,
} from './raw-table.js';
import type { Step } from './step.js';
import type { World } from './world.js';

const dayIndex = fc.nat({ max: 4 });
const nameOf = ({ calendar }: World, index: number) => calendar.days[index] ?? '';

/** Files as they were sent at some time: each landing has a time of its own. */
async function land(
  world: World,
  day: string,
  sheets: readonly Sheet[],
  keptStamp: number | null = null,
): Promise<void> {
  const { place, raw, delimiter } = world;
  const stamp = raw.land(day, sheets);
  await place.clear(day);
  for (const sheet of sheets) {
    await write(world, day, sheet.name, bytesOf(sheet, delimiter), keptStamp ?? stamp);
  }
}

async function write({ place }: World, day: string, name: string, bytes: Buffer, stamp: number) {
  const seconds = 1_700_000_000 + stamp;
  const path = place.fileOf(day, name);
  await writeFile(path, bytes);
  await utimes(path, seconds, seconds);
}

/** From a table to files; `day` is what their rows say. */
type Form = (of: Table, world: World, day: string) => Sheet[];

const forms: Readonly<Record<string, Form>> = {
  'one file': (of, { calendar }, day) => [sheetOf(of, 'orders.csv', calendar, day)],
  'a file with two byte order marks': (of, { calendar }, day) => [
    { ...sheetOf(of, 'orders.csv', calendar, day), mark: '\ufeff\ufeff' },
  ],
  'a compressed file': (of, { calendar }, day) => [sheetOf(of, 'orders.csv.gz', calendar, day)],
  'two files': (of, { calendar }, day) => [
    sheetOf(of, 'a.csv', calendar, day, { from: 0, to: 1 }),
    sheetOf({ ...of, products: of.products.slice(1) }, 'b.csv', calendar, day, { from: 1 }),
  ],
};

export const landGood = fc.tuple(dayIndex, table, fc.constantFrom(...Object.keys(forms))).map(
  ([index, of, form]): Step => ({
    name: `day ${index} lands as ${form}: ${tableInWords(of)}`,
    run: (world) => {
      const day = nameOf(world, index);
      return land(world, day, forms[form]?.(of, world, day) ?? []);
    },
  }),
);

const landBesides = fc.tuple(dayIndex, table).map(
  ([index, of]): Step => ({
    name: `day ${index} lands with files that do not count: ${tableInWords(of)}`,
    run: async (world) => {
      const day = nameOf(world, index);
      await land(world, day, [sheetOf(of, 'orders.csv', world.calendar, day)]);
      await write(world, day, '_more.csv', Buffer.from('order_id,milk\n1,1000\n'), 0);
      await write(world, day, '.orders.csv.part', Buffer.from('order_hour_of_day,mi'), 0);
    },
  }),
);

const landEmpty = fc.tuple(dayIndex, table).map(
  ([index, of]): Step => ({
    name: `day ${index} lands without an order`,
    run: (world) => {
      const day = nameOf(world, index);
      return land(world, day, [sheetOf({ ...of, rows: [] }, 'orders.csv', world.calendar, day)]);
    },
  }),
);

const withoutLast = <T>(all: readonly T[]) => all.slice(0, -1);

/** The last ones, where there are any. */
const dayColumns = ['order_dow', 'order_date'];

/** What is wrong with a file that was good. */
const faults: Readonly<Record<string, (sheet: Sheet, column: string) => Sheet>> = {
  'a word in a column': ({ columns, rows, ...rest }, column) => ({
    ...{ ...rest, columns },
    rows: rows.map((row, at) =>
      at === rows.length - 1 ? row.with(columns.indexOf(column), 'many') : row,
    ),
  }),
  'a short row': (sheet) => ({
    ...sheet,
    rows: sheet.rows.map((row, at) => (at === 0 ? withoutLast(row) : row)),
  }),
  'a column less': ({ columns, rows, ...rest }, column) => {
    const at = columns.indexOf(column);
    const less = (cells: readonly string[]) => cells.toSpliced(at, 1);
    return { ...rest, columns: less(columns), rows: rows.map(less) };
  },
  'another day in its rows': ({ columns, rows, ...rest }) => {
    const kept = columns.filter((name) => !dayColumns.includes(name));
    const cells = rows.map((row) => row.slice(0, kept.length));
    const days = ['4', '2028-01-03'];
    return {
      ...rest,
      columns: [...kept, ...dayColumns],
      rows: cells.map((row) => [...row, ...days]),
    };
  },
  'capitals in a name': (sheet, column) => renamed(sheet, column, column.toUpperCase()),
  'blanks around a name': (sheet, column) => renamed(sheet, column, ` ${column} `),
  'a byte order mark in a name': (sheet, column) => renamed(sheet, column, `\ufeff${column}`),
  'its end cut off': (sheet) => ({ ...sheet, name: 'orders.csv.gz', cut: true }),
};

const renamed = ({ columns, ...rest }: Sheet, from: string, to: string): Sheet => ({
  ...rest,
  columns: columns.map((column) => (column === from ? to : column)),
});

const landFaulty = fc
  .tuple(dayIndex, table, fc.constantFrom(...Object.keys(faults)), fc.nat(), fc.boolean())
  .map(([index, of, fault, which, besideGood]): Step => {
    const column = ['order_id', ...otherColumns][which % (otherColumns.length + 1)] ?? '';
    return {
      name: `day ${index} lands with ${fault} (${column})${besideGood ? ' in one of two files' : ''}: ${tableInWords(of)}`,
      run: (world) => {
        const day = nameOf(world, index);
        const sheet = sheetOf(of, 'orders.csv', world.calendar, day);
        const good = sheetOf({ ...of, products: ['milk'] }, 'a.csv', world.calendar, day);
        const faulty = faults[fault]?.(sheet, column) ?? sheet;
        return land(world, day, besideGood ? [good, faulty] : [faulty]);
      },
    };
  });

/** By the names of the files that say the same. */
const copies: Readonly<Record<string, readonly string[]>> = {
  'a copy of its file': ['orders.csv', 'orders (1).csv'],
  'a compressed copy of its file': ['orders.csv', 'orders.csv.gz'],
  'two copies among others': ['b.csv.gz', 'c.csv.gz'],
};

const landCopies = fc.tuple(dayIndex, table, fc.constantFrom(...Object.keys(copies))).map(
  ([index, of, form]): Step => ({
    name: `day ${index} lands with ${form}: ${tableInWords(of)}`,
    run: (world) => {
      const day = nameOf(world, index);
      const others = (copies[form] ?? []).map((name) => sheetOf(of, name, world.calendar, day));
      const first = sheetOf({ ...of, products: ['tea'] }, 'a.csv', world.calendar, day);
      return land(world, day, form.includes('among') ? [first, ...others] : others);
    },
  }),
);

/** The bytes stay, the time does not: the day must be read again, and comes out the same. */
const touch = dayIndex.map(
  (index): Step => ({
    name: `day ${index} is touched`,
    run: async (world) => {
      const day = nameOf(world, index);
      const { raw } = world.raw.of(day);
      if (raw.kind === 'landed') await land(world, day, raw.sheets);
    },
  }),
);

/** As from a backup that keeps times: only inodes and change times tell that these are other files. */
const restore = dayIndex.map(
  (index): Step => ({
    name: `day ${index} is restored with its times`,
    run: async (world) => {
      const day = nameOf(world, index);
      const { raw } = world.raw.of(day);
      if (raw.kind === 'landed') await land(world, day, raw.sheets, raw.stamp);
    },
  }),
);

const remove = dayIndex.map(
  (index): Step => ({
    name: `raw day ${index} is removed`,
    run: async (world) => {
      const day = nameOf(world, index);
      await world.place.remove(day);
      world.raw.of(day).raw = { kind: 'gone' };
    },
  }),
);

/** As an archive that is not mounted for a while: it comes back with the very files that it had. */
const takeAway = dayIndex.map(
  (index): Step => ({
    name: `raw day ${index} is moved away`,
    run: async (world) => {
      const day = nameOf(world, index);
      const truth = world.raw.of(day);
      if (truth.raw.kind === 'gone' || truth.aside !== null) return;
      await world.place.moveAway(day);
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
      const truth = world.raw.of(day);
      if (truth.raw.kind !== 'gone' || truth.aside === null) return;
      await world.place.bringBack(day, day);
      truth.raw = moved(world, truth.aside);
      truth.aside = null;
    },
  }),
);

/** To rename a file changes its times, to rename its folder does not. */
const moved = ({ place, raw }: World, what: ReturnType<World['raw']['of']>['raw']) =>
  place.isFlat ? raw.touched(what) : what;

/** Its folder is there, and perhaps a part of a file, under a name that does not count. */
const halfLand = fc.tuple(dayIndex, fc.boolean()).map(
  ([index, begun]): Step => ({
    name: `day ${index} ${begun ? 'half-lands' : 'is an empty folder'}`,
    run: async (world) => {
      const day = nameOf(world, index);
      await world.place.clear(day);
      if (begun) await write(world, day, '_orders.csv', Buffer.from('order_hour_of_day,m'), 0);
      world.raw.of(day).raw = { kind: world.place.isFlat ? 'gone' : 'waiting' };
    },
  }),
);

/** Two days change places, folders and all: each must be read as the other. */
const swap = fc.tuple(dayIndex, dayIndex).map(
  ([one, other]): Step => ({
    name: `days ${one} and ${other} change places`,
    run: async (world) => {
      const [a, b] = [nameOf(world, one), nameOf(world, other)];
      const [truthA, truthB] = [world.raw.of(a), world.raw.of(b)];
      const [rawA, rawB] = [truthA.raw, truthB.raw];
      if (a === b || rawA.kind === 'gone' || rawB.kind === 'gone') return;
      await world.place.moveAway(a, 'one');
      await world.place.moveAway(b, 'other');
      await world.place.bringBack('one', b);
      await world.place.bringBack('other', a);
      truthA.raw = moved(world, rawB);
      truthB.raw = moved(world, rawA);
    },
  }),
);

export const rawSteps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 11, arbitrary: landGood },
  { weight: 1, arbitrary: landBesides },
  { weight: 1, arbitrary: landEmpty },
  { weight: 2, arbitrary: landFaulty },
  { weight: 1, arbitrary: landCopies },
  { weight: 1, arbitrary: touch },
  { weight: 1, arbitrary: restore },
  { weight: 2, arbitrary: remove },
  { weight: 2, arbitrary: takeAway },
  { weight: 3, arbitrary: bringBack },
  { weight: 2, arbitrary: halfLand },
  { weight: 1, arbitrary: swap },
);
