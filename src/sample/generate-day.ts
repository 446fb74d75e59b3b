import { type LayoutName, layoutOf } from '../model/day.js';
import { seedDefinition } from '../model/definition.js';
import { categories, popularities } from './categories.js';
import { createRandom, createUrn, type Random } from './random.js';

export interface DaySample {
  /** As its folder is named: `3`, or `2026-11-23` in the date layout. */
  readonly day: string;
  /** 0 to 2^32 − 1. */
  readonly seed: number;
  /** Rows below the header. */
  readonly orders: number;
  /** `index` where left out. */
  readonly layout?: LayoutName;
}

/**
 * A raw day as CSV text, in chunks of about 64 KiB, so that a day of any size needs little memory. The
 * same sample gives the same bytes everywhere. Throws RangeError for a day, seed or number of orders
 * that cannot be.
 */
export function generateDay(sample: DaySample): Iterable<string> {
  const layout = layoutOf(sample.layout ?? 'index');
  if (layout.parse(sample.day) === null) throw new RangeError(`a day is ${layout.shape}`);
  if (sample.seed >>> 0 !== sample.seed) throw new RangeError('a seed is 0 to 4294967295');
  if (!Number.isSafeInteger(sample.orders) || sample.orders < 0) {
    throw new RangeError('orders are counted: 0 or more');
  }
  const { dayColumn } = seedDefinition(layout.name, []);
  const columns = ['order_id', dayColumn, 'order_hour_of_day', 'days_since_prior_order'];
  return chunks(sample, `${[...columns, ...categories].join(',')}\n`);
}

/** About 100 orders, a number that depends on the day and the seed. */
export function usualOrders(day: string, seed: number): number {
  return 85 + createRandom(`${seed}/${day}/orders`).below(36);
}

const chunkLength = 65_536;

function* chunks({ day, seed, orders }: DaySample, header: string): Generator<string> {
  const random = createRandom(`${seed}/${day}`);
  let text = header;
  // Seven lanes of order ids, so that the days of a week share none.
  let orderId = Number(day.replaceAll('-', '')) % 7;
  for (let order = 0; order < orders; order += 1) {
    orderId += 7 * (1 + random.below(14));
    text += `${orderId},${day},${drawHour(random)},${drawGapDays(random)},${drawBasket(random)}\n`;
    if (text.length >= chunkLength) {
      yield text;
      text = '';
    }
  }
  if (text !== '') yield text;
}

/** Few orders at night, most from late morning to late afternoon. */
const drawHour = createUrn([
  4, 3, 2, 1, 1, 4, 10, 23, 44, 66, 78, 82, 82, 84, 90, 84, 78, 74, 62, 42, 30, 22, 16, 10,
]);

/** Days since the order before: weekly rhythms, and a heap at 30, which stands for all above. */
const drawGapDays = createUrn([
  14, 20, 22, 28, 32, 34, 42, 80, 48, 26, 20, 20, 22, 26, 36, 22, 14, 14, 14, 14, 16, 24, 14, 10,
  10, 10, 8, 10, 16, 12, 320,
]);

const drawCategory = createUrn(popularities);

const maxItems = 80;

/**
 * One order's items by category, as cells. It grows until it was ended twice, at one chance in six
 * after each item: 11 items on average, mostly 3 to 15, now and then 50. One item in four is of the
 * category before it, so that about 6 cells in 100 are not zero, and few of them exceed 5.
 */
function drawBasket(random: Random): string {
  const counts = new Array<number>(categories.length).fill(0);
  let category = drawCategory(random);
  let endings = 0;
  for (let items = 1; items <= maxItems; items += 1) {
    counts[category] = (counts[category] ?? 0) + 1;
    while (endings < 2 && random.below(6) === 0) endings += 1;
    if (endings === 2) break;
    if (random.below(4) !== 0) category = drawCategory(random);
  }
  return counts.join(',');
}
