/** One raw day added up by everyone, in turns. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt, Contestant, Entry } from '../contestants/contestant.js';
import { gatherEveryone } from '../contestants/everyone.js';
import { threads } from '../facts.js';
import { duration, size, times, whole } from '../figures.js';
import type { ContestantResult, DayResult, DaysResult } from '../results.js';
import { letSettle, takeTurns } from '../rounds.js';
import { summarize } from '../statistics.js';
import { say, table } from '../terminal.js';
import { checkRows } from '../workloads/check-rows.js';
import { type RawDayFile, writeRawDay } from '../workloads/raw-day.js';
import { createRowPool, type Shape } from '../workloads/rows.js';
import type { Setting } from './part.js';

interface Plan {
  readonly orders: Readonly<Record<Shape, readonly number[]>>;
  readonly rounds: number;
  /** Who has used up this much gets no further turn. */
  readonly budgetMs: number;
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
      const contestants = await compete(everyone.contestants, day, plan);
      days.push({ shape, orders, sizeBytes: day.sizeBytes, contestants });
      report(days.at(-1) as DayResult);
      await rm(root, { recursive: true });
    }
  }
  await everyone.close();
  const { rounds, budgetMs } = plan;
  return { threads, rounds, budgetMs, absent: everyone.absent, days };
}

interface Competitor {
  readonly name: string;
  readonly entry: Entry;
  readonly attempts: Attempt[];
  usedMs: number;
}

async function compete(
  contestants: readonly Contestant[],
  day: RawDayFile,
  { rounds, budgetMs }: Plan,
): Promise<ContestantResult[]> {
  const competitors: Competitor[] = [];
  for (const { name, enter } of contestants) {
    competitors.push({ name, entry: await enter(day), attempts: [], usedMs: 0 });
  }
  const attempt = async (competitor: Competitor) => {
    const attempt = await competitor.entry.attempt();
    if (attempt.rows !== null) checkRows(competitor.name, attempt.rows, day.expected);
    competitor.usedMs += attempt.ms;
    return attempt;
  };
  // A first attempt warms caches and compilers, and counts only for those who are too slow for another.
  for (const competitor of competitors) {
    const first = await attempt(competitor);
    if (competitor.usedMs > budgetMs) competitor.attempts.push(first);
  }
  await takeTurns(competitors, rounds, async (competitor) => {
    if (competitor.usedMs > budgetMs) return;
    competitor.attempts.push(await attempt(competitor));
  });
  for (const { entry } of competitors) await entry.leave();
  return competitors.map(resultOf);
}

function resultOf({ name, attempts }: Competitor): ContestantResult {
  const jobs = attempts.flatMap(({ jobMs }) => (jobMs === null ? [] : [jobMs]));
  return {
    name,
    time: summarize(attempts.map(({ ms }) => ms)),
    job: jobs.length === 0 ? null : summarize(jobs),
  };
}

function report({ shape, orders, sizeBytes, contestants }: DayResult): void {
  const best =
    contestants.find(({ name }) => name.includes('over HTTP'))?.time.median ?? Number.NaN;
  const rows = contestants.map(({ name, time, job }) => [
    name,
    duration(time.median),
    job === null ? '' : duration(job.median),
    `${duration(time.min)} … ${duration(time.max)}`,
    String(time.rounds),
    times(time.median / best),
  ]);
  const head = ['', 'median', 'job alone', 'min … max', 'rounds', 'of over HTTP'];
  say(table(`${shape}, ${whole(orders)} orders, ${size(sizeBytes)}`, [head, ...rows]));
}
