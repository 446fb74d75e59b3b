import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTempDir } from '../../support/temp-dir.js';
import { bareDuckDb } from '../contestants/sales/bare-duckdb.js';
import { duckDbTable, folderOfDays, oneFile } from '../contestants/sales/python.js';
import { checkFound, WrongResult } from './check-rows.js';
import { openSalesWriter, outputOf, parseSales, type SalesFormat, salesFormats } from './sales.js';

const plan = { rows: 1_000, stores: 3, products: 7 };

async function twoDays(format: SalesFormat) {
  const root = await makeTempDir();
  const writer = await openSalesWriter(format);
  const before = await writer.write(root, { ...plan, day: '2026-11-22', rows: 21 });
  const day = await writer.write(root, { ...plan, day: '2026-11-23' });
  writer.close();
  return { root, day, before: before.groups };
}

it.each(salesFormats)('a day of sales in %s adds up to what it says', async (format) => {
  const sales = await twoDays(format);
  expect(sales.day.groups).toHaveLength(21);
  expect(sales.day.groups.reduce((sum, { orders }) => sum + orders, 0)).toBe(plan.rows);
  const entry = await bareDuckDb('DuckDB').enter(sales);
  const { rows } = await entry.attempt();
  const expected = parseSales(outputOf([...sales.before, ...sales.day.groups]));
  expect(() => checkFound('DuckDB', rows ?? [], expected)).not.toThrow();
  expect(() => checkFound('DuckDB', rows?.slice(1) ?? [], expected)).toThrow(WrongResult);
});

it.each(Object.entries({ oneFile, folderOfDays, duckDbTable }))(
  'days that are in an output before the job are read from it: %s',
  async (_, output) => {
    const { before, day } = await twoDays('csv');
    const path = join(await makeTempDir(), 'output');
    await output.prepare(path, [...before, ...day.groups]);
    const expected = parseSales(outputOf([...before, ...day.groups]));
    const found = await output.read(path);
    expect(() => checkFound('the output', found, expected)).not.toThrow();
  },
);
