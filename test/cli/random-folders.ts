/**
 * Folders of raw days as people have them, at random: layouts, forms of CSV, columns of every type and use. fast-check
 * chooses the shape; the cells follow from the shape and a seed.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { RawFile } from '../../src/core/ports/raw.js';
import type { ColumnsDefinition } from '../../src/model/columns-definition.js';
import { fileFormOf, plainCsv } from '../../src/model/file-form.js';
import { createRandom, type Random } from '../../src/sample/random.js';
import { type Sheet, type SheetForm, writeSheet } from '../engine/columns/sheet.js';

/** What is to be found out about a column. */
export interface Known {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'timestamp';
  readonly scale: number;
  readonly nullable: boolean;
  readonly use: 'key' | 'sum' | 'day' | 'neither';
}

export interface Layout {
  readonly name: string;
  readonly kind: 'index' | 'date';
  readonly pathOf: (day: string, file: number) => string;
}

export interface Folder {
  readonly layout: Layout;
  readonly form: SheetForm;
  readonly gzip: boolean;
  readonly known: readonly Known[];
  readonly days: readonly {
    readonly day: string;
    /** The cells of each file, the header first. */
    readonly tables: readonly (readonly (readonly string[])[])[];
  }[];
}

const layouts: readonly Layout[] = [
  layout('numbers', 'index', (day, file) => `${day}/part-${file}.csv`),
  layout('numbers in Hive folders', 'index', (day, file) => `region=eu/dow=${day}/a${file}.csv`),
  layout('numbers in file names', 'index', (day, file) => `load_${'abc'[file]}_${day}.csv`),
  layout('dates', 'date', (day, file) => `${day}/${file}.csv`),
  layout('dates in Hive folders', 'date', (day, file) => `dt=${day}/part-0000${file}.csv`),
  layout('dates below another key', 'date', (day, file) => `store=${file}/date=${day}/a.csv`),
  layout('nested', 'date', (day, file) => `${day.replaceAll('-', '/')}/${file}.csv`),
  layout('nested in Hive folders', 'date', (day, file) => {
    const [year, month, dayOfMonth] = day.split('-');
    return `year=${year}/month=${month}/day=${dayOfMonth}/x-${file}.csv`;
  }),
  layout(
    'dates in file names',
    'date',
    (day, file) => `trips_${day.replaceAll('-', '')}_${file}.csv`,
  ),
  layout('nested, with dates in file names', 'date', (day, file) => {
    return `${day.slice(0, 4)}/${day.slice(5, 7)}/trips-${day}-${file}.csv`;
  }),
  layout('days first', 'date', (day, file) => {
    return `${day.split('-').reverse().join('.')}/${file}.csv`;
  }),
];

function layout(name: string, kind: Layout['kind'], pathOf: Layout['pathOf']): Layout {
  return { name, kind, pathOf };
}

interface Kind {
  readonly names: readonly string[];
  readonly type: Known['type'];
  readonly use: Known['use'];
  readonly scales?: readonly number[];
  readonly cellOf: (random: Random, row: number, scale: number) => string;
}

const word = (random: Random, size: number) =>
  Array.from({ length: size }, () => 'abcdefghij'[random.below(10)]).join('');
const digits = (random: Random, size: number) =>
  Array.from({ length: size }, () => random.below(10)).join('');
const two = (number: number) => String(number).padStart(2, '0');
const decimalOf = (random: Random, _: number, scale: number) =>
  `${random.below(9) === 0 ? '-' : ''}${random.below(500)}.${digits(random, scale)}`;

