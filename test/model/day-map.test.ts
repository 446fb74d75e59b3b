import { describe, expect, it } from 'vitest';
import { type Day, layoutOf } from '../../src/model/day.js';
import { chunkNumbers, chunksOf, DayMap, differences } from '../../src/model/day-map.js';
import { createRandom } from '../../src/sample/random.js';

const index = layoutOf('index');
const dayOf = (number: number) => String(number) as Day;
const mapOf = (numbers: readonly number[]) =>
  new Map(numbers.map((number) => [dayOf(number), `${number}`]));

const thousand = Array.from({ length: 1000 }, (_, number) => number * 3);

describe('a map of days', () => {
  it('is a map like any other, in day order', () => {
    const plain = mapOf(thousand);
    const map = DayMap.of(index, plain);
    expect([...map]).toEqual([...plain]);
    expect([[...map.keys()], [...map.values()], map.size]).toEqual([
      [...plain.keys()],
      [...plain.values()],
      1000,
    ]);
    expect([
      map.get(dayOf(999)),
      map.get(dayOf(998)),
      map.has(dayOf(3)),
      map.has(dayOf(4)),
    ]).toEqual(['999', undefined, true, false]);
    const told: [string, Day][] = [];
    for (const { days, values } of map.chunks) expect(days).toHaveLength(values.length);
    map.forEach((value, day) => {
      told.push([value, day]);
    });
    expect(told).toEqual([...plain].map(([day, value]) => [value, day]));
    expect(DayMap.of(index, map)).toBe(map);
  });

  it('shares the chunks in which nothing changed', () => {
    const before = DayMap.of(index, mapOf(thousand));
    const after = before.with(new Map([[dayOf(300), 'other']]));
    expect(after.get(dayOf(300))).toBe('other');
    expect(before.get(dayOf(300))).toBe('300');
    const others = after.chunks.filter((chunk, at) => chunk !== before.chunks[at]);
    expect(others.map(({ at }) => at)).toEqual([index.chunk(dayOf(300))]);
    expect(before.with(new Map([[dayOf(300), '300']]))).toBe(before);
    const again = DayMap.from(index, after.keys(), after.values(), before);
    expect(again.chunks.filter((chunk, at) => chunk !== before.chunks[at])).toHaveLength(1);
  });

  it('tells what differs from another', () => {
    const before = DayMap.of(index, mapOf([0, 1, 200]));
    const changes = new Map([
      [dayOf(1), null],
      [dayOf(200), 'other'],
      [dayOf(70), 'new'],
    ]);
    const after = before.with(changes);
    expect([...after.keys()]).toEqual(['0', '70', '200']);
    expect(chunkNumbers([before, null, after])).toEqual([0, 1, 3]);
    expect(differences(before, after)).toEqual([
      { day: '1', before: '1', after: undefined },
      { day: '70', before: undefined, after: 'new' },
      { day: '200', before: '200', after: 'other' },
    ]);
    expect(differences(null, before)).toHaveLength(3);
    const nothing = before.with(new Map([...before.keys()].map((day) => [day, null])));
    expect([nothing.size, nothing.chunks]).toEqual([0, []]);
  });

  it('is what a plain map would be, whatever changes', () => {
    const random = createRandom('a map of days');
    const anyChange = () =>
      [dayOf(random.below(400)), random.below(5) < 2 ? null : `${random.below(3)}`] as const;
    let map = DayMap.of<string>(index, new Map());
    let plain: readonly (readonly [Day, string | null])[] = [];
    for (let round = 0; round < 300; round += 1) {
      const changes = new Map([anyChange(), anyChange(), anyChange()]);
      const before = map;
      map = map.with(changes);
      plain = [...new Map([...plain, ...changes])]
        .filter(([, value]) => value !== null)
        .sort(([a], [b]) => index.compare(a, b));
      expect([...map]).toEqual(plain);
      const told = differences(before, map).map(({ day, after }) => [day, after ?? null] as const);
      const real = [...changes].filter(([day, value]) => (before.get(day) ?? null) !== value);
      expect(new Map(told)).toEqual(new Map(real));
    }
  });

  it.each([
    ['index' as const, ['0', '9', '10', '63', '64', '100', '20260101', '9007199254740991']],
    ['date' as const, ['0001-01-01', '1999-12-31', '2000-01-01', '2000-01-31', '2000-02-01']],
  ])('has the chunks of the layout %s in the order of its days', (name, days) => {
    const layout = layoutOf(name);
    const numbers = days.map((day) => layout.chunk(day as Day));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBeGreaterThan(2);
  });

  it('is taken chunk by chunk, and any other map as one', () => {
    const plain = mapOf([1, 2, 100]);
    expect(chunksOf(plain)).toEqual([{ days: ['1', '2', '100'], values: ['1', '2', '100'] }]);
    expect(chunksOf(DayMap.of(index, plain))).toHaveLength(2);
  });
});
