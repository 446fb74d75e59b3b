/** docs/PERFORMANCE.md, made from the committed results: no figure in it is written by hand. */
import { duration, size, whole } from '../figures.js';
import type { AllMeasured, DaysResult, GrowthOfSize } from '../results.js';
import { barsOf } from './bars.js';
import {
  barsTable,
  chart,
  daysTable,
  factsTable,
  growthTable,
  httpTable,
  largeTable,
} from './tables.js';
import { typedColumns } from './typed-columns.js';

export function pageOf(all: AllMeasured): string {
  const { days, large, growth, http } = all;
  const sections = [
    opening(all),
    ['## What was promised', '', ...barsTable(barsOf(all))],
    oneDay(days.result),
    largeDay(largeTable(large.result)),
    ['## Growth with history', '', ...growthProse, ...growth.result.sizes.flatMap(growthOfSize)],
    [...httpProse(http.result.connections, http.result.secondsPerTurn), ...httpTable(http.result)],
    ['', chart('http.svg', 'Requests per second of Daymark and of bare Fastify routes')],
    ...typedColumns(all),
    ['## What would change these figures', '', ...changes],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function opening(all: AllMeasured): string[] {
  const { facts } = all.days;
  const packages = Object.entries(facts.packages).map(([name, version]) => `${name} ${version}`);
  return [
    '# Performance',
    '',
    'This page is made by `npm run bench:docs` from the results in [performance/](performance/), which',
    '`npm run bench` wrote. Everyone who is compared was measured in the same run, in turns, each round beginning',
    'with another one; figures are medians. The page cache was warm, so disks play no part in reading. Every',
    'attempt’s result was compared with the sums that the raw day was made from: a wrong one ends the bench.',
    '',
    `${facts.cpu}, ${facts.cores} cores, ${size(facts.memoryBytes)} of memory, a virtual machine; ${facts.kernel};`,
    `Node.js ${facts.node.slice(1)}, Redis ${facts.redis}, ${packages.join(', ')}. Such a machine is noisy:`,
    'trust the ratios more than the times.',
    '',
    ...factsTable(all),
    '',
    '`npm run bench` runs all of these but `memory`, `npm run bench -- --quick` a small form of them in some three minutes.',
  ];
}

function oneDay({ threads, rounds, budgetMs, days, absent }: DaysResult): string[] {
  const ofShape = (shape: string) => days.filter((day) => day.shape === shape);
  return [
    '## One day',
    '',
    'A raw day becomes its sums by hour and category. Sparse days are shaped like real orders: 134 categories,',
    '94 of 100 cells `0`. In dense days every cell is a random number up to 999. Both repeat 20,000 different',
    'rows in changing order, with order ids of their own.',
    '',
    '- **over HTTP** is all of it: `POST /v1/runs?wait` with `select: all` to a service process with default',
    '  settings, its log in a file, Redis beside it; checked, aggregated, committed, fsynced and published.',
    '  The output is taken away before each run, so that each has to write it.',
    '- **bare engine** is the call that the service makes for a day’s rows, in the bench’s own process.',
    '- **DuckDB** runs in the bench’s process too, through `@duckdb/node-api`, its query alone, told all column types.',
    '- **Polars**, **pandas** and **PySpark** (`local` mode, told the schema) do the classic job (read, unpivot,',
    '  group, append) in a new process; *job* is the time inside it, after imports and the start of Spark.',
    '- *unpivot first* is the order in which the job is usually written: a row for every cell, then the sums. The',
    '  others add up each hour’s columns first and unpivot 24 rows, which is the best that we could write.',
    '- `cat` and `wc -l` are the floor; *job* is what is left when the program’s time for an empty file is taken off.',
    '',
    `Everyone had ${rounds} rounds after one that does not count; who needed more than ${duration(budgetMs)} for them had fewer, down`,
    `to a single one. Each may use ${threads} threads. In brackets: how often the time over HTTP fits into it. None but Daymark`,
    'checks that cells are counts, hours are hours, and text is UTF-8.',
    ...absent.map(({ name, reason }) => `\n${name} did not take part: ${reason}.`),
    '',
    '### Sparse',
    '',
    ...daysTable(ofShape('sparse')),
    '',
    chart('day-sparse.svg', 'Time of each contestant for the largest sparse day'),
    '',
    '### Dense',
    '',
    ...daysTable(ofShape('dense')),
    '',
    chart('day-dense.svg', 'Time of each contestant for the largest dense day'),
  ];
}

function largeDay(lines: readonly string[]): string[] {
  return [
    '## One large day',
    '',
    'A sparse day, made for the occasion and removed afterwards, over HTTP. Peak memory is what the kernel noted',
    'as the most that the service process ever had resident (`VmHWM` in `/proc`).',
    '',
    ...lines,
  ];
}

const growthProse = [
  'One service for each length of history, all running at once, each asked in turn over one connection. Each raw',
  'day has one order an hour, so that reading them costs little; what a day adds to the output is 60',
  'rows (small) or 1,680 rows (real-shaped). A *one-day run* finds a new day that landed 100 ms ago,',
  'aggregates it, and answers when it is committed and published. *Copy of the output* is `copyFile` and an',
  'fsync of the same output just before. A file that landed within 20 ms makes a run wait that long, until it',
  'can be told whether it still changes.',
  '',
  'Every run looks at every old raw folder and file, since only that shows which were corrected. The last line is',
  'what this costs at the least: the same looks by a C program (`test/bench/native/stat-all.c`) on two threads.',
];

function growthOfSize(size: GrowthOfSize): string[] {
  const title = size.name === 'small' ? 'Small days' : 'Real-shaped days';
  const alt = `Median times as history grows, ${size.name} days`;
  return ['', `### ${title}`, '', ...growthTable(size), '', chart(`growth-${size.name}.svg`, alt)];
}

function httpProse(connections: number, seconds: number): string[] {
  return [
    '## Requests',
    '',
    `autocannon in the bench’s process, ${whole(connections)} connections, turns of ${whole(seconds)} seconds; service, bare routes and`,
    'Redis are processes of their own. The service runs with its default log level, into a file; the bare routes log',
    'nothing. Seven days of history. Every answer of Daymark’s is a fresh look at output, raw days and Redis.',
    '',
  ];
}

const changes = [
  '- **A cold cache.** Raw files then come at the speed of the disk, for everyone alike.',
  '- **More cores.** `scan` takes one thread for each, up to eight. Here load generator, service and Redis share',
  '  what there is, which lowers all request rates.',
  '- **Slow fsyncs.** A run that commits waits for several, one after the other.',
  '- **Odd files.** A file with quotes, decimals or blanks is read by `csv`, at its speed.',
  '- **Compressed files** are unpacked by one thread, which then is the limit.',
];
