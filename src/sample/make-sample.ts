import { usualOrders } from './generate-day.js';
import type { SampleOptions } from './options.js';
import { type WrittenDay, writeDay } from './write-day.js';

export interface SampleDay extends WrittenDay {
  readonly orders: number;
}

/** Writes one day after another, and reports each. */
export async function* makeSample(options: SampleOptions): AsyncGenerator<SampleDay> {
  const { out, layout, days, seed, force } = options;
  for (const day of days) {
    const orders = options.orders ?? usualOrders(day, seed);
    yield { orders, ...(await writeDay(out, { day, seed, orders, layout }, { replace: force })) };
  }
}
