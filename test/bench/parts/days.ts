/** One raw day added up by everyone, in turns. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Counted } from '../../support/counted.js';
import { compete, type Rounds } from '../compete.js';
import { contestRows } from '../contest-rows.js';
import { gatherEveryone } from '../contestants/everyone.js';
import { threads } from '../facts.js';
import { size, whole } from '../figures.js';
import { names } from '../names.js';
import type { DayResult, DaysResult } from '../results.js';
import { letSettle } from '../rounds.js';
import { say, table } from '../terminal.js';
import { checkRows } from '../workloads/check-rows.js';
import { writeRawDay } from '../workloads/raw-day.js';
import { createRowPool, type Shape } from '../workloads/rows.js';
import type { Setting } from './part.js';

interface Plan extends Rounds {
  readonly orders: Readonly<Record<Shape, readonly number[]>>;
}

const fullPlan: Plan = {
  orders: { sparse: [10_000, 100_000, 1_000_000], dense: [10_000, 100_000, 1_000_000] },
  rounds: 11,
  budgetMs: 12_000,
};

const quickPlan: Plan = {
  orders: { sparse: [10_000, 100_000], dense: [30_000] },
  rounds: 3,
  budgetMs: 1_500,
};

export async function measureDays(setting: Setting): Promise<DaysResult> {
  const { folder, redis, quick, python } = setting;
  const plan = quick ? quickPlan : fullPlan;
  const everyone = await gatherEveryone({ folder, redis, python, quick });
  for (const { name, reason } of everyone.absent) say(`Skipped: ${name}, ${reason}.`);
  const days: DayResult[] = [];
  for (const shape of ['sparse', 'dense'] as const) {
    const pool = createRowPool(shape);
    for (const orders of plan.orders[shape]) {
      const root = join(folder, 'raw');
      const day = await writeRawDay(root, pool, orders);
      await letSettle();
      const check = (name: string, rows: readonly Counted[]) => checkRows(name, rows, day.expected);
      const contestants = await compete(everyone.contestants, day, plan, check);
      days.push({ shape, orders, sizeBytes: day.sizeBytes, contestants });
      report(days.at(-1) as DayResult);
      await rm(root, { recursive: true });
    }
  }
  await everyone.close();
  const { rounds, budgetMs } = plan;
  return { threads, rounds, budgetMs, absent: everyone.absent, days };
}

function report({ shape, orders, sizeBytes, contestants }: DayResult): void {
  const title = `${shape}, ${whole(orders)} orders, ${size(sizeBytes)}`;
  say(table(title, contestRows(contestants, names.http, 'of over HTTP')));
}
