/**
 * Random definitions of `columns`, and random raw days that fit them. fast-check chooses the shape, and makes it
 * smaller after a failure; the cells follow from the shape and a seed.
 */
import fc from 'fast-check';
import { parseColumnType } from '../../../src/model/column-type.js';
import type { ColumnsDefinition } from '../../../src/model/columns-definition.js';
import type { LayoutName } from '../../../src/model/day.js';
import { readColumnsDefinition } from '../../../src/model/read-columns-definition.js';
import { createRandom, type Random } from '../../../src/sample/random.js';
import { badCells, cellOf, types } from './random-cells.js';
import { type Sheet, writeSheet } from './sheet.js';

export interface SoundColumnsDay {
  readonly definition: ColumnsDefinition;
  readonly files: readonly SoundColumnsFile[];
}

export interface SoundColumnsFile {
  readonly name: string;
  readonly sheet: Sheet;
}

export const soundDayText = '2026-11-23';

/** One definition, and several days of it. */
export interface SoundColumnsDays {
  readonly definition: ColumnsDefinition;
  readonly days: readonly { readonly day: string; readonly files: readonly SoundColumnsFile[] }[];
}

/** DuckDB takes # for the mark of a comment, so no name has one. */
const names = [
  ...['zone', 'fare', 'a,b', 'x"y', 'two\nlines', 'X', 'x', "it's", 'a;b', '\ud83d\ude00', '2024'],
  ...['__proto__', ' blank', 'sum(x)', 'tab\there', 'a|b', 'NULL'],
];

interface ColumnSpec {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

const columnSpec: fc.Arbitrary<ColumnSpec> = fc.record({
  name: fc.constantFrom(...names),
  type: fc.constantFrom(...types),
  nullable: fc.boolean(),
});

interface Shape {
  readonly columns: readonly ColumnSpec[];
  readonly keys: readonly number[];
  readonly measures: readonly (readonly [column: number, measure: number])[];
  readonly delimiter: string;
  readonly quote: string;
  readonly nulls: readonly string[];
  readonly dayColumn: 'none' | 'undeclared' | 'declared';
  readonly files: readonly FileShape[];
  /** Few values give groups of many rows. */
  readonly variety: number;
  readonly seed: number;
}

interface FileShape {
  readonly rows: number;
  readonly undeclared: number;
  readonly gzip: boolean;
  readonly mark: boolean;
  readonly lineEnd: string;
  readonly lastLineEnd: boolean;
  readonly blankLines: boolean;
  readonly quoteAll: boolean;
}

const fileShape: fc.Arbitrary<FileShape> = fc.record({
  rows: fc.nat(24),
  undeclared: fc.nat(2),
  gzip: fc.boolean(),
  mark: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  lastLineEnd: fc.boolean(),
  blankLines: fc.boolean(),
  quoteAll: fc.boolean(),
});

const shape: fc.Arbitrary<Shape> = fc.record({
  columns: fc.uniqueArray(columnSpec, { minLength: 1, maxLength: 6, selector: ({ name }) => name }),
  keys: fc.array(fc.nat(), { maxLength: 3 }),
  measures: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 4 }),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  quote: fc.constantFrom('"', '"', "'"),
  nulls: fc.constantFrom([''], ['', 'NA'], ['-', 'NULL']),
  dayColumn: fc.constantFrom('none', 'undeclared', 'declared'),
  files: fc.array(fileShape, { minLength: 1, maxLength: 3 }),
  variety: fc.constantFrom(1, 3, 100),
  seed: fc.nat(),
});

export const soundColumnsDay: fc.Arbitrary<SoundColumnsDay> = shape.map((of) => {
  const definition = definitionOf(of, 'date');
  return { definition, files: filesOf(definition, of, soundDayText) };
});

export function soundColumnsDays(
  dayKind: LayoutName,
  days: readonly string[],
): fc.Arbitrary<SoundColumnsDays> {
  return fc.tuple(shape, fc.nat()).map(([of, other]) => {
    const definition = definitionOf(of, dayKind);
    const filesOn = (day: string, at: number) =>
      filesOf(definition, { ...of, seed: of.seed + at * other }, day);
    return { definition, days: days.map((day, at) => ({ day, files: filesOn(day, at) })) };
  });
}

