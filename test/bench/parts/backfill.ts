/** Many small days of typed columns in one run, beside a run of one such day. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { duration, times, whole } from '../figures.js';
import type { BackfillOfFormat, BackfillResult } from '../results.js';
import { letSettle, takeTurns } from '../rounds.js';
import { type SalesService, startSalesService } from '../service/sales-service.js';
import { summarize } from '../statistics.js';
import { say, table } from '../terminal.js';
import { checkFound } from '../workloads/check-rows.js';
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

const fullPlan: Plan = { days: 3_650, rounds: 7 };
const quickPlan: Plan = { days: 365, rounds: 3 };

const dayOfSales = { rows: 200, stores: 5, products: 8 } as const;

interface Subject {
  readonly service: SalesService;
  readonly days: number;
  readonly groups: readonly Sales[];
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
  const subjects: [Subject, Subject] = [
    await prepare(setting, 1, format),
    await prepare(setting, days, format),
  ];
  await letSettle();
  // One round that is not counted: it starts DuckDB, and warms caches and compilers.
  await takeTurns(subjects, 1, run);
  for (const subject of subjects) subject.times = [];
  await takeTurns(subjects, rounds, run);
  for (const { service } of subjects) await service.stop();
  const [one, all] = subjects;
  return { format, oneDay: summarize(one.times), allDays: summarize(all.times) };
}

async function prepare(
  { folder, redis }: Setting,
  days: number,
  format: SalesFormat,
): Promise<Subject> {
  const name = `${format}_${days}`;
  const own = join(folder, name);
  const root = join(own, 'raw');
  await mkdir(root, { recursive: true });
  const writer = await openSalesWriter(format);
  const groups = await writeDays(writer, root, days);
  writer.close();
  const service = await startSalesService(own, redis, [{ name, kind: 'columns', root, format }]);
  return { service, days, groups, times: [] };
}

async function writeDays(writer: SalesWriter, root: string, days: number): Promise<Sales[]> {
  const groups: Sales[] = [];
  for (let nth = 0; nth < days; nth += 1) {
    const day = new Date(Date.UTC(2016, 0, 1 + nth)).toISOString().slice(0, 10);
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
  const rows = formats.map(({ format, oneDay, allDays }) => [
    format,
    duration(oneDay.median),
    duration(allDays.median),
    times(allDays.median / oneDay.median),
  ]);
  say(table('many small days in one run', [['', '1 day', `${whole(days)} days`, ''], ...rows]));
}
