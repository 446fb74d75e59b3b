import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDay } from '../../src/output/encode.js';
import { rowOf, shape } from '../support/counted.js';
import { day } from './place.js';

const rowsNamed = (categories: readonly string[]) =>
  categories.map((category, index) => rowOf({ hour: index % 24, category, items: index + 1 }));

async function expectAsByLibrary(categories: readonly string[]): Promise<void> {
  const rows = rowsNamed(categories);
  const { bytes } = await encodeDay(shape, day('3'), rows);
  const records = rows.map(({ key, values }) => ['3', ...key, ...values]);
  const expected = stringify(records, { record_delimiter: '\n', quoted_match: /\r/ });
  expect(bytes.toString()).toBe(expected);
}

describe('the bytes of a day', () => {
  it.each(['"', ',', '\n', '\r', '"",\r\n', ' a', '=1', "'", '\ufeff', '\u2028', 'é', '🥑'])(
    'are what csv-stringify writes, also of the text %j',
    (text) => expectAsByLibrary(['a', text, `x${text}`, `${text}x`, 'b']),
  );

  it('are what csv-stringify writes, of texts drawn at random', async () => {
    const sign = fc.oneof(fc.constantFrom('"', ',', '\n', '\r', ' '), fc.string({ maxLength: 2 }));
    const text = fc
      .array(sign, { minLength: 1, maxLength: 4 })
      .map((parts) => `x${parts.join('')}`);
    await fc.assert(fc.asyncProperty(fc.array(text, { maxLength: 8 }), expectAsByLibrary));
  });

  it('are one text, where rows that need quotes lie far apart', async () => {
    const names = Array.from({ length: 3_500 }, (_, index) => `c${index}`);
    names[1_200] = 'beer, wine';
    names[3_499] = 'the "best"';
    await expectAsByLibrary(names);
  });
});
