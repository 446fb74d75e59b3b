import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Day, type LayoutName, layoutOf } from '../../src/model/day.js';
import { type DayParts, readName, write } from '../../src/model/path-segment.js';
import {
  compileTemplate,
  dayFoldersIn,
  type PathTemplate,
  partsOf,
  readAt,
} from '../../src/model/path-template.js';

function compiled(text: string, kind: LayoutName = 'date'): PathTemplate {
  const result = compileTemplate(text, kind);
  if (!('template' in result)) throw new Error(JSON.stringify(result.mistakes));
  return result.template;
}

/** The day that the names below the root tell; null where they tell none, or several. */
function dayOf(template: PathTemplate, names: readonly string[]): Day | null {
  let parts: DayParts = {};
  for (const [level, name] of names.entries()) {
    if (level > template.dayLevel) break;
    const reading = readAt(template, level, parts, name);
    if (reading.kind === 'day') return reading.day;
    if (reading.kind !== 'part') return null;
    parts = reading.parts;
  }
  return null;
}

const namesOf = (template: PathTemplate, day: Day) =>
  template.segments.map(({ patterns }) => write(patterns[0] ?? [], partsOf(template.layout, day)));

describe('the root is the longest path in front of day and wildcards', () => {
  test.each<[text: string, root: string, depth: number]>([
    ['data/raw/{day}/*.csv{,.gz}', 'data/raw', 2],
    ['landing/basket_{day:yyyyMMdd}.csv', 'landing', 1],
    ['raw/{day:yyyy/MM/dd}/part-*.csv', 'raw', 4],
    ['raw/year={day:yyyy}/month={day:MM}/day={day:dd}/*.csv', 'raw', 4],
    ['raw/region=eu/{day}/*.csv', 'raw/region=eu', 2],
    ['raw/region=*/{day}/*.csv', 'raw', 3],
    ['raw/{eu,us}/{day}/*.csv', 'raw', 3],
    ['/{day}/*.csv', '/', 2],
    ['{day}/*.csv', '.', 2],
    ['../a//b/./{day}/*.csv', '../a/b/.', 2],
    ['/a\\{1,2\\}\\*/{day}/*.csv', '/a{1,2}*', 2],
  ])('%s', (text, root, depth) => {
    const template = compiled(text);
    expect(template.root).toBe(root);
    expect(template.segments).toHaveLength(depth);
  });

  test('or any folder, whatever signs its path has', () => {
    const rawDir = '/srv/{day}/a*b?/[x]\\y,{1}';
    const template = dayFoldersIn(rawDir, layoutOf('index'));
    expect(template).toMatchObject({ root: rawDir, dayLevel: 0, hasDayFolder: true });
    expect({ ...template, root: 'r', writtenRoot: 'r' }).toEqual(
      compiled('r/{day}/*.csv{,.gz}', 'index'),
    );
  });
});

test.each<[text: string, hasDayFolder: boolean]>([
  ['r/{day}/*.csv', true],
  ['r/{day:yyyy/MM/dd}/h=*/*.csv', true],
  ['r/{day}_*/*.csv', false],
  ['r/region=*/{day}/*.csv', false],
  ['r/{day}.csv', false],
  ['r/{day:yyyy}/{day:MM-dd}.csv', false],
])('%s: whether a day has a folder of its own is %s', (text, hasDayFolder) => {
  expect(compiled(text)).toMatchObject({ hasDayFolder });
  expect('template' in compileTemplate(text, 'date', { requireSuccessFile: true })).toBe(
    hasDayFolder,
  );
});

