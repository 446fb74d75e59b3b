/** Many small days of typed columns in one run, beside a run of one such day. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { backfillRows } from '../backfill-rows.js';
import { whole } from '../figures.js';
import type { BackfillOfFormat, BackfillResult } from '../results.js';
import { letSettle, takeTurns } from '../rounds.js';
import { type SalesService, startSalesService } from '../service/sales-service.js';
import { type Summary, summarize } from '../statistics.js';
import { say, table } from '../terminal.js';
import { checkFound } from '../workloads/check-rows.js';
import { nameOfDay } from '../workloads/history.js';
import {
  openSalesWriter,
  outputOf,
  parseSales,
  type Sales,
  type SalesFormat,
  type SalesWriter,
  salesFormats,
} from '../workloads/sales.js';
import type { Setting } from './part.js';

interface Plan {
  readonly days: number;
  readonly rounds: number;
}

const fullPlan: Plan = { days: 3_650, rounds: 5 };
const quickPlan: Plan = { days: 365, rounds: 2 };

const dayOfSales = { rows: 200, stores: 5, products: 8 } as const;

/** Days without a service. */
interface Raw {
  readonly root: string;
  readonly days: number;
  readonly groups: readonly Sales[];
}

interface Subject extends Raw {
  readonly service: SalesService;
  times: number[];
}

export async function measureBackfill(setting: Setting): Promise<BackfillResult> {
  const plan = setting.quick ? quickPlan : fullPlan;
  const formats: BackfillOfFormat[] = [];
  for (const format of salesFormats) formats.push(await measureFormat(setting, plan, format));
  report(formats, plan);
  const { stores, products, rows } = dayOfSales;
  const day = { rowsOfDay: rows, groupsOfDay: stores * products };
  return { days: plan.days, rounds: plan.rounds, ...day, formats };
}

async function measureFormat(
  setting: Setting,
  { days, rounds }: Plan,
  format: SalesFormat,
): Promise<BackfillOfFormat> {
  const one = await prepare(setting, 1, format);
  const all = await prepare(setting, days, format);
  await letSettle();
  const first = [[] as number[], [] as number[]] as const;
  let subjects: Subject[] = [];
  await takeTurns([0], rounds, async (_, round) => {
    for (const { service } of subjects) await service.stop();
    subjects = [await start(setting, one, format, round), await start(setting, all, format, round)];
    // Each service is new: it starts DuckDB, and has no state and no output.
    await takeTurns(subjects, 1, run);
    for (const [at, { times }] of subjects.entries()) first[at]?.push(times.pop() ?? Number.NaN);
  });
  await takeTurns(subjects, rounds, run);
  for (const { service } of subjects) await service.stop();
  const [oneDay, allDays] = subjects.map(({ times }) => summarize(times)) as [Summary, Summary];
  const firstRun = { oneDay: summarize(first[0]), allDays: summarize(first[1]) };
  return { format, firstRun, nextRun: { oneDay, allDays } };
}

async function prepare({ folder }: Setting, days: number, format: SalesFormat): Promise<Raw> {
  const root = join(folder, `${format}-${days}`, 'raw');
  await mkdir(root, { recursive: true });
  const writer = await openSalesWriter(format);
  const groups = await writeDays(writer, root, days);
  writer.close();
  return { root, days, groups };
}

async function start(
  { redis }: Setting,
  raw: Raw,
  format: SalesFormat,
  round: number,
): Promise<Subject> {
  const { root, days } = raw;
  const name = `${format}_${days}_${round}`;
  const folder = join(dirname(root), `service-${round}`);
  const service = await startSalesService(folder, redis, [{ name, kind: 'columns', root, format }]);
  return { ...raw, service, times: [] };
}

async function writeDays(writer: SalesWriter, root: string, days: number): Promise<Sales[]> {
  const groups: Sales[] = [];
  for (let nth = 0; nth < days; nth += 1) {
    const day = nameOfDay(nth, 'date');
    groups.push(...(await writer.write(root, { ...dayOfSales, day })).groups);
  }
  return groups;
}

/** The output is taken away first, so that each run has to write it. */
async function run({ service, days, groups, times }: Subject): Promise<void> {
  const [output] = service.outputs as [string];
  await rm(output, { force: true });
  const run = await service.run({ select: 'all' });
  if (run.days.length !== days) throw new Error(`a run took ${run.days.length} days`);
  times.push(run.ms);
  const rows = parseSales(await readFile(output, 'utf8'));
  checkFound(`a run of ${days} days`, rows, parseSales(outputOf(groups)));
}

function report(formats: readonly BackfillOfFormat[], { days }: Plan): void {
  const head = ['', '1 day', `${whole(days)} days`, ''];
  say(table('many small days in one run', [head, ...backfillRows(formats)]));
}
