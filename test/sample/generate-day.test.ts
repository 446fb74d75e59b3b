import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { categories } from '../../src/sample/categories.js';
import { type DaySample, generateDay, usualOrders } from '../../src/sample/generate-day.js';

const textOf = (sample: DaySample) => [...generateDay(sample)].join('');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const rowsOf = (sample: DaySample) =>
  textOf(sample)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

describe('the categories', () => {
  it('are 134, all different, in alphabetical order', () => {
    expect(categories).toHaveLength(134);
    expect(new Set(categories).size).toBe(134);
    expect(categories).toEqual([...categories].sort());
  });

  it('need no quotes in CSV', () => {
    expect(categories.filter((name) => !/^[a-z]+(?: [a-z]+)*$/.test(name))).toEqual([]);
  });
});

describe('a sample day', () => {
  it('has the same bytes on every machine', () => {
    const text = textOf({ day: '3', seed: 1, orders: 250 });
    expect(sha256(text)).toBe('a01c188c896028f640e936db4863ed1337ed4291cd0651eef6ea0867b1b7ee2f');
  });

  it('differs by seed and by day', () => {
    const sample = { day: '3', seed: 1, orders: 10 };
    const texts = [sample, { ...sample, seed: 2 }, { ...sample, day: '4' }].map(textOf);
    expect(new Set(texts).size).toBe(3);
  });

  it('has the header of a raw file, the day column by layout', () => {
    const [index] = textOf({ day: '3', seed: 1, orders: 0 }).split('\n');
    const [date] = textOf({ day: '2026-11-23', seed: 1, orders: 0, layout: 'date' }).split('\n');
    const after = `order_hour_of_day,days_since_prior_order,${categories.join(',')}`;
    expect(index).toBe(`order_id,order_dow,${after}`);
    expect(date).toBe(`order_id,order_date,${after}`);
  });

  it('holds whole rows with rising ids, its own day and real hours', () => {
    const rows = rowsOf({ day: '3', seed: 1, orders: 500 });
    expect(rows).toHaveLength(500);
    let lastId = 0;
    for (const row of rows) {
      const [id = Number.NaN, day, hour = Number.NaN, gapDays = Number.NaN] = row;
      expect(row).toHaveLength(4 + 134);
      expect(row.every((cell) => Number.isSafeInteger(cell) && cell >= 0)).toBe(true);
      expect(id).toBeGreaterThan(lastId);
      expect(day).toBe(3);
      expect(hour).toBeLessThan(24);
      expect(gapDays).toBeLessThanOrEqual(30);
      lastId = id;
    }
  });

  it('is as sparse as real orders: about 11 items in about 8 of 134 categories', () => {
    const orders = 3000;
    const cells = rowsOf({ day: '5', seed: 9, orders }).flatMap((row) => row.slice(4));
    const filled = cells.filter((cell) => cell > 0);
    const items = filled.reduce((sum, cell) => sum + cell, 0);
    expect(filled.length / cells.length).toBeGreaterThan(0.05);
    expect(filled.length / cells.length).toBeLessThan(0.07);
    expect(items / orders).toBeGreaterThan(10);
    expect(items / orders).toBeLessThan(12);
    expect(Math.max(...filled.slice(0, 10_000))).toBeLessThan(20);
  });

  it('spreads over the day as shoppers do, and over every category', () => {
    const rows = rowsOf({ day: '5', seed: 9, orders: 3000 });
    const inHours = (from: number, to: number) =>
      rows.filter(([, , hour = -1]) => hour >= from && hour <= to).length;
    expect(inHours(10, 16)).toBeGreaterThan(10 * inHours(0, 6));
    const unseen = categories.filter((_, index) => rows.every((row) => row[4 + index] === 0));
    expect(unseen).toEqual([]);
  });

  it('comes in chunks of bounded size that add up to the day', () => {
    const small = textOf({ day: '3', seed: 1, orders: 100 });
    const chunks = [...generateDay({ day: '3', seed: 1, orders: 2000 })];
    expect(chunks.length).toBeGreaterThan(5);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(70_000);
    expect(chunks.every((chunk) => chunk.endsWith('\n'))).toBe(true);
    expect(chunks.join('').startsWith(small)).toBe(true);
    expect(chunks.join('').match(/\n/g)).toHaveLength(2001);
  });

  it('shares no order id with the other days of its week', () => {
    const ids = ['0', '1', '2', '3', '4', '5', '6'].flatMap((day) =>
      rowsOf({ day, seed: 1, orders: 200 }).map(([id]) => id),
    );
    expect(new Set(ids).size).toBe(7 * 200);
  });

  it.each([
    { day: '03', seed: 1, orders: 1 },
    { day: '3', seed: -1, orders: 1 },
    { day: '3', seed: 2 ** 32, orders: 1 },
    { day: '3', seed: 1, orders: 1.5 },
    { day: '2026-02-30', seed: 1, orders: 1, layout: 'date' as const },
  ])('that cannot be is refused at once: $day, $seed, $orders', (sample) => {
    expect(() => generateDay(sample)).toThrow(RangeError);
  });
});

describe('the usual number of orders', () => {
  it('lies between 85 and 120 and varies', () => {
    const numbers = Array.from({ length: 1000 }, (_, day) => usualOrders(String(day), 7));
    expect(Math.min(...numbers)).toBe(85);
    expect(Math.max(...numbers)).toBe(120);
  });
});
