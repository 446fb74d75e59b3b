/** What the service and DuckDB's processes hold in memory, as runs go on: a new day in each. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { duration, size, whole } from '../figures.js';
import type { MemoryAfterRuns, MemoryOfFormat, MemoryResult } from '../results.js';
import { startSalesService } from '../service/sales-service.js';
import { summarize } from '../statistics.js';
import { say, table } from '../terminal.js';
import { checkFound } from '../workloads/check-rows.js';
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

const dayOfSales = { rows: 20_000, stores: 20, products: 50 } as const;
const full = [0, 100, 250, 500] as const;
const quick = [0, 10, 20] as const;

export async function measureMemory(setting: Setting): Promise<MemoryResult> {
  const looksAfter = setting.quick ? quick : full;
  const formats: MemoryOfFormat[] = [];
  for (const format of salesFormats) {
    formats.push(await measureFormat(setting, format, looksAfter));
    report(formats.at(-1) as MemoryOfFormat);
  }
  const { stores, products, rows } = dayOfSales;
  return { rowsOfDay: rows, groupsOfDay: stores * products, formats };
}

async function measureFormat(
  { folder, redis }: Setting,
  format: SalesFormat,
  looksAfter: readonly number[],
): Promise<MemoryOfFormat> {
  const own = join(folder, format);
  const root = join(own, 'raw');
  await mkdir(root, { recursive: true });
  const writer = await openSalesWriter(format);
  const service = await startSalesService(own, redis, [
    { name: format, kind: 'columns', root, format },
  ]);
  const groups: Sales[] = [];
  const runs: number[] = [];
  const looks: MemoryAfterRuns[] = [];
  for (let nth = 0; nth <= (looksAfter.at(-1) ?? 0); nth += 1) {
    if (looksAfter.includes(nth)) {
      const [serviceBytes, duckDbBytes] = [
        await service.memoryBytes(),
        await service.childrenBytes(),
      ];
      looks.push({ runs: nth, serviceBytes, duckDbBytes });
    }
    const day = nameOfDay(nth, 'date');
    groups.push(...(await writer.write(root, { ...dayOfSales, day })).groups);
    const { ms, days } = await service.run();
    if (days.length !== 1) throw new Error(`a one-day run took ${days.length} days`);
    runs.push(ms);
  }
  writer.close();
  const [output] = service.outputs as [string];
  const rows = parseSales(await readFile(output, 'utf8'));
  checkFound('the last run', rows, parseSales(outputOf(groups)));
  await service.stop();
  return { format, oneDayRun: summarize(runs), looks };
}

function report({ format, oneDayRun, looks }: MemoryOfFormat): void {
  const told = (bytes: number | null) => (bytes === null ? 'unknown' : size(bytes));
  const rows = [
    ['service', ...looks.map(({ serviceBytes }) => told(serviceBytes))],
    ['DuckDB', ...looks.map(({ duckDbBytes }) => told(duckDbBytes))],
  ];
  const head = ['', ...looks.map(({ runs }) => `${whole(runs)} runs`)];
  const title = `memory, ${format}; a run takes ${duration(oneDayRun.median)}`;
  say(table(title, [head, ...rows]));
}
