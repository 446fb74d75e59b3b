/** The sections of docs/PERFORMANCE.md on typed columns: a large day, many small ones, and memory as runs go on. */
import { backfillRows, formatNames } from '../backfill-rows.js';
import { medianOf } from '../contest-rows.js';
import { duration, size, times, whole } from '../figures.js';
import { salesNames } from '../names.js';
import type {
  AllMeasured,
  BackfillResult,
  ColumnsResult,
  MemoryOfFormat,
  MemoryResult,
  SalesDayResult,
} from '../results.js';
import { type Bar, notMeasured } from './bar.js';
import { chart, markdownTable } from './tables.js';

export function typedColumns({ columns, backfill, memory }: AllMeasured): string[][] {
  return [largeDay(columns.result), smallDays(backfill.result), manyRuns(memory.result)];
}

function largeDay({ rows, groups, daysBefore, threads, ...result }: ColumnsResult): string[] {
  const { rounds, budgetMs, absent, days } = result;
  return [
    '## A large day of typed columns',
    '',
    `A day of ${whole(rows)} sales, in one file: \`order_id\`, \`sold_at\`, \`store\`, \`product\`, \`pieces\` and \`price\`. It becomes`,
    `${whole(groups)} rows, one for each store and product, with the number of orders, the sum of pieces and the sum of prices.`,
    `They are put into an output that holds ${whole(daysBefore)} other days of as many rows, in place of what it had of the day.`,
    'The Parquet file holds the same rows, and DuckDB wrote it with its own settings. Parts of it that nobody asks for need',
    'not be read; Daymark reads all declared columns, since it checks them.',
    '',
    '- **columns** and **sql** are `POST /v1/datasets/{dataset}/runs?wait` to a service process with default settings, its log',
    '  in a file, Redis beside it. `sql` is the same as a SELECT. The day is a new one: before each run it held other rows.',
    '- **DuckDB** runs in the bench’s process, its query alone: told all column types, it checks nothing and writes nothing.',
    '- **Polars** and **pandas** replace the day in one CSV file, **PySpark** (`local` mode) a partition of a folder, and',
    '  **dbt-duckdb** a batch of a `microbatch` model in a table of a database. Each runs in a new process; *job* is the',
    '  time inside it, after imports and the start of Spark. Polars and pandas add prices up as floats where the file is CSV.',
    '',
    `Everyone had ${rounds} rounds after one that does not count; who needed more than ${duration(budgetMs)} for them had fewer. Each may`,
    `use ${threads} threads. In brackets: how often the time of DuckDB’s query fits into it.`,
    ...absent.map(({ name, reason }) => `\n${name} did not take part: ${reason}.`),
    '',
    ...salesTable(days),
    ...days.flatMap(({ format }) => [
      '',
      chart(`sales-${format}.svg`, `Time of each contestant for a large day, ${format}`),
    ]),
  ];
}

function salesTable(days: readonly SalesDayResult[]): string[] {
  const head = days.map(({ format, sizeBytes }) => `${formatNames[format]} (${size(sizeBytes)})`);
  const names = days[0]?.contestants.map(({ name }) => name) ?? [];
  const rows = names.map((name) => [name, ...days.map((day) => salesCell(day, name))]);
  return markdownTable([['', ...head], ...rows]);
}

function salesCell(day: SalesDayResult, name: string): string {
  const found = day.contestants.find((each) => each.name === name);
  if (found === undefined) return '';
  const job = found.job === null ? '' : `, job ${duration(found.job.median)}`;
  const ratio = found.time.median / (medianOf(day, salesNames.duckDb) ?? Number.NaN);
  return `${duration(found.time.median)}${job} (${times(ratio)})`;
}

function smallDays({ days, rounds, rowsOfDay, groupsOfDay, formats: all }: BackfillResult) {
  const head = ['', '1 day', `${whole(days)} days`, 'all to one'];
  return [
    '## Many small days in one run',
    '',
    `Each day has ${whole(rowsOfDay)} sales, which come to ${whole(groupsOfDay)} rows of the output. A run with \`select: all\` over ${whole(days)} days,`,
    'beside the same for a dataset that has a single day, over HTTP. The first run of a new service starts DuckDB’s process,',
    'as each run does after a minute without one. Before the next runs the output is taken away, so that each has to write it.',
    `Medians of ${rounds} runs.`,
    '',
    ...markdownTable([head, ...backfillRows(all)]),
  ];
}