describe('a mistake is told with its place', () => {
  const table: [kind: LayoutName, text: string, at: string, message: RegExp][] = [
    ['date', 'raw/*.csv', 'raw', /has no day; put \{day\} .* such as raw\/\{day\}\/\*\.csv\.$/],
    ['date', '', '', /has no day/],
    ['date', 'raw/{date}/*.csv', '{date}', /^\{date\} is not known: write \{day\} for the day/],
    ['date', 'raw/{day:YYYYMMDD}/*.csv', '{day:YYYY', /written with yyyy, MM and dd/],
    ['date', 'raw/{day:}/*.csv', '{day:}', /written with yyyy/],
    ['date', 'raw/{day:yyyy//MM/dd}/*.csv', '{day:yyyy', /\{day:\} is not known/],
    ['date', 'raw/{day:yyyy/MM}/*.csv', 'raw', /date is incomplete: dd is missing/],
    ['date', 'raw/{day:yyyy}/*.csv', 'raw', /: MM and dd is missing/],
    ['date', 'raw/{day}/{day}.csv', '{day}.csv', /appears twice/],
    ['date', 'raw/{day:yyyyMMddMM}/*.csv', '{day:yyyyMMddMM}', /appears twice/],
    ['index', 'raw/{day:yyyyMMdd}/*.csv', '{day:', /is for dates; if days are numbers/],
    ['index', 'raw/v1{day}/*.csv', 'v1', /digit directly next to \{day\}/],
    ['index', 'raw/{day}0/*.csv', '{day}0', /digit directly next to/],
    ['date', 'raw/{dt={day},{day}}/*.csv', '{day},', /cannot be inside alternatives/],
    ['date', 'raw/{a,b/{day}/*.csv', '{a', /not closed before the name ends/],
    ['date', 'raw/a}/{day}/*.csv', '}/', /closes nothing/],
    ['date', 'raw/{day}/**/*.csv', '**', /\*\* is not known: a \* matches part of one name/],
    ['date', 'raw/{day}/[ab].csv', '[', /\[ is not known: write \{a,b\}/],
    ['date', 'raw/{day}/a.csv\\', '\\', /nothing after/],
    ['date', 'raw/{day}/_x/*.csv', '_x', /begin with \. or _ are always ignored/],
    ['date', 'raw/{day}/../*.csv', '..', /are always ignored/],
    [
      'date',
      'raw/{day}/',
      '{day}',
      /must end with the extension of the files, such as raw\/\{day\}\/\*\.csv/,
    ],
    [
      'date',
      'raw/{day}',
      '{day}',
      /must end with the extension of the files.*such as raw\/\{day\}\/\*\.csv\{,\.gz\}\.$/,
    ],
    ['date', 'raw/{day}/*', '*', /^Its last name, \*, must end with the extension of the files/],
    ['date', 'raw/{day}/*.csv*', '*.csv*', /must end with the extension of the files/],
    ['date', 'raw/{day}/*.{csv,txt}', '*.{csv,txt}', /must end with the extension of the files/],
    [
      'date',
      'raw/{day}/*.parquet{,.gz}',
      '*.parquet{',
      /^Files that end with \.parquet\.gz cannot be read: Parquet compresses itself\.$/,
    ],
    ['date', 'raw/{day}/*.PARQUET.zst', '*.PARQUET', /\.parquet\.zst cannot be read/],
    ['date', 'raw/{day}/*.json', '*.json', /must end with the extension of the files/],
    ['date', `raw/{day}/${'{a,b}'.repeat(9)}.csv`, '{a,b}.csv', /too many combinations/],
  ];

  test.each(table)('%s: %s', (kind, text, at, message) => {
    const result = compileTemplate(text, kind);
    if (!('mistakes' in result)) throw new Error('it was taken');
    const place = text.indexOf(at);
    expect(result.mistakes).toContainEqual({ message: expect.stringMatching(message), at: place });
  });

  test('all of them at once', () => {
    const result = compileTemplate('raw/{date}/[a]/**.csv', 'date');
    expect(result).toMatchObject({ mistakes: [{ at: 4 }, { at: 11 }, { at: 15 }] });
  });
});

const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10) as Day);

const literal = fc
  .array(fc.constantFrom('a', 'B', '-', '=', '.', '{', '}', ',', '*', '?', '[', '\\', 'é', '😀'), {
    maxLength: 4,
  })
  .map((signs) => signs.join(''))
  .filter((text) => !/^[._]/.test(text));

const escaped = (text: string) => text.replace(/[\\*?{}[\],]/g, '\\$&');

/** Templates of dates whose names hold nothing that others could put there. */
const plainTemplate = fc
  .tuple(
    fc.constantFrom(
      '{day}',
      '{day:yyyyMMdd}',
      '{day:dd.MM.yyyy}',
      '{day:yyyy/MM/dd}',
      '{day:MM/dd/yyyy}',
      '{day:yyyy}/{day:MM}-{day:dd}',
      '{day:yyyyMM}/{day:dd}',
    ),
    literal,
    literal,
    fc.boolean(),
  )
  .map(([format, head, tail, isFlat]) =>
    isFlat
      ? `root/x${escaped(head)}${format}${escaped(tail)}.csv`
      : `root/x${escaped(head)}${format}${escaped(tail)}/*.csv{,.gz}`,
  );

