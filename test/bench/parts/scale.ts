/** What the control plane itself needs, from ten days to more than anyone has: time, memory and files. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { whole } from '../figures.js';
import {
  type ScaleOfHistory,
  type ScaleResult,
  type ScaleSize,
  type ScaleSubject,
  scaleSizes,
  scaleSubjects,
} from '../results.js';
import { letLand, letSettle } from '../rounds.js';
import { createClient } from '../service/client.js';
import { type BenchService, type OneDataset, startBenchService } from '../service/service.js';
import { perName, rowsOf, summariesOf } from '../subjects.js';
import { say, table } from '../terminal.js';
import { writeHistory, writeHistoryDay } from '../workloads/history.js';
import type { Setting } from './part.js';

interface Plan {
  readonly histories: readonly number[];
  readonly starts: number;
  /** Of each request that changes nothing, after one that does not count. */
  readonly looks: number;
  /** Of a day that has just come, after one that does not count. */
  readonly runs: number;
}

const fullPlan: Plan = { histories: [10, 1_000, 10_000, 100_000], starts: 3, looks: 5, runs: 3 };
const quickPlan: Plan = { histories: [10, 1_000], starts: 1, looks: 2, runs: 1 };

const layout = 'date';
interface Subject {
  readonly days: number;
  readonly place: OneDataset;
  readonly times: Record<ScaleSubject, number[]>;
  readonly bytes: Record<ScaleSize, number | null>;
}

export async function measureScale(setting: Setting): Promise<ScaleResult> {
  const { histories, ...plan } = setting.quick ? quickPlan : fullPlan;
  const found: ScaleOfHistory[] = [];
  for (const days of histories) {
    found.push(await measureHistory(setting, { ...plan, histories }, days));
    say(`${whole(days)} days are done.`);
  }
  report(found);
  return { starts: plan.starts, looks: plan.looks, histories: found };
}

/** One after the other: together they would share memory and processors. */
async function measureHistory(setting: Setting, plan: Plan, days: number): Promise<ScaleOfHistory> {
  const subject = prepare(setting, days);
  await writeHistory(subject.place.rawDir, days, 'small', layout);
  await runFirst(subject);
  await letSettle();
  for (let start = 1; start < plan.starts; start += 1) await (await startAnew(subject)).stop();
  const service = await startAnew(subject);
  await lookAround(subject, service, plan.looks);
  await landDays(subject, service, plan.runs);
  subject.bytes['memory, after all of this'] = await service.memoryBytes();
  subject.bytes.output = (await stat(service.outputFile)).size;
  await service.stop();
  await measureFiles(subject, join(service.outputFile, '..', '_daymark', 'orders.csv'));
  return { days, times: summariesOf(scaleSubjects, subject.times), bytes: subject.bytes };
}

function prepare({ folder, redis }: Setting, days: number): Subject {
  const own = join(folder, `scale-${days}`);
  return {
    days,
    place: {
      rawDir: join(own, 'raw'),
      folder: own,
      redisUrl: redis.url,
      checkpointKey: `bench:scale:${days}`,
      layout,
    },
    times: perName(scaleSubjects, () => []),
    bytes: perName(scaleSizes, () => null),
  };
}

/** All days at once: they are found, aggregated and committed. */
async function runFirst({ place, times, bytes, days }: Subject): Promise<void> {
  const service = await startBenchService(place);
  const run = await service.run();
  if (run.days.length !== days) throw new Error(`the first run took ${run.days.length} days`);
  times['first run over all days'].push(run.ms);
  bytes['peak memory of the first run'] = await service.peakMemoryBytes();
  await service.stop();
}

/** As after a deployment: the output is verified until it is ready, the raw days are looked at when first asked for. */
async function startAnew({ place, times, bytes }: Subject): Promise<BenchService> {
  const startedAt = performance.now();
  const service = await startBenchService(place);
  times['start to ready'].push(performance.now() - startedAt);
  bytes['memory, ready'] = await service.memoryBytes();
  times['first look at all days'].push((await service.get('/v1/plan')).ms);
  bytes['memory, after the first look'] = await service.memoryBytes();
  return service;
}

