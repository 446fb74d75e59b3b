/** How the cost of a one-day run and of each GET grows with the days that there are. */
import { copyFile, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { duration, times, whole } from '../figures.js';
import { plainStatsName } from '../names.js';
import {
  type DaySize,
  type GrowthOfSize,
  type GrowthResult,
  type GrowthSubject,
  growthSubjects,
  type HistoryResult,
} from '../results.js';
import { letLand, letSettle, takeTurns } from '../rounds.js';
import { type BenchService, startBenchService } from '../service/service.js';
import { summarize } from '../statistics.js';
import { say, table } from '../terminal.js';
import { writeHistory, writeHistoryDay } from '../workloads/history.js';
import type { Setting } from './part.js';
import { compilePlainStats, type PlainStats } from './plain-stats.js';

interface Plan {
  readonly histories: readonly number[];
  /** Of requests that change nothing. */
  readonly looks: number;
  readonly runs: number;
  /** Whether days land only when those before them are old. */
  readonly patient: boolean;
}

const fullPlan: Plan = { histories: [10, 100, 1_000, 3_650], looks: 25, runs: 15, patient: true };
const quickPlan: Plan = { histories: [10, 365], looks: 5, runs: 5, patient: false };
const sizes: readonly DaySize[] = ['small', 'real-shaped'];

interface History {
  readonly days: number;
  readonly size: DaySize;
  readonly rawDir: string;
  readonly service: BenchService;
  times: Record<GrowthSubject, number[]>;
  readonly plainStats: number[];
}

export async function measureGrowth(setting: Setting): Promise<GrowthResult> {
  const results: GrowthOfSize[] = [];
  const plainStats = await compilePlainStats(setting.folder);
  for (const name of sizes) {
    const histories = await measureSize(setting, name, plainStats);
    results.push({ name, histories });
    report({ name, histories });
  }
  return { sizes: results };
}

async function measureSize(
  setting: Setting,
  size: DaySize,
  plainStats: PlainStats | null,
): Promise<HistoryResult[]> {
  const plan = setting.quick ? quickPlan : fullPlan;
  const histories: History[] = [];
  for (const days of plan.histories) histories.push(await prepare(setting, days, size));
  await letSettle();
  // One round of each that is not counted: it warms caches and compilers.
  await takeTurns(histories, 1, look);
  for (const history of histories) history.times = emptyTimes();
  await takeTurns(histories, plan.looks, look);
  await takeTurns(histories, 1, (history) => land(history, 0));
  for (const { times } of histories) for (const subject of landSubjects) times[subject] = [];
  const landNext = async (history: History, round: number) => {
    await land(history, round + 1);
    if (plainStats !== null) history.plainStats.push(await plainStats(history.rawDir));
  };
  await takeTurns(histories, plan.runs, landNext, plan.patient ? letSettle : undefined);
  const results: HistoryResult[] = [];
  for (const history of histories) results.push(await finish(history));
  return results;
}

async function prepare(setting: Setting, days: number, size: DaySize): Promise<History> {
  const folder = join(setting.folder, `${size}-${days}`);
  const rawDir = join(folder, 'raw');
  await writeHistory(rawDir, days, size);
  const service = await startBenchService({
    rawDir,
    folder,
    redisUrl: setting.redis.url,
    checkpointKey: `bench:${size}:${days}`,
  });
  await service.run();
  return { days, size, rawDir, service, times: emptyTimes(), plainStats: [] };
}

/** Everything that changes nothing. */
async function look({ service, times, days }: History): Promise<void> {
  const middle = Math.floor(days / 2);
  for (const [subject, path] of [
    ['GET /v1/checkpoint', '/v1/checkpoint'],
    ['GET /v1/days', '/v1/days'],
    ['GET /v1/days/{day}', `/v1/days/${middle}`],
    ['GET /v1/plan', '/v1/plan'],
    ['GET /v1/output?day={day}', `/v1/output?day=${middle}`],
  ] as const) {
    times[subject].push((await service.get(path)).ms);
  }
  times['run with nothing to do'].push((await service.run()).ms);
}

const landSubjects = ['copy of the output', 'one-day run', 'one-day run, less the copy'] as const;

async function land(history: History, round: number): Promise<void> {
  const { service, times, days } = history;
  const copyMs = await copyOutput(service);
  const runMs = await runOneDay(history, days + round);
  times['copy of the output'].push(copyMs);
  times['one-day run'].push(runMs);
  times['one-day run, less the copy'].push(runMs - copyMs);
}

async function runOneDay({ rawDir, size, service }: History, day: number): Promise<number> {
  await writeHistoryDay(rawDir, day, size);
  await letLand();
  const { ms, days } = await service.run();
  if (days.length !== 1) throw new Error(`the run took ${days.length} days`);
  return ms;
}

/** What no one can do without who replaces the file as a whole: its bytes copied beside it, and on disk. */
async function copyOutput({ outputFile }: BenchService): Promise<number> {
  const copy = `${outputFile}.copy`;
  const startedAt = performance.now();
  await copyFile(outputFile, copy);
  const file = await open(copy, 'r+');
  await file.sync();
  await file.close();
  const ms = performance.now() - startedAt;
  await rm(copy);
  return ms;
}

async function finish({ days, service, times, plainStats }: History): Promise<HistoryResult> {
  const outputBytes = (await stat(service.outputFile)).size;
  await service.stop();
  const summaries = growthSubjects.map((subject) => [subject, summarize(times[subject])] as const);
  return {
    days,
    outputBytes,
    times: Object.fromEntries(summaries) as HistoryResult['times'],
    plainStats: plainStats.length === 0 ? null : summarize(plainStats),
  };
}

function emptyTimes(): History['times'] {
  const lists = growthSubjects.map((subject) => [subject, []] as const);
  return Object.fromEntries(lists) as unknown as History['times'];
}

function report({ name, histories }: GrowthOfSize): void {
  const head = ['', ...histories.map(({ days }) => `${whole(days)} days`), 'last to first'];
  const rows = growthSubjects.map((subject) => {
    const medians = histories.map((history) => history.times[subject].median);
    const ratio = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN);
    return [subject, ...medians.map(duration), times(ratio)];
  });
  const plain = histories.map(({ plainStats }) => plainStats && duration(plainStats.median));
  rows.push([plainStatsName, ...plain.map((each) => each ?? 'not measured'), '']);
  say(table(`growth with history, ${name} days`, [head, ...rows]));
}
