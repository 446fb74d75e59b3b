/** What many datasets need in one process: time and memory, beside one dataset of the same size. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { whole } from '../figures.js';
import {
  type DatasetsResult,
  type DatasetsSize,
  type DatasetsSubject,
  datasetsSizes,
  datasetsSubjects,
  type ServiceOfDatasets,
} from '../results.js';
import { letLand, letSettle } from '../rounds.js';
import { createClient } from '../service/client.js';
import { type BenchService, type ManyDatasets, startBenchService } from '../service/service.js';
import { perName, rowsOf, summariesOf } from '../subjects.js';
import { say, table } from '../terminal.js';
import { writeHistory, writeHistoryDay } from '../workloads/history.js';
import type { Setting } from './part.js';

interface Plan {
  readonly services: readonly number[];
  readonly days: number;
  readonly starts: number;
  /** After one that does not count. */
  readonly looks: number;
}

const fullPlan: Plan = { services: [1, 10, 50], days: 400, starts: 3, looks: 5 };
const quickPlan: Plan = { services: [1, 5], days: 40, starts: 1, looks: 2 };

interface Subject {
  readonly names: readonly string[];
  readonly place: ManyDatasets;
  readonly times: Record<DatasetsSubject, number[]>;
  readonly bytes: Record<DatasetsSize, number | null>;
  nextDay: number;
}

export async function measureDatasets(setting: Setting): Promise<DatasetsResult> {
  const { services, ...plan } = setting.quick ? quickPlan : fullPlan;
  const found: ServiceOfDatasets[] = [];
  for (const datasets of services) {
    found.push(await measureService(setting, { ...plan, services }, datasets));
    say(`${whole(datasets)} datasets are done.`);
  }
  report(found);
  return { daysPerDataset: plan.days, starts: plan.starts, looks: plan.looks, services: found };
}

async function measureService(setting: Setting, plan: Plan, datasets: number) {
  const subject = await prepare(setting, plan, datasets);
  await runFirst(subject);
  await letSettle();
  for (let start = 1; start < plan.starts; start += 1) await (await startAgain(subject)).stop();
  const service = await startAgain(subject);
  for (let round = 0; round <= plan.looks; round += 1) await lookAround(subject, service, round);
  for (let round = 0; round <= plan.looks; round += 1) await landDays(subject, service, round);
  subject.bytes['memory, after all of this'] = await service.memoryBytes();
  await service.stop();
  return { datasets, times: summariesOf(datasetsSubjects, subject.times), bytes: subject.bytes };
}

async function prepare({ folder, redis }: Setting, plan: Plan, datasets: number): Promise<Subject> {
  const own = join(folder, `datasets-${datasets}`);
  const names = Array.from({ length: datasets }, (_, index) => `bench${datasets}_${index}`);
  await mkdir(own, { recursive: true });
  for (const name of names) await writeHistory(join(own, 'raw', name), plan.days, 'small');
  const datasetsFile = join(own, 'daymark.yaml');
  const declared = Object.fromEntries(names.map((name) => [name, declarationOf(name)]));
  await writeFile(datasetsFile, stringify({ datasets: declared }));
  return {
    names,
    place: { folder: own, redisUrl: redis.url, datasetsFile },
    times: perName(datasetsSubjects, () => []),
    bytes: perName(datasetsSizes, () => null),
    nextDay: plan.days,
  };
}

function declarationOf(name: string) {
  return {
    raw: `raw/${name}/{day}/*.csv`,
    day: 'index',
    wide: {
      by: { hour_of_day: 'order_hour_of_day' },
      day_column: 'order_dow',
      ignore: ['order_id', 'days_since_prior_order'],
      category: 'category',
      value: 'items_count',
    },
    output: `processed/${name}.csv`,
  };
}

async function runFirst({ names, place, times, bytes, nextDay }: Subject): Promise<void> {
  const service = await startBenchService(place);
  const { ms } = await runAll(service, names, nextDay);
  times['first run of each dataset, all asked for at once'].push(ms);
  bytes['peak memory of the first runs'] = await service.peakMemoryBytes();
  await service.stop();
}

/** Each by a client of its own, so that all are asked for before the first has ended. */
async function runAll({ url }: BenchService, names: readonly string[], days: number) {
  const waiting = watchLiveness(url);
  const startedAt = performance.now();
  const clients = names.map(() => createClient(url));
  const runs = await Promise.all(clients.map((client, index) => client.run({}, names[index])));
  const ms = performance.now() - startedAt;
  for (const client of clients) client.close();
  const wrong = runs.find((run) => run.days.length !== days);
  if (wrong !== undefined) throw new Error(`a run took ${wrong.days.length} days, not ${days}`);
  return { ms, longestWaitMs: await waiting.end() };
}

/** How long the cheapest of requests takes at most meanwhile. */
function watchLiveness(url: string) {
  const client = createClient(url);
  let isOver = false;
  let longestMs = 0;
  const watching = (async () => {
    while (!isOver) longestMs = Math.max(longestMs, (await client.get('/health/live')).ms);
    client.close();
  })();
  const end = async () => {
    isOver = true;
    await watching;
    return longestMs;
  };
  return { end };
}

/** As after a deployment: the outputs are verified until it is ready, the raw days are looked at when first asked for. */
async function startAgain({ place, times, bytes }: Subject): Promise<BenchService> {
  const startedAt = performance.now();
  const service = await startBenchService(place);
  times['start to ready'].push(performance.now() - startedAt);
  bytes['memory, ready'] = await service.memoryBytes();
  times['first GET /v1/datasets'].push((await service.get('/v1/datasets')).ms);
  bytes['memory, after the first look at all'] = await service.memoryBytes();
  return service;
}

/** Everything that changes nothing; the first round warms caches and compilers. */
async function lookAround({ names, times }: Subject, service: BenchService, round: number) {
  const kept = round === 0 ? perName(datasetsSubjects, () => []) : times;
  const name = names[round % names.length] as string;
  kept['GET /v1/datasets'].push((await service.get('/v1/datasets')).ms);
  const days = await service.get(`/v1/datasets/${name}/days`);
  kept['GET /v1/datasets/{dataset}/days'].push(days.ms);
  kept['run with nothing to do'].push((await service.run({}, name)).ms);
}

async function landDays(subject: Subject, service: BenchService, round: number): Promise<void> {
  const { names, times } = subject;
  const kept = round === 0 ? perName(datasetsSubjects, () => []) : times;
  const [first = ''] = names;
  await land(subject, [first]);
  const run = await service.run({}, first);
  if (run.days.length !== 1) throw new Error(`a one-day run took ${run.days.length} days`);
  kept['one-day run'].push(run.ms);
  await land(subject, names);
  const { ms, longestWaitMs } = await runAll(service, names, 1);
  kept['one-day run of each dataset, all asked for at once'].push(ms);
  kept['longest wait beside these'].push(longestWaitMs);
}

async function land(subject: Subject, names: readonly string[]): Promise<void> {
  await letSettle();
  for (const name of names) {
    await writeHistoryDay(join(subject.place.folder, 'raw', name), subject.nextDay, 'small');
  }
  subject.nextDay += 1;
  await letLand();
}

function report(services: readonly ServiceOfDatasets[]): void {
  const head = ['', ...services.map(({ datasets }) => `${whole(datasets)} datasets`)];
  const rows = rowsOf(datasetsSubjects, datasetsSizes, services);
  say(table('what many datasets need', [head, ...rows]));
}
