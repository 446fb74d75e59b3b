import { type Day, type DayLayout, type LayoutName, layoutOf } from '../model/day.js';

export interface SampleOptions {
  readonly out: string;
  readonly layout: LayoutName;
  readonly days: readonly Day[];
  /** In each day; null for the usual, which varies by day. */
  readonly orders: number | null;
  readonly seed: number;
  readonly force: boolean;
}

/** The options as text. */
export interface SampleWish {
  readonly out: string;
  readonly layout: LayoutName;
  readonly days?: string | undefined;
  readonly orders?: string | undefined;
  readonly seed: string;
  readonly force: boolean;
}

export const defaultSample = { out: 'data/incremental/raw', layout: 'index', seed: '7' } as const;

export type ReadOptions =
  | { readonly kind: 'options'; readonly options: SampleOptions }
  | { readonly kind: 'mistake'; readonly sentence: string };

const maxDays = 10_000;
const maxOrders = 100_000_000;
const maxSeed = 2 ** 32 - 1;

/** Everything that is wrong comes back as a sentence. */
export function readSampleOptions(wish: SampleWish): ReadOptions {
  try {
    const layout = layoutOf(wish.layout);
    const options = {
      out: readFolder(wish.out),
      layout: layout.name,
      days: readDays(layout, wish.days),
      orders: wish.orders === undefined ? null : readNumber('orders', wish.orders, maxOrders),
      seed: readNumber('seed', wish.seed, maxSeed),
      force: wish.force,
    };
    return { kind: 'options', options };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { kind: 'mistake', sentence: error.message };
  }
}

class Mistake extends Error {}

function readFolder(text: string): string {
  if (text === '') throw new Mistake('--out is empty; it names the folder to write into.');
  return text;
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
  if (more.length > 0)
    throw new Mistake(`--days "${text}" is not a range; write it as FIRST..LAST.`);
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
  throw new Mistake(`--days holds "${text}", which is not a day; a day is ${layout.shape}.`);
}
