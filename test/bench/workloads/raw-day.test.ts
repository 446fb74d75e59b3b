import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createCsvEngine } from '../../../src/engine/csv/engine.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { bareEngine } from '../contestants/engine.js';
import { checkRows, parseRows, WrongResult } from './check-rows.js';
import { writeRawDay } from './raw-day.js';
import { createRowPool, type Shape } from './rows.js';

const pools = { sparse: createRowPool('sparse'), dense: createRowPool('dense') };

it.each<[Shape, number]>([
  ['sparse', 500],
  ['sparse', 20_100],
  ['dense', 500],
])('a %s day of %d orders adds up to what it says', async (shape, orders) => {
  const day = await writeRawDay(await makeTempDir(), pools[shape], orders);
  expect((await readFile(day.path, 'utf8')).trimEnd().split('\n')).toHaveLength(orders + 1);
  const entry = await bareEngine('csv', createCsvEngine()).enter(day);
  const { rows } = await entry.attempt();
  expect(() => checkRows('csv', rows ?? [], day.expected)).not.toThrow();
});

const expected = parseRows(
  'day_of_week,hour_of_day,category,items_count\n0,8,milk,2\n0,9,milk,1\n',
);

it('takes equal rows in any order', () => {
  expect(() => checkRows('someone', [...expected].reverse(), expected)).not.toThrow();
});

it.each([
  ['another count', '0,8,milk,3\n0,9,milk,1\n', 'hour 8, milk is 3; it should be 2'],
  ['a missing row', '0,8,milk,2\n', 'hour 9, milk is missing'],
  ['a row too many', '0,8,milk,2\n0,9,milk,1\n0,9,rice,1\n', 'rice is 1; it should be absent'],
  ['a row twice', '0,8,milk,2\n0,8,milk,2\n0,9,milk,1\n', 'milk is 2; it should be absent'],
])('refuses %s', (_, text, message) => {
  expect(() => checkRows('someone', parseRows(text), expected)).toThrow(WrongResult);
  expect(() => checkRows('someone', parseRows(text), expected)).toThrow(message);
});
