/** Good raw files, and what may happen to them on their way. */
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Cells, csvText } from '../engine/csv-text.js';

export interface Delivered {
  readonly bytes: Buffer;
  readonly gzip: boolean;
  /** What happened, for people. */
  readonly story: string;
}

interface Table {
  readonly cells: Cells;
  readonly lineEnd: string;
  readonly lastLineEnd: boolean;
  readonly mark: boolean;
  readonly quoteAll: boolean;
  readonly gzip: boolean;
}

export interface Damage<Of> {
  readonly name: string;
  apply(of: Of): Of;
}

const category = fc.oneof(
  fc.constantFrom('milk', 'tea', 'a,b', '"', 'x"y', 'two\nlines', 'two\r\nlines', 'a\rb'),
  fc.constantFrom('=1+1', '+1', '-1', '@x', 'é€', '\ud83d\ude00', '\uff5e', '__proto__'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
);
const count = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('0', '0', '1', '') },
  { weight: 6, arbitrary: fc.nat(2_000).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('3.0', '007', '9007199254740991', '9007199254740990') },
);
const hour = fc.nat(23).chain((value) => fc.constantFrom(String(value), `0${value}`.slice(-2)));

function tableOf(day: string): fc.Arbitrary<Table> {
  return fc
    .record({
      categories: fc.uniqueArray(category, { maxLength: 4 }),
      others: fc.subarray(['order_id', 'order_dow', 'user_id']),
      rows: fc.array(fc.tuple(hour, fc.array(count, { minLength: 4, maxLength: 4 })), {
        maxLength: 8,
      }),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      lastLineEnd: fc.boolean(),
      mark: fc.boolean(),
      quoteAll: fc.boolean(),
      gzip: fc.boolean(),
    })
    .map(({ categories, others, rows, ...form }) => {
      const own = (name: string, row: number) => (name === 'order_dow' ? day : `${row}`);
      const header = [...others, 'order_hour_of_day', ...categories];
      const orders = rows.map(([at, counts], row) => [
        ...others.map((name) => own(name, row)),
        at,
        ...counts.slice(0, categories.length),
      ]);
      return { cells: [header, ...orders], ...form };
    });
}

function bytesOf({ cells, quoteAll, ...form }: Table): Buffer {
  return Buffer.from(csvText(cells, { ...form, quoted: () => quoteAll }));
}

// ---------------------------------------------------------------- to rows, columns and cells

const spot = fc.nat(1_000);
const pick = (items: readonly unknown[], at: number) =>
  items.length === 0 ? 0 : at % items.length;
const without = <T>(items: readonly T[], at: number) => items.filter((_, index) => index !== at);
const twice = <T>(items: readonly T[], at: number) =>
  items.flatMap((item, index) => (index === at ? [item, item] : [item]));
const swapped = <T>(items: readonly T[], a: number, b: number) =>
  items.map((item, index) => (index === a ? items[b] : index === b ? items[a] : item) as T);

const replaced = (row: readonly string[], at: number, text: string) =>
  row.map((cell, index) => (index === pick(row, at) ? text : cell));

const disguises: readonly ((name: string) => string)[] = [
  (name) => ` ${name}`,
  (name) => `${name}\u00a0`,
  (name) => `\ufeff${name}`,
  (name) => `${name}\u200b`,
  (name) => name.toUpperCase(),
  (name) => name.replaceAll('_', ' '),
  () => 'Unnamed: 0',
];
const disguised = (name: string, at: number) => disguises[pick(disguises, at)]?.(name) ?? name;

type CellsEdit = (cells: Cells, row: number, column: number, text: string) => Cells;

const inRow = (cells: Cells, at: number, edit: (row: readonly string[]) => readonly string[]) =>
  cells.map((row, index) => (index === pick(cells, at) ? edit(row) : row));

const cellsEdits: Record<string, CellsEdit> = {
  'a line twice': (cells, row) => twice(cells, pick(cells, row)),
  'a line lost': (cells, row) => without(cells, pick(cells, row)),
  'lines swapped': (cells, row, column) => swapped(cells, pick(cells, row), pick(cells, column)),
  'a blank line': (cells, row) => cells.toSpliced(pick(cells, row), 0, ['']),
  'a cell twice': (cells, at, column) => inRow(cells, at, (row) => twice(row, pick(row, column))),
  'a cell lost': (cells, at, column) => inRow(cells, at, (row) => without(row, pick(row, column))),
  'a cell emptied': (cells, at, column) => inRow(cells, at, (row) => replaced(row, column, '')),
  'a cell replaced': (cells, at, column, text) =>
    inRow(cells, at, (row) => replaced(row, column, text)),
  'columns swapped': (cells, a, b) => cells.map((row) => swapped(row, pick(row, a), pick(row, b))),
  'a column lost': (cells, at) => cells.map((row) => without(row, pick(row, at))),
  'a column twice': (cells, at) => cells.map((row) => twice(row, pick(row, at))),
  'a number as a float writes it': (cells, at, column) =>
    inRow(cells, at, (row) => replaced(row, column, `${row[pick(row, column)]}.0`)),
  'a name disguised': (cells, at, column) =>
    cells.map((row, index) =>
      index === 0 ? replaced(row, column, disguised(row[pick(row, column)] ?? '', at)) : row,
    ),
  'names moved against their columns': (cells, a, b) =>
    cells.map((row, index) => (index === 0 ? swapped(row, pick(row, a), pick(row, b)) : row)),
};

