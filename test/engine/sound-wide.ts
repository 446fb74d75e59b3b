/** Random definitions of `wide` with days that fit them. Cells follow from a seed, since wide tables have many. */
import fc from 'fast-check';
import type { LayoutName } from '../../src/model/day.js';
import { seedDefinition, type WideDefinition } from '../../src/model/definition.js';
import { createRandom, type Random } from '../../src/sample/random.js';
import { type Cells, type CsvForm, csvText } from './csv-text.js';
import { wideTraits } from './wide-definitions.js';

export interface SoundWideFile {
  readonly name: string;
  readonly cells: Cells;
  readonly form: CsvForm;
  readonly text: string;
}

export interface SoundWideDays {
  readonly definition: WideDefinition;
  readonly days: readonly { readonly day: string; readonly files: readonly SoundWideFile[] }[];
}

/** DuckDB takes # for the mark of a comment. */
const categories = [
  'x',
  'X',
  'a,b',
  'x"y',
  ' x',
  '\ud83d\ude00',
  '\uff5e',
  '__proto__',
  'oat milk',
  '0',
];
const ignored = ['order_id', 'note'];
const notes = ['', 'x', 'two words', '7.0', 'é€', '"', 'a, b', "it's", '\t'];

const form = fc.record({
  lineEnd: fc.constantFrom('\n', '\r\n'),
  lastLineEnd: fc.boolean(),
  mark: fc.boolean(),
});

const shape = fc.record({
  traits: wideTraits,
  categories: fc.subarray(categories),
  ignored: fc.subarray(ignored),
  files: fc.array(fc.record({ form, gzip: fc.boolean(), rows: fc.nat(30) }), {
    minLength: 1,
    maxLength: 3,
  }),
  seed: fc.nat(),
});

export function soundWideDays(
  dayKind: LayoutName,
  days: readonly string[],
): fc.Arbitrary<SoundWideDays> {
  return shape.map(({ traits, seed, files, ...names }) => {
    const definition = { ...seedDefinition(dayKind, ignored), ...traits };
    const filesOn = (day: string) =>
      files.map(({ gzip, rows, form: of }, at) => {
        const random = createRandom(`${seed}/${day}/${at}`);
        const cells = cellsOf(definition, day, names, rows, random);
        return { name: `${at}.csv${gzip ? '.gz' : ''}`, cells, form: of, text: csvText(cells, of) };
      });
    return { definition, days: days.map((day) => ({ day, files: filesOn(day) })) };
  });
}

interface Names {
  readonly categories: readonly string[];
  readonly ignored: readonly string[];
}

function cellsOf(
  { by, dayColumn, dayKind }: WideDefinition,
  day: string,
  names: Names,
  rows: number,
  random: Random,
): Cells {
  const float = () => (random.below(6) === 0 ? '.0' : '');
  const columns: [name: string, cell: () => string][] = [
    ...names.ignored.map((name): [string, () => string] => [
      name,
      () => notes[random.below(notes.length)] as string,
    ]),
    ...by.map(({ column, least, most }): [string, () => string] => [
      column,
      () => `${least + random.below(most - least + 1)}${float()}`,
    ]),
    ...(dayColumn === null || random.below(3) === 0
      ? []
      : [
          [dayColumn, () => `${day}${dayKind === 'index' ? float() : ''}`] as [
            string,
            () => string,
          ],
        ]),
    // Each file has columns of its own.
    ...names.categories
      .filter(() => random.below(5) > 0)
      .map((name): [string, () => string] => [name, () => count(random)]),
  ];
  columns.sort(() => random.below(3) - 1);
  // A file without a column has no header.
  if (columns.length === 0) columns.push(['lone', () => count(random)]);
  const isOne = columns.length === 1;
  const cells = Array.from({ length: rows }, () =>
    // The empty cell of a row of one would be a blank line.
    columns.map(([, cell]) => (isOne ? cell() || '0' : cell())),
  );
  return [columns.map(([name]) => name), ...cells];
}

function count(random: Random): string {
  return ['0', '0', '', '7', '3.0', '007', String(random.below(1_000_000) * 1_000_000)][
    random.below(7)
  ] as string;
}
