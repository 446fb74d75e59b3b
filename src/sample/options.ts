import { parseArgs } from 'node:util';
import { type Day, type DayLayout, type LayoutName, layoutOf } from '../core/day.js';

export interface SampleOptions {
  readonly out: string;
  readonly layout: LayoutName;
  readonly days: readonly Day[];
  /** In each day; null for the usual, which varies by day. */
  readonly orders: number | null;
  readonly seed: number;
  readonly force: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: SampleOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly sentence: string };

export const help = `Writes sample raw days: {out}/{day}/orders_{day}.csv.

Usage: npm run generate -- [options]

  --out FOLDER     the raw root (data/incremental/raw)
  --days DAYS      a range or a list: 0..6, or 0,3,5 (0..6)
  --orders NUMBER  orders in each day (between 85 and 120, by day and seed)
  --seed NUMBER    another seed, other orders; 0 to 4294967295 (7)
  --layout LAYOUT  index, or date for days such as 2026-11-23 (index)
  --force          replace files that hold something else
  --help           this text
`;

const maxDays = 10_000;
const maxOrders = 100_000_000;
const maxSeed = 2 ** 32 - 1;

/** Reads the command line; everything wrong with it comes back as a sentence. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const values = readArguments(args);
    if (values.help) return { kind: 'help' };
    const layout = readLayout(values.layout);
    const options = {
      out: readFolder(values.out),
      layout: layout.name,
      days: readDays(layout, values.days),
      orders: values.orders === undefined ? null : readNumber('orders', values.orders, maxOrders),
      seed: readNumber('seed', values.seed, maxSeed),
      force: values.force,
    };
    return { kind: 'options', options };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { kind: 'mistake', sentence: error.message };
  }
}

class Mistake extends Error {}

function readArguments(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        out: { type: 'string', default: 'data/incremental/raw' },
        days: { type: 'string' },
        orders: { type: 'string' },
        seed: { type: 'string', default: '7' },
        layout: { type: 'string', default: 'index' },
        force: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    // parseArgs speaks in sentences; its other errors would be ours.
    if (!(error instanceof TypeError)) throw error;
    throw new Mistake(error.message);
  }
}

function readFolder(text: string): string {
  if (text === '') throw new Mistake('--out is empty; it names the folder to write into.');
  return text;
}

function readLayout(text: string): DayLayout {
  if (text !== 'index' && text !== 'date') {
    throw new Mistake(`--layout is index or date, not "${text}".`);
  }
  return layoutOf(text);
}

function readNumber(name: string, text: string, max: number): number {
  const number = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= max) return number;
  throw new Mistake(`--${name} is a whole number from 0 to ${max}, not "${text}".`);
}

function readDays(layout: DayLayout, given: string | undefined): Day[] {
  if (given === undefined && layout.name === 'date') {
    throw new Mistake('--layout date needs --days too, such as 2026-11-17..2026-11-23.');
  }
  const text = given ?? '0..6';
  const [first, last, ...more] = text.split('..');
  if (last === undefined) return readDayList(layout, text);
  if (more.length > 0) throw new Mistake(`--days "${text}" is no range; write it as FIRST..LAST.`);
  return readDayRange(layout, readDay(layout, first ?? ''), readDay(layout, last));
}

function readDayList(layout: DayLayout, text: string): Day[] {
  return [...new Set(text.split(',').map((each) => readDay(layout, each)))];
}

function readDayRange(layout: DayLayout, first: Day, last: Day): Day[] {
  if (layout.compare(first, last) > 0) {
    throw new Mistake(`--days ${first}..${last} ends before it begins.`);
  }
  const days = [first];
  for (let day = layout.next(first); day !== null; day = layout.next(day)) {
    if (layout.compare(day, last) > 0) break;
    if (days.length === maxDays) throw new Mistake(`--days takes at most ${maxDays} days.`);
    days.push(day);
  }
  return days;
}

function readDay(layout: DayLayout, text: string): Day {
  const day = layout.parse(text);
  if (day !== null) return day;
  throw new Mistake(`--days holds "${text}", which is no day; a day is ${layout.shape}.`);
}
