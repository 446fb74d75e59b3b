import { expect, it } from 'vitest';
import { placeOf } from '../../src/model/raw-problem.js';

it('the place of what is wrong in a raw file is told as far as it is known', () => {
  const place = { file: 'orders_5.csv', line: 17, column: 'oat milk', value: 'two' };
  expect(placeOf({ ...place, message: 'no count' })).toBe(
    'orders_5.csv, line 17, column "oat milk" holds "two": no count',
  );
  const whole = { file: 'a.csv', line: null, column: null, value: null, message: 'empty' };
  expect(placeOf(whole)).toBe('a.csv: empty');
});