const replacement = fc.oneof(
  fc.constantFrom('-1', '1.5', '1e3', 'many', ' 1', '1 ', '24', '2', '0', '٣', '９', '1,5', '1.0'),
  fc.constantFrom('9007199254740992', '9007199254740991', '00000000000000000001', 'NULL', '"'),
);

export const cellsDamage: fc.Arbitrary<Damage<Cells>> = fc
  .tuple(fc.constantFrom(...Object.keys(cellsEdits)), spot, spot, replacement)
  .map(([name, row, column, text]) => ({
    name,
    apply: (cells) => cellsEdits[name]?.(cells, row, column, text) ?? cells,
  }));

// ---------------------------------------------------------------- to bytes

type BytesEdit = (bytes: Buffer, at: number, byte: number) => Uint8Array;

const spliced = (bytes: Buffer, at: number, lost: number, gained: readonly number[]) =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(gained), bytes.subarray(at + lost)]);

const bytesEdits: Record<string, BytesEdit> = {
  'a bit flipped': (bytes, at, byte) =>
    spliced(bytes, at, 1, [(bytes[at] ?? 0) ^ (1 << (byte % 8))]),
  'a byte replaced': (bytes, at, byte) => spliced(bytes, at, 1, [byte]),
  'a byte too many': (bytes, at, byte) => spliced(bytes, at, 0, [byte]),
  'a byte lost': (bytes, at) => spliced(bytes, at, 1, []),
  'some bytes lost': (bytes, at, byte) => spliced(bytes, at, byte, []),
  'the end lost': (bytes, at) => bytes.subarray(0, at),
  'the start lost': (bytes, at) => bytes.subarray(at),
  'a part twice': (bytes, at, byte) =>
    Buffer.concat([bytes.subarray(0, at + byte), bytes.subarray(at)]),
};

const troublemakers = [...Buffer.from('",\r\n\0 .-+e0159'), 0x80, 0xc3, 0xe9, 0xef, 0xff];

export const bytesDamage: fc.Arbitrary<Damage<Buffer>> = fc
  .tuple(
    fc.constantFrom(...Object.keys(bytesEdits)),
    fc.nat(100_000),
    fc.oneof(fc.constantFrom(...troublemakers), fc.nat(255)),
  )
  .map(([name, spotInFile, byte]) => ({
    name,
    apply: (bytes) =>
      Buffer.from(bytesEdits[name]?.(bytes, spotInFile % (bytes.length + 1), byte) ?? bytes),
  }));

const seldom = <T>(damage: fc.Arbitrary<T>, most: number) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<T[]>([]) },
    { weight: 1, arbitrary: fc.array(damage, { minLength: 1, maxLength: most }) },
  );

/** A file for `day`, as it arrived: sound, or damaged once or a few times in one way or another. */
export function delivered(day: string): fc.Arbitrary<Delivered> {
  return fc
    .tuple(
      tableOf(day),
      seldom(cellsDamage, 2),
      seldom(bytesDamage, 2),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant<Damage<Buffer>[]>([]) },
        { weight: 1, arbitrary: fc.array(bytesDamage, { minLength: 1, maxLength: 1 }) },
      ),
    )
    .map(([table, toCells, toText, toStored]) => {
      const cells = toCells.reduce<Cells>((each, damage) => damage.apply(each), table.cells);
      const text = toText.reduce(
        (each, damage) => damage.apply(each),
        bytesOf({ ...table, cells }),
      );
      const stored = table.gzip ? gzipSync(text) : text;
      const bytes = table.gzip
        ? toStored.reduce((each, damage) => damage.apply(each), stored)
        : stored;
      const all = [...toCells, ...toText, ...(table.gzip ? toStored : [])].map(({ name }) => name);
      return { bytes, gzip: table.gzip, story: all.join(', ') || 'nothing' };
    });
}

/** What a damaged file says, for a person who looks at a failure. */
export function shown({ bytes, gzip, story }: Delivered): string {
  const plain = gzip ? tryUnpack(bytes) : bytes;
  return `${story}: ${plain === null ? `gzip ${bytes.toString('hex')}` : JSON.stringify(plain.toString())}`;
}

function tryUnpack(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes);
  } catch {
    return null;
  }
}