function filesOf(definition: ColumnsDefinition, of: Shape, day: string): SoundColumnsFile[] {
  const random = createRandom(String(of.seed));
  return of.files.map((file, index) => ({
    name: `${index}.csv${file.gzip ? '.gz' : ''}`,
    sheet: sheetOf(definition, of, file, day, random),
  }));
}

const dayName = 'the day';

function definitionOf(
  { columns, keys, measures, delimiter, quote, nulls, dayColumn }: Shape,
  dayKind: LayoutName,
) {
  const dayType = dayKind === 'date' ? 'date' : 'integer';
  const days = dayColumn === 'declared' ? [[dayName, dayType] as const] : [];
  const pick = (at: number) => columns[at % columns.length] as ColumnSpec;
  const read = readColumnsDefinition({
    dayKind,
    columns: [
      ...days,
      ...columns.map(
        ({ name, type, nullable }) => [name, `${type}${nullable ? '?' : ''}`] as const,
      ),
    ],
    by: keys.map((key, at) => `k${at}: ${keyOver(pick(key), Math.floor(key / columns.length))}`),
    measures: measures.map(([column, measure], at) => [
      `m${at}`,
      measureOver(pick(column), measure),
    ]),
    csv: { delimiter, quote, nulls },
    ...(dayColumn !== 'none' && { dayColumn: dayName }),
  });
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.definition;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function keyOver({ name, type }: ColumnSpec, choice: number): string {
  const parts =
    type === 'timestamp'
      ? ['', 'hour', 'weekday', 'date']
      : type === 'date'
        ? ['', 'weekday', 'date']
        : [''];
  const part = parts[choice % parts.length] as string;
  return part === '' ? quoted(name) : `${part}(${quoted(name)})`;
}

function measureOver({ name, type }: ColumnSpec, choice: number): string {
  const parsed = parseColumnType(type).type;
  const isNumber = parsed.kind === 'integer' || parsed.kind === 'decimal';
  // The judge's own numbers have 38 digits, and need some to round an average.
  const isShort =
    parsed.kind === 'integer' || (parsed.kind === 'decimal' && parsed.precision <= 18);
  const x = quoted(name);
  const all = [
    ...['count()', `count(${x})`, `min(${x})`, `max(${x})`, `distinct(${x})`],
    ...(isNumber ? [`sum(${x})`, `sum(${x})`] : []),
    ...(isNumber && isShort ? [`avg(${x}, ${choice % 7})`] : []),
  ];
  return all[choice % all.length] as string;
}

function sheetOf(
  definition: ColumnsDefinition,
  { variety, seed }: Shape,
  file: FileShape,
  day: string,
  random: Random,
): Sheet {
  const { columns, dayColumn, dayKind, csv } = definition;
  const header = [
    ...columns.map(({ name }) => name),
    // Of an undeclared one, some files have none.
    ...(dayColumn === null || columns.some(({ name }) => name === dayColumn)
      ? []
      : [dayColumn].slice(random.below(4) === 0 ? 1 : 0)),
    ...Array.from({ length: file.undeclared }, (_, index) => `other ${index}`),
  ];
  shuffle(header, random);
  const rows = Array.from({ length: file.rows }, () =>
    header.map((name) => {
      if (name === dayColumn)
        return `${day}${dayKind === 'index' ? ['', '.0', ''][random.below(3)] : ''}`;
      const column = columns.find((each) => each.name === name);
      return column === undefined
        ? `${random.below(9)}`
        : cellOf(column, csv.nulls, variety, random);
    }),
  );
  const isOneColumn = header.length === 1;
  return writeSheet([header, ...rows], {
    ...file,
    ...{ delimiter: csv.delimiter, quote: csv.quote as string },
    // To DuckDB an empty line of a file with one column is a row whose cell is null.
    blankLines: !isOneColumn && file.blankLines ? createRandom(`${seed}/lines`) : null,
  });
}

function shuffle(all: string[], random: Random): void {
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [all[at], all[other]] = [all[other] as string, all[at] as string];
  }
}

/** A text that no cell of the column may hold. */
export function badCellFor(
  { type, nullable }: ColumnsDefinition['columns'][number],
  choice: number,
): string | null {
  const all = [...badCells(type), ...(nullable ? [] : [''])];
  return all.length === 0 ? null : (all[choice % all.length] as string);
}
