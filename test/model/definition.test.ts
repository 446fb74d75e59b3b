/** Definitions: what they say of the output, and when two are the same. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { namesOf } from '../../src/model/column.js';
import {
  bucketsOf,
  hashOf,
  seedDefinition,
  shapeOf,
  type WideDefinition,
} from '../../src/model/definition.js';

const seed = seedDefinition('index', ['order_id', 'user_id']);

/** As every ledger has it that is older than definitions. */
function olderHash(layout: string, ignored: readonly string[]): string {
  const told = JSON.stringify({ kind: 'wide', layout, ignored: [...ignored].sort() });
  return createHash('sha256').update(told).digest('hex').slice(0, 16);
}

describe('the hash of a definition', () => {
  it.each(['index', 'date'] as const)('is the older one for the usual job by %s', (layout) => {
    const ignore = ['user_id', 'order_id', 'user_id'];
    const expected = olderHash(layout, ['order_id', 'user_id']);
    expect(hashOf(seedDefinition(layout, ignore))).toBe(expected);
    expect(hashOf({ ...seedDefinition(layout, ignore.toReversed()) })).toBe(expected);
  });

  it('does not depend on the order in which a definition was written down', () => {
    const [by] = seed.by;
    const turned = Object.fromEntries(Object.entries({ ...seed, value: 'n' }).reverse());
    const { name, column, least, most } = by ?? { name: '', column: '', least: 0, most: 0 };
    const again = { ...turned, by: [{ most, least, column, name }] } as unknown as WideDefinition;
    expect(hashOf(again)).toBe(hashOf({ ...seed, value: 'n' }));
  });

  it('differs with whatever decides the bytes', () => {
    const [by = { name: '', column: '', least: 0, most: 0 }] = seed.by;
    const others: Partial<WideDefinition>[] = [
      {},
      { ignore: ['order_id'] },
      { dayName: 'weekday' },
      { dayKind: 'date' },
      { dayColumn: null },
      { dayColumn: 'dow' },
      { category: 'kind' },
      { value: 'n' },
      { by: [] },
      { by: [by, by] },
      { by: [{ ...by, name: 'hour' }] },
      { by: [{ ...by, column: 'hour' }] },
      { by: [{ ...by, least: 1 }] },
      { by: [{ ...by, most: 22 }] },
    ];
    const hashes = others.map((other) => hashOf({ ...seed, ...other }));
    expect(new Set(hashes).size).toBe(others.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('the shape of the output', () => {
  it('of the usual job has its four columns', () => {
    expect(namesOf(shapeOf(seed))).toEqual([
      ...['day_of_week', 'hour_of_day', 'category', 'items_count'],
    ]);
    expect(namesOf(shapeOf(seedDefinition('date', [])))[0]).toBe('date');
  });

  it('has a key for each column that counts are told apart by, and the category behind them', () => {
    const store = { name: 'store', column: 'store_id', least: 1, most: 40 };
    const definition = { ...seed, by: [store, ...seed.by], category: 'sku', value: 'pieces' };
    expect(namesOf(shapeOf(definition))).toEqual([
      ...['day_of_week', 'store', 'hour_of_day', 'sku', 'pieces'],
    ]);
    expect(bucketsOf(definition)).toBe(40 * 24);
    expect(bucketsOf({ by: [] })).toBe(1);
  });
});