const kinds: readonly Kind[] = [
  {
    ...{ names: ['order_id', 'tripId', 'Ticket No'], type: 'integer', use: 'neither' },
    cellOf: (_, row) => String(70_000 + 3 * row),
  },
  {
    ...{ names: ['zone', 'a,b', 'Größe', 'x"y'], type: 'text', use: 'key' },
    cellOf: (random) => ['Harbour', 'Mill, "Upper"', 'Süd', 'a;b'][random.below(4)] as string,
  },
  {
    ...{ names: ['store', 'sensor_id', 'till'], type: 'integer', use: 'key' },
    cellOf: (random) => String(1 + random.below(5)),
  },
  {
    ...{ names: ['fare', 'total, net', '2024', 'amount: eur'], type: 'decimal', use: 'sum' },
    ...{ scales: [2, 3, 4], cellOf: decimalOf },
  },
  {
    ...{ names: ['pieces', 'bytes sent', 'yes'], type: 'integer', use: 'sum' },
    cellOf: (random) => String(random.below(4000) - 100),
  },
  {
    ...{ names: ['paid', 'cached?'], type: 'boolean', use: 'key' },
    cellOf: (random) => ['true', 'false', 'True', 'FALSE'][random.below(4)] as string,
  },
  {
    ...{ names: ['due', 'valid until'], type: 'date', use: 'neither' },
    cellOf: (random) =>
      `20${two(random.below(20) + 30)}-0${random.below(9) + 1}-1${random.below(9)}`,
  },
  {
    ...{ names: ['picked_up', 'at'], type: 'timestamp', use: 'neither' },
    cellOf: (random) => {
      const zone = ['', 'Z', '+02:00'][random.below(3)];
      return `2026-11-0${random.below(9) + 1}${'T '[random.below(2)]}${two(random.below(24))}:00:5${random.below(9)}${zone}`;
    },
  },
  {
    ...{ names: ['celsius', 'unit price'], type: 'decimal', use: 'neither' },
    ...{ scales: [2, 3], cellOf: decimalOf },
  },
  {
    ...{ names: ['note', 'two\nlines', '# text: free'], type: 'text', use: 'neither' },
    cellOf: (random, row) => `${word(random, 6)} ${row}, ${word(random, 4)}`,
  },
];

interface Shape {
  readonly layout: Layout;
  readonly columns: readonly {
    readonly kind: Kind;
    readonly name: number;
    readonly scale: number;
    readonly nullable: boolean;
  }[];
  readonly holdsDay: boolean;
  readonly delimiter: string;
  readonly nothing: string;
  readonly form: Omit<SheetForm, 'delimiter' | 'quote' | 'blankLines'>;
  readonly gzip: boolean;
  readonly days: readonly number[];
  readonly files: number;
  readonly seed: number;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  layout: fc.constantFrom(...layouts),
  columns: fc.uniqueArray(
    fc.record({
      kind: fc.constantFrom(...kinds),
      name: fc.nat(9),
      scale: fc.nat(9),
      nullable: fc.boolean(),
    }),
    { selector: ({ kind }) => kind, minLength: 3, maxLength: kinds.length },
  ),
  holdsDay: fc.boolean(),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  nothing: fc.constantFrom('', 'NA', 'NULL', '-', '\\N', 'n/a'),
  form: fc.record({
    lineEnd: fc.constantFrom('\n', '\r\n'),
    lastLineEnd: fc.boolean(),
    mark: fc.boolean(),
    quoteAll: fc.boolean(),
  }),
  gzip: fc.boolean(),
  days: fc.uniqueArray(fc.nat(15), { minLength: 1, maxLength: 3 }),
  files: fc.integer({ min: 1, max: 2 }),
  seed: fc.nat(),
});

export const folderOfFiles: fc.Arbitrary<Folder> = shape.map(folderFrom);

function folderFrom(given: Shape): Folder {
  const random = createRandom(`folder ${given.seed}`);
  const known = knownIn(given);
  const days = given.days
    .toSorted((a, b) => a - b)
    .map((number) => {
      // Of dates that are written the other way around, no day may be taken for a month.
      const day = given.layout.kind === 'index' ? String(number) : `2026-11-${13 + number}`;
      const tables = Array.from({ length: given.files }, (_, file) =>
        tableOf(given, known, { day, random, before: 1000 * number + 100 * file }),
      );
      return { day, tables };
    });
  const { layout, gzip, delimiter } = given;
  const form = { ...given.form, delimiter, quote: '"', blankLines: null };
  return { layout, gzip, form, known, days };
}

