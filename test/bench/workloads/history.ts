import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayoutName } from '../../../src/model/day.js';
import { seedDefinition } from '../../../src/model/definition.js';
import type { DaySize } from '../results.js';

/** How many of 24 hours and of 134 categories have items: 60 rows of output, or 1,680 as real days have. */
const shapes: Record<DaySize, { readonly hours: number; readonly categories: number }> = {
  small: { hours: 3, categories: 20 },
  'real-shaped': { hours: 24, categories: 70 },
};

/**
 * A raw day with one order for each hour, so that it is small to write and to read while what it adds to
 * the output is as large as wanted.
 */
export async function writeHistoryDay(
  rawDir: string,
  day: number,
  size: DaySize,
  layout: LayoutName = 'index',
): Promise<void> {
  const name = nameOfDay(day, layout);
  const folder = join(rawDir, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `orders_${name}.csv`), dayText(day, size, layout));
}

const firstDateMs = Date.UTC(1900, 0, 1);
const dayMs = 86_400_000;

/** Dates begin with 1900, which leaves room for all that anyone may want to measure. */
export function nameOfDay(day: number, layout: LayoutName): string {
  if (layout === 'index') return String(day);
  return new Date(firstDateMs + day * dayMs).toISOString().slice(0, 10);
}

/** Several days at a time: there are thousands. */
export async function writeHistory(
  rawDir: string,
  days: number,
  size: DaySize,
  layout: LayoutName = 'index',
): Promise<void> {
  const atOnce = 50;
  for (let first = 0; first < days; first += atOnce) {
    const count = Math.min(atOnce, days - first);
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    await Promise.all(numbers.map((day) => writeHistoryDay(rawDir, day, size, layout)));
  }
}

function dayText(day: number, size: DaySize, layout: LayoutName): string {
  const { hours, categories } = shapes[size];
  const name = nameOfDay(day, layout);
  const { dayColumn } = seedDefinition(layout, []);
  const columns = ['order_id', dayColumn, 'order_hour_of_day', 'days_since_prior_order'];
  const names = Array.from({ length: categories }, (_, index) => `a category ${index + 100}`);
  const lines = Array.from({ length: hours }, (_, hour) =>
    [hour + 1, name, hour, 7, ...names.map((_, index) => 1 + ((day + hour + index) % 9))].join(','),
  );
  return `${[...columns, ...names].join(',')}\n${lines.join('\n')}\n`;
}
