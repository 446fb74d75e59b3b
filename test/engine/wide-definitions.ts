/** Wide definitions of every kind, drawn at random, and cells of their `by` columns. */
import fc from 'fast-check';
import type { ByColumn, WideDefinition } from '../../src/model/definition.js';
import { h } from './words.js';

const bounds = fc.oneof(
  { weight: 3, arbitrary: fc.constant([0, 23]) },
  fc.tuple(fc.nat(99), fc.nat(99)),
  fc.constantFrom(
    [0, 0],
    [1, 7],
    [7, 7],
    [0, 99],
    [90, 99],
    [5, 9],
    [0, 100],
    [-3, 3],
    [998, 1005],
  ),
);

function byColumn(name: string, column: string): fc.Arbitrary<ByColumn> {
  return bounds.map(([a = 0, b = 0]) => ({
    ...{ name, column },
    ...{ least: Math.min(a, b), most: Math.max(a, b) },
  }));
}

const by = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(byColumn('hour_of_day', h)) },
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.tuple(byColumn('hour_of_day', h), byColumn('store', 'store_id')) },
);

/** What differs from the usual job. */
export const wideTraits: fc.Arbitrary<
  Pick<WideDefinition, 'by' | 'dayColumn' | 'category' | 'value'>
> = fc.record({
  by,
  dayColumn: fc.constantFrom('order_dow', 'order_dow', 'weekday', null),
  category: fc.constantFrom('category', 'a,b'),
  value: fc.constantFrom('items_count', 'n'),
});

/** Mostly in the range, and as people and programs write it. */
export function byCell({ least, most }: ByColumn): fc.Arbitrary<string> {
  const value = fc.integer({ min: least, max: most });
  const padded = value.map((each) => (each < 0 ? String(each) : String(each).padStart(2, '0')));
  return fc.oneof({ weight: 9, arbitrary: value.map(String) }, { weight: 1, arbitrary: padded });
}

export function oddByCell({ least, most }: ByColumn): fc.Arbitrary<string> {
  return fc.constantFrom(
    ...[String(most + 1), String(least - 1), `${most}.0`, `00${least}`, ` ${most}`, `"${least}"`],
    ...['', '-1', '-0', '99', '5 ', 'x', '/', ':', '1e1', '+5'],
  );
}