const requests = [
  ['GET /v1/checkpoint', '/v1/checkpoint'],
  ['GET /v1/days', '/v1/days'],
  ['GET /v1/days?state=new,late,changed', '/v1/days?state=new,late,changed'],
  ['GET /v1/plan', '/v1/plan'],
] as const;

/** Everything that changes nothing. */
async function lookAround(subject: Subject, service: BenchService, rounds: number): Promise<void> {
  for (let round = 0; round <= rounds; round += 1) {
    // The first warms caches and compilers.
    const times = round === 0 ? perName(scaleSubjects, () => []) : subject.times;
    for (const [name, path] of requests) {
      const { ms, body } = await service.get(path);
      times[name].push(ms);
      if (path === '/v1/days') subject.bytes['answer of GET /v1/days'] = body.length;
    }
    times['run with nothing to do'].push((await service.run()).ms);
    const page = await openDashboard(service);
    times['first page of the dashboard'].push(page.ms);
    subject.bytes['answers for the dashboard'] = page.bytes;
    times['longest wait beside GET /v1/days'].push(await longestWait(service));
  }
}

/** What the page asks for beside the days; the drawing itself is the browser's. */
const dashboardPaths = [
  '/',
  '/v1/checkpoint',
  '/v1/runs?status=queued,running&limit=10',
  '/v1/runs?limit=15',
] as const;

/** Until all days are there, one request after the other. */
async function openDashboard(service: BenchService) {
  const page = { ms: 0, bytes: 0 };
  const ask = async (path: string) => {
    const { ms, body } = await service.get(path);
    page.ms += ms;
    page.bytes += body.length;
    return body.toString();
  };
  for (const path of dashboardPaths) await ask(path);
  let days = JSON.parse(await ask('/v1/days?order=newest&limit=1000'));
  while (days.nextCursor !== null) {
    days = JSON.parse(await ask(`/v1/days?order=newest&limit=5000&cursor=${days.nextCursor}`));
  }
  return page;
}

/** How long the cheapest of requests takes at most while the dearest one is answered. */
async function longestWait(service: BenchService): Promise<number> {
  const other = createClient(service.url);
  let isOver = false;
  const days = service.get('/v1/days').finally(() => {
    isOver = true;
  });
  let longestMs = 0;
  while (!isOver) longestMs = Math.max(longestMs, (await other.get('/health/live')).ms);
  await days;
  other.close();
  return longestMs;
}

async function landDays({ days, place, times }: Subject, service: BenchService, rounds: number) {
  for (let round = 0; round <= rounds; round += 1) {
    await letSettle();
    await writeHistoryDay(place.rawDir, days + round, 'small', layout);
    await letLand();
    const run = await service.run();
    if (run.days.length !== 1) throw new Error(`a one-day run took ${run.days.length} days`);
    if (round > 0) times['one-day run'].push(run.ms);
  }
}

async function measureFiles({ bytes }: Subject, state: string): Promise<void> {
  const commits = join(state, 'commits');
  for (const name of (await readdir(commits)).sort()) {
    const path = join(commits, name);
    const { snapshot } = JSON.parse(await readFile(path, 'utf8'));
    const kind = snapshot === null ? 'newest full record' : 'newest differential record';
    bytes[kind] = (await stat(path)).size;
  }
  const runs = join(state, 'runs');
  // Ids sort by time.
  const [first = ''] = (await readdir(runs)).sort();
  bytes['record of the first run'] = (await stat(join(runs, first))).size;
  bytes['_daymark/ in all'] = await folderBytes(state);
}

async function folderBytes(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    sum += entry.isDirectory() ? await folderBytes(path) : (await stat(path)).size;
  }
  return sum;
}

function report(histories: readonly ScaleOfHistory[]): void {
  const head = ['', ...histories.map(({ days }) => `${whole(days)} days`)];
  say(
    table('what the control plane needs', [head, ...rowsOf(scaleSubjects, scaleSizes, histories)]),
  );
}
