/** Cells at random, near the forms of each type: what passes as plain is the same to DuckDB and to the reference. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { automatonOf } from '../../../../src/engine/duckdb/plain/automaton.js';
import { patternOf } from '../../../../src/engine/duckdb/plain/cell-patterns.js';
import { cellReaderOf } from '../../../../src/model/cell-of.js';
import type { ColumnType } from '../../../../src/model/column.js';
import { parseColumnType } from '../../../../src/model/column-type.js';
import { seed } from '../../../support/seed.js';
import { definitionOf } from '../../columns/job.js';
import { writeFiles } from '../../job.js';
import { openDuck } from './readings.js';

const runs = process.env['DAYMARK_SOAK'] === '1' ? 50_000 : 3_000;

function plainOf(type: ColumnType): (text: string) => boolean {
  const { classes, next, accepts } = automatonOf(
    [patternOf(type)],
    ([isPlain]) => isPlain === true,
  );
  return (text) => {
    let state = 0;
    for (const byte of Buffer.from(text)) {
      state = next[state]?.[classes[byte] as number] as number;
      if (state === -1) return false;
    }
    return accepts[state] as boolean;
  };
}

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });
const nines = fc.integer({ min: 0, max: 40 }).map((count) => '9'.repeat(count));
const bounds = fc.constantFrom(
  ...['9223372036854775807', '9223372036854775808', '9223372036854775809', '9223372036854775799'],
  ...['9223372036854776000', '9299999999999999999', '8999999999999999999', '10000000000000000000'],
);
const sign = fc.constantFrom('', '', '-', '+');
const whole = fc.oneof(digits(0, 3), digits(15, 20), digits(30, 40), nines, bounds);
const zeros = fc.integer({ min: 0, max: 60 }).map((count) => '0'.repeat(count));
const fraction = fc.oneof(
  fc.constant(''),
  fc.tuple(digits(0, 12), zeros).map(([some, none]) => `.${some}${none}`),
  zeros.map((none) => `.${none}`),
);
const number = fc
  .tuple(sign, fc.oneof(fc.constant(''), zeros), whole, fraction)
  .map((parts) => parts.join(''));

const two = fc.integer({ min: 0, max: 64 }).map((each) => String(each).padStart(2, '0'));
const month = fc.integer({ min: 0, max: 13 }).map((each) => String(each).padStart(2, '0'));
const day = fc.integer({ min: 0, max: 32 }).map((each) => String(each).padStart(2, '0'));
const year = fc.oneof(
  digits(4, 4),
  fc.constantFrom('0000', '0001', '1900', '2000', '2024', '2026', '9999', '0004', '0100', '0400'),
);
const date = fc.tuple(year, month, day).map((parts) => parts.join('-'));
const time = fc.tuple(
  date,
  fc.constantFrom('T', ' ', 't', '  '),
  fc
    .tuple(fc.integer({ min: 0, max: 24 }), two, two)
    .map(([h, ...rest]) => [String(h).padStart(2, '0'), ...rest].join(':')),
  fc.oneof(
    fc.constant(''),
    digits(0, 10).map((some) => `.${some}`),
    zeros.map((none) => `.12${none}`),
  ),
  fc.constantFrom(
    '',
    'Z',
    'z',
    '+00:00',
    '-00:00',
    '+0000',
    '+00',
    '+01:00',
    '-05',
    ' UTC',
    '+00:01',
  ),
);
const timestamp = time.map((parts) => parts.join(''));
const boolean = fc.constantFrom(
  ...['true', 'True', 'TRUE', 'false', 'False', 'FALSE', 'tRUE', 't', 'f', '1', '0', 'yes', 'no'],
);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

/** With one character changed, left out or put in. */
function bent(cells: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const sign = fc.constantFrom(...'0123456789-+.eE_xT: Zz', 'é', '\t', '\\', '\u0001', '');
  return fc.oneof(
    { arbitrary: cells, weight: 3 },
    fc.tuple(cells, fc.nat(), fc.nat(1), sign).map(([cell, at, left, put]) => {
      const place = at % (cell.length + 1);
      return cell.slice(0, place) + put + cell.slice(place + left);
    }),
  );
}

const numbers = ['integer', 'decimal(5,2)', 'decimal(18,0)', 'decimal(12,6)', 'decimal(38,10)'];
const families: readonly [type: string, cells: fc.Arbitrary<string>, most: number][] = [
  ...[
    ...numbers,
    'decimal(38,0)',
    'decimal(3,3)',
    'decimal(38,38)',
    'decimal(19,1)',
    'decimal(1,0)',
  ].map((type) => [type, number, 40] as [string, fc.Arbitrary<string>, number]),
  ['date', date, 20],
  ['timestamp', timestamp, 20],
  ['boolean', boolean, 20],
  ['text', text, 20],
];

describe.each(families)('%s', (typeText, cells) => {
  const { type } = parseColumnType(typeText);
  const isPlain = plainOf(type);
  const sample = fc
    .sample(bent(cells), { numRuns: runs, seed })
    .filter(
      (cell) => cell !== '' && !/[",\r\n\0]/.test(cell) && Buffer.from(cell).toString() === cell,
    );

  test('what is plain is the same to DuckDB and to the reference', async () => {
    const read = cellReaderOf(type);
    const plain = sample.filter(isPlain);
    expect(plain.length).toBeGreaterThan(runs / 100);
    const [file] = await writeFiles({
      'a.csv': `x,${'a'}\n${plain.map((each) => `1,${each}\n`).join('')}`,
    });
    if (file === undefined) throw new Error('no file');
    const definition = definitionOf({ columns: { a: typeText }, measures: { n: 'count()' } });
    const duck = await openDuck();
    const found = await duck(file, definition, { header: { names: ['x', 'a'] } });
    const expected = plain.map((each) => [read(each)]);
    expect(found.map(([cell], at) => [plain[at], cell])).toEqual(
      expected.map(([cell], at) => [plain[at], cell]),
    );
  });

  test('what the reference takes is plain, but for what DuckDB takes as something else', () => {
    const read = cellReaderOf(type);
    const taken = sample.filter((each) => read(each) !== null);
    expect(taken.length).toBeGreaterThan(runs / 100);
    const odd = taken.filter((each) => !isPlain(each));
    if (type.kind !== 'timestamp') expect(odd).toEqual([]);
    const finer = /\.\d{6}0*[1-9]|[+-](?!00(?::?00)?$)\d\d(?::?\d\d)?$/;
    for (const each of odd) expect(each).toMatch(finer);
  });
});