function knownIn({ columns, holdsDay, layout: { kind: dayKind } }: Shape): Known[] {
  const found = columns.map(({ kind, name, scale, nullable }): Known => {
    const { names, type, use, scales = [0] } = kind;
    const own = names[name % names.length] as string;
    return {
      ...{ name: own, type, scale: scales[scale % scales.length] as number, use },
      nullable: nullable && !own.endsWith('Id') && type !== 'boolean' && own !== 'order_id',
    };
  });
  const type = dayKind === 'index' ? 'integer' : 'date';
  const day: Known = { name: 'order_day', type, scale: 0, nullable: false, use: 'day' };
  return holdsDay ? [...found, day] : found;
}

function tableOf(
  { columns, nothing }: Shape,
  known: readonly Known[],
  // Rows before those of this file, so that no two have one number.
  { day, random, before }: { day: string; random: Random; before: number },
): string[][] {
  const rows = Array.from({ length: 24 + random.below(20) }, (_, at) => {
    return known.map(({ type, use, scale, nullable }, column) => {
      if (use === 'day') return day;
      // The first row of each file shows all that may be empty.
      if (nullable && (at === 0 || (at > 2 && random.below(5) === 0))) {
        return type === 'text' || random.below(3) === 0 ? '' : nothing;
      }
      return columns[column]?.kind.cellOf(random, before + at, scale) ?? '';
    });
  });
  const order = [...known.keys()].sort(() => random.below(3) - 1);
  const all = [known.map(({ name }) => name), ...rows];
  return all.map((row) => order.map((at) => row[at] as string));
}

// ---------------------------------------------------------------- on the disk, and what is made of it

export interface LandedFile {
  readonly day: string;
  readonly file: RawFile;
  readonly sheet: Sheet;
}

export async function land(
  root: string,
  { days, layout, gzip, form }: Folder,
): Promise<LandedFile[]> {
  const landed: LandedFile[] = [];
  for (const { day, tables } of days) {
    for (const [at, cells] of tables.entries()) {
      const gz = gzip && at === 0;
      const name = `${layout.pathOf(day, at)}${gz ? '.gz' : ''}`;
      const path = join(root, name);
      const sheet = writeSheet(cells, form);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, gz ? gzipSync(sheet.text) : sheet.text);
      const file = { name, path, sizeBytes: 1, mtimeNs: '0', form: fileFormOf(name) ?? plainCsv };
      landed.push({ day, file, sheet });
    }
  }
  return landed;
}

/** What of a definition follows from the cells, whatever is chosen as key or measure. */
export function told({ columns, by, measures, dayKind, dayColumn, csv }: ColumnsDefinition) {
  return {
    dayKind,
    dayColumn,
    delimiter: csv.delimiter,
    columns: Object.fromEntries(
      columns.map(({ name, type, nullable }) => [
        name,
        [type.kind, type.kind === 'decimal' ? type.scale : 0, nullable],
      ]),
    ),
    counts: measures.filter(({ measure }) => measure === 'count').length,
    keysAndSums: Object.fromEntries(
      columns.map(({ name }) => [
        name,
        by.some(({ column }) => column === name)
          ? 'key'
          : measures.some((each) => each.measure === 'sum' && each.column === name)
            ? 'sum'
            : 'neither',
      ]),
    ),
  };
}

export function expectedOf({ known, layout, form }: Folder) {
  const each = <T>(pick: (column: Known) => T) =>
    Object.fromEntries(known.map((column) => [column.name, pick(column)]));
  return {
    dayKind: layout.kind,
    dayColumn: known.find(({ use }) => use === 'day')?.name ?? null,
    delimiter: form.delimiter,
    columns: each(({ type, scale, nullable }) => [type, scale, nullable]),
    counts: 1,
    keysAndSums: each(({ use }) => (use === 'key' || use === 'sum' ? use : 'neither')),
  };
}