function manyRuns({ rowsOfDay, groupsOfDay, formats: all }: MemoryResult): string[] {
  return [
    '## Memory, run after run',
    '',
    `A day of ${whole(rowsOfDay)} sales, which come to ${whole(groupsOfDay)} rows, lands before each run. What is resident (\`VmRSS\` in`,
    '`/proc`) of the service, and of the DuckDB process that it has started:',
    '',
    ...markdownTable([['', ...headOf(all)], ...all.flatMap(memoryRows)]),
  ];
}

function headOf(all: readonly MemoryOfFormat[]): string[] {
  const [first] = all;
  return (first?.looks ?? []).map(({ runs }) => `${whole(runs)} runs`);
}

function memoryRows({ format, looks }: MemoryOfFormat): string[][] {
  const told = (bytes: number | null) => (bytes === null ? 'unknown' : size(bytes));
  return [
    [`${formatNames[format]}: service`, ...looks.map(({ serviceBytes }) => told(serviceBytes))],
    [`${formatNames[format]}: DuckDB`, ...looks.map(({ duckDbBytes }) => told(duckDbBytes))],
  ];
}

const promisedRows = 10_000_000;
const promisedDays = 3_650;

export function typedColumnsBars({ columns, backfill }: AllMeasured): Bar[] {
  const { rows, days } = columns.result;
  const day = (format: SalesDayResult['format']) =>
    rows < promisedRows ? undefined : days.find((each) => each.format === format);
  const what = (format: string) =>
    `\`columns\` over HTTP, ${whole(promisedRows)} rows of ${format}, two keys, three measures`;
  return [
    duckDbBar(`${what('CSV')}: at most 1.5 times DuckDB’s query alone`, day('csv'), 1.5),
    jobBar('The same: ahead of Polars’ job, its start included', day('csv'), salesNames.polars),
    jobBar('The same: ahead of PySpark’s job, its start included', day('csv'), salesNames.pyspark),
    duckDbBar(`${what('Parquet')}: at most 1.2 times DuckDB’s query alone`, day('parquet'), 1.2),
    ...backfill.result.formats.flatMap((each) => backfillBars(each, backfill.result.days)),
  ];
}

function duckDbBar(promise: string, day: SalesDayResult | undefined, most: number): Bar {
  const [own, bare] = [medianOf(day, salesNames.columns), medianOf(day, salesNames.duckDb)];
  if (own === null || bare === null) return notMeasured(promise);
  const measured = `${times(own / bare)} (${duration(own)} to ${duration(bare)})`;
  return { promise, measured, met: own / bare <= most };
}

function jobBar(promise: string, day: SalesDayResult | undefined, who: string): Bar {
  const own = medianOf(day, salesNames.columns);
  const found = day?.contestants.find(({ name }) => name === who);
  if (own === null || found === undefined) return notMeasured(promise);
  const job = found.job === null ? '' : `, ${duration(found.job.median)} without it`;
  const measured = `${duration(own)} to ${duration(found.time.median)}${job}`;
  return { promise, measured, met: own < found.time.median };
}

function backfillBars(
  { format, firstRun, nextRun }: BackfillResult['formats'][number],
  days: number,
): Bar[] {
  const what = `${whole(promisedDays)} small days of ${formatNames[format]}`;
  const barOf = (promise: string, { oneDay, allDays }: typeof firstRun): Bar => {
    if (days < promisedDays) return notMeasured(promise);
    const ratio = allDays.median / oneDay.median;
    const measured = `${times(ratio)} (${duration(allDays.median)} to ${duration(oneDay.median)})`;
    return { promise, measured, met: ratio < 30 };
  };
  return [
    barOf(`The first run over ${what}: under 30 times one over a single day`, firstRun),
    barOf('The same, once DuckDB’s process is there', nextRun),
  ];
}