describe('a day that is written by a template', () => {
  test('is read from there, and no other', () => {
    fc.assert(
      fc.property(plainTemplate, day, day, (text, one, other) => {
        const template = compiled(text);
        expect(dayOf(template, namesOf(template, one))).toBe(one);
        const [own, others] = [namesOf(template, one), namesOf(template, other)];
        const outer = (names: string[]) => names.slice(0, template.dayLevel + 1).join('/');
        if (one !== other) expect(outer(own)).not.toBe(outer(others));
      }),
    );
  });

  test('is read in any case of its ending, and in no other spelling', () => {
    const template = compiled('r/basket_{day:yyyyMMdd}.csv');
    expect(dayOf(template, ['basket_20261123.CsV'])).toBe('2026-11-23');
    for (const name of [
      'Basket_20261123.csv',
      'basket_20261123.csv ',
      'xbasket_20261123.csv',
      'basket_2026112.csv',
      'basket_２０２６1123.csv',
    ]) {
      expect(dayOf(template, [name])).toBeNull();
    }
  });
});

test('eight digits that are no date are no day', () => {
  const template = compiled('r/{day:yyyyMMdd}/*.csv');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999 }), (number) => {
      const digits = String(number).padStart(8, '0');
      const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
      const time = Date.parse(`${text}T00:00:00Z`);
      const isDate = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
      expect(dayOf(template, [digits])).toBe(isDate ? text : null);
    }),
    { examples: [[20_260_231], [20_260_229], [20_240_229], [20_261_301], [20_260_100]] },
  );
});

describe('wildcards', () => {
  test.each<[pattern: string, name: string, fits: boolean]>([
    ['*.csv', '.csv', true],
    ['?.csv', '😀.csv', true],
    ['?.csv', '.csv', false],
    ['??.csv', '😀.csv', false],
    ['a*b*c.csv', 'aXbbYc.csv', true],
    ['a*b*c.csv', 'aXcYb.csv', false],
    ['{a,b{1,2},}.csv', 'b2.csv', true],
    ['{a,b{1,2},}.csv', 'b.csv', false],
    ['a,b.csv', 'a,b.csv', true],
    ['a].csv', 'a].csv', true],
    ['x+(y).csv', 'xxy.csv', false],
  ])('%s, %s: %s', (pattern, name, fits) => {
    const file = compiled(`r/{day}/${pattern}`).segments.at(-1);
    expect(file !== undefined && readName(file, name).length > 0).toBe(fits);
  });

  test('by the dozen take no time', { timeout: 2_000 }, () => {
    const file = compiled(`r/{day}/${'*a'.repeat(30)}.csv`).segments.at(-1);
    expect(file && readName(file, `${'a'.repeat(250)}.cs`)).toEqual([]);
  });

  test('around a day leave it undecided where a name tells two', () => {
    const template = compiled('r/*{day:yyyyMMdd}*.csv');
    expect(readAt(template, 0, {}, 'x_20261123_y.csv')).toEqual({ kind: 'day', day: '2026-11-23' });
    expect(readAt(template, 0, {}, '20261123_20261124_20261123.csv')).toEqual({
      kind: 'several',
      days: ['2026-11-23', '2026-11-24'],
    });
    expect(readAt(template, 0, {}, '20261123_20261123.csv')).toMatchObject({ kind: 'day' });
  });

  test('beside a number do not cut it', () => {
    const template = compiled('r/*{day}*/x.csv', 'index');
    expect(readAt(template, 0, {}, 'a12b')).toEqual({ kind: 'day', day: '12' });
    expect(readAt(template, 0, {}, 'a1b2')).toEqual({ kind: 'several', days: ['1', '2'] });
    expect(readAt(template, 0, {}, 'a012')).toEqual({ kind: 'none' });
    expect(readAt(template, 0, {}, 'a99999999999999999999')).toEqual({ kind: 'none' });
  });
});
