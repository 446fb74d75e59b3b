/** Every way in which the path of a file may tell a day: in one name, or spread over several. */
import { type Day, type LayoutName, layoutOf } from '../model/day.js';
import { csvEnding } from './find-files.js';

/** Where in a path a part of the day stands. */
export interface Spot {
  readonly level: number;
  readonly from: number;
  readonly to: number;
  /** As a template writes it: `{day:yyyyMMdd}`. */
  readonly placeholder: string;
}

export interface DayReading {
  readonly kind: LayoutName;
  readonly day: Day;
  readonly spots: readonly Spot[];
  /** How surely it is the day that is meant. */
  readonly strength: number;
  /** Equal for readings of several files that one template can tell. */
  readonly key: string;
}

export function dayReadings(path: readonly string[]): DayReading[] {
  const stems = path.map((name, level) =>
    level === path.length - 1 ? name.replace(csvEnding, '') : name,
  );
  const found = stems.flatMap((stem, level) => [
    ...wholeDates(stem, level, level === stems.length - 1),
    ...spreadDates(stems, level),
    ...numbers(stem, level, level === stems.length - 1),
  ]);
  return found.map((each) => ({ ...each, key: keyOf(each, path.length, found) }));
}

type Found = Omit<DayReading, 'key'>;

function keyOf(reading: Found, depth: number, all: readonly Found[]): string {
  const places = ({ kind, spots }: Found) =>
    JSON.stringify([kind, depth, spots.map(({ level, placeholder }) => [level, placeholder])]);
  const alike = all.filter((each) => places(each) === places(reading));
  return `${places(reading)} ${alike.indexOf(reading)}`;
}

// ---------------------------------------------------------------- dates in one name

const forwards =
  /(?<![0-9])(?<a>[0-9]{4})(?<sign>[-_. ])(?<b>[0-9]{2})\k<sign>(?<c>[0-9]{2})(?![0-9])/g;
/** A time of day may follow without a sign between the two. */
const solid =
  /(?<![0-9])(?<a>[0-9]{4})(?<sign>)(?<b>[0-9]{2})(?<c>[0-9]{2})(?=(?:[0-9]{4}|[0-9]{6})?(?![0-9]))/g;
const backwards =
  /(?<![0-9])(?<a>[0-9]{2})(?<sign>[-_.])(?<b>[0-9]{2})\k<sign>(?<c>[0-9]{4})(?![0-9])/g;

const spellings: readonly (readonly [RegExp, order: readonly [string, string, string]])[] = [
  [forwards, ['yyyy', 'MM', 'dd']],
  [solid, ['yyyy', 'MM', 'dd']],
  [backwards, ['dd', 'MM', 'yyyy']],
  [backwards, ['MM', 'dd', 'yyyy']],
];

function wholeDates(stem: string, level: number, isFile: boolean): Found[] {
  return spellings.flatMap(([shape, order]) =>
    [...stem.matchAll(shape)].flatMap(({ 0: text, index, groups = {} }) => {
      const { a = '', b = '', c = '', sign = '' } = groups;
      const parts = { [order[0]]: a, [order[1]]: b, [order[2]]: c };
      const day = dateOf(parts['yyyy'], parts['MM'], parts['dd']);
      if (day === null) return [];
      const format = order.join(sign);
      const placeholder = format === 'yyyy-MM-dd' ? '{day}' : `{day:${format}}`;
      const spot = { level, from: index, to: index + text.length, placeholder };
      return [
        { kind: 'date' as const, day, spots: [spot], strength: strengthOf(stem, spot, isFile) },
      ];
    }),
  );
}

function dateOf(year = '', month = '', day = ''): Day | null {
  // An order's number may look like a date of another time.
  if (!/^(?:19|20|21)/.test(year)) return null;
  return layoutOf('date').parse(`${year}-${month}-${day}`);
}

/** A partition of Hive, then a folder that is nothing but the day, then a part of a name. */
function strengthOf(
  stem: string,
  { from, to }: Pick<Spot, 'from' | 'to'>,
  isFile: boolean,
): number {
  if (isFile) return 1;
  if (to === stem.length && stem[from - 1] === '=') return 3;
  return from === 0 && to === stem.length ? 2 : 1.5;
}

// ---------------------------------------------------------------- dates over several names

const [year, month, dayOfMonth] = ['[0-9]{4}', '(?:0[1-9]|1[0-2])', '[0-9]{2}'];

/** From the outermost name on; `-` and `_` may stand between two parts in one name. */
const spreads: readonly (readonly (readonly [shape: RegExp, format: string])[])[] = [
  [
    [ending(year), 'yyyy'],
    [ending(month), 'MM'],
    [ending(dayOfMonth), 'dd'],
  ],
  ...['-', '_', ''].flatMap((sign) => [
    [
      [ending(`${year}${sign}${month}`), `yyyy${sign}MM`],
      [ending(dayOfMonth), 'dd'],
    ] as const,
    [
      [ending(year), 'yyyy'],
      [ending(`${month}${sign}${dayOfMonth}`), `MM${sign}dd`],
    ] as const,
  ]),
];

function ending(part: string): RegExp {
  return new RegExp(`(?<=^|=|_)${part}$`);
}

function spreadDates(stems: readonly string[], first: number): Found[] {
  return spreads.flatMap((steps) => {
    const spots: Spot[] = [];
    let written = '';
    for (const [step, [shape, format]] of steps.entries()) {
      const level = first + step;
      const stem = stems[level] ?? '';
      const [text] = shape.exec(stem) ?? [];
      if (text === undefined) return [];
      written += text.replace(/[-_]/g, '');
      const [from, to] = [stem.length - text.length, stem.length];
      spots.push({ level, from, to, placeholder: `{day:${format}}` });
    }
    const day = dateOf(written.slice(0, 4), written.slice(4, 6), written.slice(6));
    const isFile = first + steps.length === stems.length;
    return day === null ? [] : [{ kind: 'date' as const, day, spots, strength: isFile ? 1 : 2 }];
  });
}

// ---------------------------------------------------------------- numbers

const dayKey = /^(?:.*[_-])?(?:day|date|dt|ds|dow|weekday)$/i;
/** Numbers that count the parts of a whole. */
const partWord = /(?:^|[^a-z])(?:part|chunk|page|shard|split|slice)[-_. ]?$/i;

/** At the end of a name, by itself or behind a sign or a word for a day. */
function numbers(stem: string, level: number, isFile: boolean): Found[] {
  const shape = /(?<=^|[=_. -]|day|dow)(?:0|[1-9][0-9]{0,8})$/i;
  const [text = ''] = shape.exec(stem) ?? [];
  const day = layoutOf('index').parse(text);
  const from = stem.length - text.length;
  const before = stem.slice(0, from);
  if (day === null || partWord.test(before)) return [];
  const spot = { level, from, to: stem.length, placeholder: '{day}' };
  const strength = numberStrength(before, isFile);
  return [{ kind: 'index', day, spots: [spot], strength }];
}

function numberStrength(before: string, isFile: boolean): number {
  const isDayKey = dayKey.test(before.replace(/[=_. -]$/, ''));
  if (before.endsWith('=')) return isDayKey ? 3 : 0;
  if (before === '' || isDayKey) return isFile ? 1.5 : 2;
  return 1;
}
