/** One large day of typed columns, made by everyone, in turns, and put into an output that has other days. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compete, type Rounds } from '../compete.js';
import { contestRows } from '../contest-rows.js';
import { gatherSales } from '../contestants/sales/everyone.js';
import type { NewSales } from '../contestants/sales/sales.js';
import { threads } from '../facts.js';
import { size, whole } from '../figures.js';
import { salesNames } from '../names.js';
import type { ColumnsResult, SalesDayResult } from '../results.js';
import { letSettle } from '../rounds.js';
import { say, table } from '../terminal.js';
import { checkFound, type Found } from '../workloads/check-rows.js';
import { nameOfDay } from '../workloads/history.js';
import {
  openSalesWriter,
  outputOf,
  parseSales,
  type Sales,
  type SalesFormat,
  salesFormats,
} from '../workloads/sales.js';
import type { Setting } from './part.js';

interface Plan extends Rounds {
  readonly rows: number;
  /** Already in the output; each with a row for each group. */
  readonly daysBefore: number;
  readonly stores: number;
  readonly products: number;
}

const groups = { stores: 50, products: 200 } as const;
const fullPlan: Plan = {
  ...{ rows: 10_000_000, daysBefore: 29, ...groups },
  ...{ rounds: 7, budgetMs: 60_000 },
};
const quickPlan: Plan = {
  ...{ rows: 500_000, daysBefore: 5, ...groups },
  ...{ rounds: 3, budgetMs: 4_000 },
};

export async function measureColumns(setting: Setting): Promise<ColumnsResult> {
  const plan = setting.quick ? quickPlan : fullPlan;
  const { contestants, absent } = await gatherSales(setting);
  for (const { name, reason } of absent) say(`Skipped: ${name}, ${reason}.`);
  const days: SalesDayResult[] = [];
  for (const format of salesFormats) {
    const sales = await prepare(join(setting.folder, format), plan, format);
    const expected = parseSales(outputOf([...sales.before, ...sales.day.groups]));
    await letSettle();
    const check = (name: string, rows: readonly Found[]) => checkFound(name, rows, expected);
    const results = await compete(contestants, sales, plan, check);
    days.push({ format, sizeBytes: sales.day.sizeBytes, contestants: results });
    report(days.at(-1) as SalesDayResult, plan);
    await rm(sales.root, { recursive: true });
  }
  const { rounds, budgetMs, rows, daysBefore } = plan;
  const ofDay = { rows, daysBefore, groups: groups.stores * groups.products };
  return { threads, rounds, budgetMs, ...ofDay, absent, days };
}

async function prepare(folder: string, plan: Plan, format: SalesFormat): Promise<NewSales> {
  const root = join(folder, 'raw');
  const { stores, products, daysBefore, rows } = plan;
  const writer = await openSalesWriter(format);
  const before: Sales[] = [];
  for (let nth = 0; nth < daysBefore; nth += 1) {
    const few = { day: nameOfDay(nth, 'date'), stores, products, rows: stores * products };
    before.push(...(await writer.write(root, few)).groups);
  }
  const day = await writer.write(root, {
    day: nameOfDay(daysBefore, 'date'),
    stores,
    products,
    rows,
  });
  writer.close();
  return { root, day, before };
}

function report({ format, sizeBytes, contestants }: SalesDayResult, { rows }: Plan): void {
  const title = `${whole(rows)} rows, ${size(sizeBytes)} of ${format}`;
  say(table(title, contestRows(contestants, salesNames.duckDb, 'of DuckDB’s query')));
}
