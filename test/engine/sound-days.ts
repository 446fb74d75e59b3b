/**
 * Random raw days with nothing wrong in them: any width, density, column order and form of CSV. fast-check
 * chooses the shape, and makes it smaller after a failure; the cells follow from the shape and a seed, since
 * choosing each of a wide table would take most of the time.
 */
import fc from 'fast-check';
import { createRandom, type Random } from '../../src/sample/random.js';
import { type Cells, type CsvForm, csvText } from './csv-text.js';
import { ignoredColumns } from './job.js';
import { h } from './words.js';

export interface SoundFile {
  readonly cells: Cells;
  readonly form: CsvForm;
  readonly gzip: boolean;
}

/** As a file of a job: name and text. */
export function written(files: readonly SoundFile[]): Record<string, string> {
  return Object.fromEntries(files.map((file, index) => [nameOf(file, index), textOf(file)]));
}

export function nameOf({ gzip }: Pick<SoundFile, 'gzip'>, index: number): string {
  return `${index}.csv${gzip ? '.gz' : ''}`;
}

export function textOf({ cells, form }: SoundFile): string {
  return csvText(cells, form);
}

// ---------------------------------------------------------------- names

/** DuckDB takes # for the mark of a comment, and alone quotes what holds one; so no name does. */
const awkward = [
  ...['a,b', '"', 'x"y', 'two\nlines', 'two\r\nlines', 'a\rb', ' x', 'x', 'X', 'x ', '=1', "'"],
  ...['\ud83d\ude00', '\uff5e', 'é€', '__proto__', 'NULL', '0', 'a;b', '\\', '\t-', '-1', 'true'],
];

const pool = Array.from({ length: 500 }, (_, index) =>
  index % 3 === 0 ? (awkward[index / 3] ?? `kind, ${index}`) : `category ${index}`,
);
const pooled = new Set(pool);

const freeName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
  .map((text) => text.replaceAll('\0', '0'))
  .filter((text) => text.trim() !== '' && !/#|^\ufeff/.test(text))
  .filter((text) => !pooled.has(text) && !ignoredColumns.has(text));

// ---------------------------------------------------------------- cells

/** What counts look like, by how they are told from 0. */
const countStyles: Readonly<Record<string, (random: Random) => string>> = {
  digits: (random) => String(random.below(10)),
  hundreds: (random) => String(random.below(1000)),
  long: (random) => String(random.below(1_000_000) * 1_000_000 + random.below(1_000_000)),
  padded: (random) => String(random.below(100)).padStart(random.below(5), '0'),
  empty: (random) => (random.below(2) === 0 ? '' : String(random.below(100_000))),
  pointed: (random) => `${random.below(20)}${['', '.0', '.000'][random.below(3)]}`,
};

const ignoredTexts = ['', 'x', 'two words', '7.0', '\t', "it's", 'é€', '\ud83d\ude00', '#'];
const quotedTexts = ['a, b', '"', 'say ""', 'two\nlines', 'two\r\nlines', ',', '\r'];

interface Shape {
  readonly free: readonly string[];
  readonly firstCategory: number;
  readonly categories: number;
  readonly ignored: readonly string[];
  readonly withDay: boolean;
  readonly rows: number;
  /** One cell in so many is not 0. */
  readonly sparsity: number;
  readonly style: string;
  readonly anyOrder: boolean;
  /** Whether ignored cells hold what must be quoted. */
  readonly needsQuotes: boolean;
  readonly quotes: 'needed' | 'some' | 'all';
  /** Whether hours and days are written as a float writes them. */
  readonly floats: boolean;
  /** After one row in so many there is an empty line or two; 0 for none. */
  readonly emptyLines: number;
  readonly seed: number;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  free: fc.uniqueArray(freeName, { maxLength: 3 }),
  firstCategory: fc.nat(90),
  categories: fc.oneof(fc.nat(8), fc.nat(40), fc.nat(400)),
  ignored: fc.subarray(['order_id', 'user_id', 'eval_set', 'days_since_prior_order']),
  withDay: fc.boolean(),
  rows: fc.nat(24),
  sparsity: fc.constantFrom(1, 2, 10, 40),
  style: fc.constantFrom('digits', ...Object.keys(countStyles)),
  anyOrder: fc.boolean(),
  needsQuotes: mostly(4, false, true),
  quotes: mostly<Shape['quotes']>(4, 'needed', 'some', 'all'),
  floats: mostly(6, false, true),
  emptyLines: mostly(3, 0, 1, 5),
  seed: fc.nat(),
});

function mostly<T>(weight: number, usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

function cellsOf(day: string, { seed, ...of }: Shape): Cells {
  const random = createRandom(String(seed));
  const categories = pool.slice(of.firstCategory, of.firstCategory + of.categories);
  const names = [...of.ignored, ...(of.withDay ? ['order_dow'] : []), h, ...categories, ...of.free];
  if (of.anyOrder) shuffle(names, random);
  const rows = Array.from({ length: of.rows }, () =>
    names.map((name) => cellOf(name, day, of, random)),
  );
  return [names, ...rows];
}

function cellOf(name: string, day: string, of: Omit<Shape, 'seed'>, random: Random): string {
  const end = of.floats ? ['.0', '.00', ''][random.below(3)] : '';
  if (name === h) return String(random.below(24)).padStart(1 + random.below(2), '0') + end;
  if (name === 'order_dow') return day + end;
  if (ignoredColumns.has(name)) {
    const texts = of.needsQuotes ? [...ignoredTexts, ...quotedTexts] : ignoredTexts;
    return texts[random.below(texts.length)] as string;
  }
  return random.below(of.sparsity) === 0 ? (countStyles[of.style]?.(random) ?? '') : '0';
}

function shuffle(names: string[], random: Random): void {
  for (let at = names.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [names[at], names[other]] = [names[other] as string, names[at] as string];
  }
}

// ---------------------------------------------------------------- files and days

function quotedBy(quotes: Shape['quotes'], seed: number): NonNullable<CsvForm['quoted']> {
  if (quotes !== 'some') return () => quotes === 'all';
  return (row, column) => createRandom(`${seed}/${row}/${column}`).below(3) === 0;
}

function emptyLinesBy({ emptyLines, seed }: Shape): NonNullable<CsvForm['emptyLines']> {
  if (emptyLines === 0) return () => 0;
  return (row) => {
    const random = createRandom(`${seed}/${row}`);
    return random.below(emptyLines) === 0 ? 1 + random.below(2) : 0;
  };
}

function soundFile(day: string): fc.Arbitrary<SoundFile> {
  return fc
    .record({
      shape,
      lineEnd: fc.constantFrom('\n', '\r\n'),
      lastLineEnd: fc.boolean(),
      mark: fc.boolean(),
      gzip: mostly(2, false, true),
    })
    .map(({ shape: of, gzip, ...form }) => {
      const cells = cellsOf(day, of);
      // To DuckDB an empty line of a file with one column is a row whose cell is null.
      const emptyLines = cells[0]?.length === 1 ? () => 0 : emptyLinesBy(of);
      return { cells, form: { ...form, quoted: quotedBy(of.quotes, of.seed), emptyLines }, gzip };
    });
}

/** The files of a day, of which each may have columns of its own. */
export function soundDay(day: string, mostFiles = 3): fc.Arbitrary<readonly SoundFile[]> {
  return fc.array(soundFile(day), { minLength: 1, maxLength: mostFiles });
}
