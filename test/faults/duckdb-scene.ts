/**
 * A service with DuckDB over datasets of every kind that DuckDB reads, as a process; and what their days come to, by an
 * oracle of its own, in whole numbers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Random } from '../../src/sample/random.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { textOf } from './checks.js';

const common = `day: index
    columns: { zone: text, fare: "decimal(12,2)?", seconds: integer }`;
const measured = `by: [zone]
    measures: { trips: count(), fare: sum(fare), longest: max(seconds) }`;
const selected = `sql: select zone, count(*) trips, sum(fare) fare, max(seconds) longest from day group by zone
    by: [zone]`;

/** How the files of a dataset are written. `odd`: with cells that DuckDB's types do not read as they should. */
export const kinds = {
  plain: { file: 'csv', raw: '{day}/*.csv', makes: measured },
  odd: { file: 'odd.csv', raw: '{day}/*.csv', makes: measured },
  gzip: { file: 'csv.gz', raw: '{day}/*.csv.gz', makes: measured },
  lines: { file: 'jsonl', raw: '{day}/*.jsonl', makes: measured },
  parquet: { file: 'parquet', raw: '{day}/*.parquet', makes: measured },
  select: { file: 'csv', raw: '{day}/*.csv', makes: selected },
  select_odd: { file: 'odd.csv', raw: '{day}/*.csv', makes: selected },
  select_parquet: { file: 'parquet', raw: '{day}/*.parquet', makes: selected },
} as const;

export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kind[];

/** Zone, cents, seconds. */
export type Trip = readonly [zone: string, cents: number | null, seconds: number];

export function randomTrips(random: Random, count: number): Trip[] {
  return Array.from({ length: count }, () => [
    `zone ${random.below(40)}`,
    random.below(9) === 0 ? null : random.below(100_000),
    random.below(7_200),
  ]);
}

const amount = (cents: number) =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

/** The rows of the output for a day. */
export function rowsOf(day: string, trips: readonly Trip[]): string {
  const zones = new Map<string, { trips: number; cents: number | null; longest: number }>();
  for (const [zone, cents, seconds] of trips) {
    const sum = zones.get(zone) ?? { trips: 0, cents: null, longest: 0 };
    zones.set(zone, {
      trips: sum.trips + 1,
      cents: cents === null ? sum.cents : (sum.cents ?? 0) + cents,
      longest: Math.max(sum.longest, seconds),
    });
  }
  return [...zones]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([zone, { trips: count, cents, longest }]) =>
      [day, zone, count, cents === null ? '' : amount(cents), longest].join(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

export const outputHeader = 'day_of_week,zone,trips,fare,longest\n';

function bytesOf(kind: Kind, trips: readonly Trip[]): Uint8Array {
  const { file } = kinds[kind];
  if (file === 'parquet') return parquetOf(trips);
  if (file === 'jsonl') return Buffer.from(trips.map(lineOf).join(''));
  const cell = (cents: number | null) => (cents === null ? '' : amount(cents));
  const row = ([zone, cents, seconds]: Trip) =>
    file === 'odd.csv'
      ? `"${zone}",${cell(cents)},${seconds}.0\n`
      : `${zone},${cell(cents)},${seconds}\n`;
  const text = Buffer.from(`zone,fare,seconds\n${trips.map(row).join('')}`);
  return file === 'csv.gz' ? gzipSync(text, { level: 1 }) : text;
}

function lineOf([zone, cents, seconds]: Trip): string {
  return `{"zone":"${zone}","fare":${cents === null ? 'null' : amount(cents)},"seconds":${seconds}}\n`;
}

function parquetOf(trips: readonly Trip[]): Uint8Array {
  const columnData = [
    { name: 'zone', data: trips.map(([zone]) => zone), type: 'STRING' as const },
    {
      name: 'fare',
      data: trips.map(([, cents]) => (cents === null ? null : cents / 100)),
      type: 'DOUBLE' as const,
    },
    { name: 'seconds', data: trips.map(([, , seconds]) => seconds), type: 'INT32' as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** What lies, and lay, in the folder of a day. */
export interface FireDay {
  readonly dataset: FireDataset;
  readonly day: string;
  /** What each file says, by name. */
  readonly parts: Map<string, readonly Trip[] | null>;
  /** What each state of the folder came to, the newest last; null for one that is no sound day. */
  readonly states: (string | null)[];
  /** Puts a whole file where `name` is, or is to be, as a careful producer does. */
  land(name: string, trips: readonly Trip[]): Promise<void>;
  /** As a careless one does: each leaves the file for a moment as no producer means it. */
  rewrite(name: string, trips: readonly Trip[]): Promise<void>;
  cut(name: string, amidARow: boolean): Promise<void>;
  append(name: string, trips: readonly Trip[]): Promise<void>;
}

export interface FireDataset {
  readonly kind: Kind;
  readonly days: Map<string, FireDay>;
  day(name: string): FireDay;
  /** Null before the first commit. */
  output(): Promise<string | null>;
}

export interface FirePlace {
  readonly root: string;
  readonly datasets: readonly FireDataset[];
  start(env?: Record<string, string>): ServiceProcess;
}

export async function makeFirePlace(names: readonly Kind[] = kindNames): Promise<FirePlace> {
  const root = await makeTempDir();
  const declared = names.map((name) => {
    const { raw, makes } = kinds[name];
    return `  ${name}:
    raw: raw/${name}/${raw}
    ${common}
    ${makes}
    identical_files: count
    output: out/${name}.csv
`;
  });
  await writeFile(join(root, 'daymark.yaml'), `datasets:\n${declared.join('')}`);
  for (const name of names) await mkdir(join(root, 'raw', name), { recursive: true });
  const datasets = names.map((kind) => datasetAt(root, kind));
  return {
    root,
    datasets,
    start: (env) =>
      startServiceProcess({
        DAYMARK_DATASETS: join(root, 'daymark.yaml'),
        DAYMARK_DUCKDB_MEMORY: '1GiB',
        DAYMARK_RECONCILE_INTERVAL_MS: '0',
        ...env,
      }),
  };
}

function datasetAt(root: string, kind: Kind): FireDataset {
  const days = new Map<string, FireDay>();
  const own: FireDataset = {
    kind,
    days,
    day: (name) => {
      const found = days.get(name) ?? dayAt(join(root, 'raw', kind, name), own, name);
      days.set(name, found);
      return found;
    },
    output: () => textOf(join(root, 'out', `${kind}.csv`)),
  };
  return own;
}

function dayAt(folder: string, dataset: FireDataset, day: string): FireDay {
  const { kind } = dataset;
  const { file } = kinds[kind];
  const isText = /^(?:odd\.)?(?:csv|jsonl)$/.test(file);
  const parts: FireDay['parts'] = new Map();
  const states: FireDay['states'] = [];
  const pathOf = (name: string) => join(folder, `${name}.${file}`);
  /** Null for a file that nobody can read. */
  const become = (name: string, trips: readonly Trip[] | null) => {
    parts.set(name, trips);
    const all = [...parts.values()];
    states.push(
      all.includes(null)
        ? null
        : rowsOf(
            day,
            all.flatMap((part) => part ?? []),
          ),
    );
  };
  return {
    ...{ dataset, day, parts, states },
    land: async (name, trips) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, '_part'), bytesOf(kind, trips));
      await rename(join(folder, '_part'), pathOf(name));
      become(name, trips);
    },
    rewrite: async (name, trips) => {
      // An empty text file is a part without rows.
      become(name, isText ? [] : null);
      await writeFile(pathOf(name), bytesOf(kind, trips));
      become(name, trips);
    },
    cut: async (name, amidARow) => {
      const bytes = await readFile(pathOf(name));
      const half = bytes.indexOf('\n', bytes.length >> 1) + 1;
      await truncate(pathOf(name), isText ? half + (amidARow ? 2 : 0) : bytes.length >> 1);
      const kept = bytes.subarray(0, half).toString().split('\n').length - 1;
      const rows = file === 'jsonl' ? kept : kept - 1;
      become(name, isText && !amidARow ? (parts.get(name) ?? []).slice(0, rows) : null);
    },
    append: async (name, trips) => {
      const more = bytesOf(kind, trips);
      const header = file === 'jsonl' || !isText ? 0 : Buffer.from(more).indexOf('\n') + 1;
      await appendFile(pathOf(name), more.subarray(header));
      // Gzip data of two members is the text of both, with two headers.
      become(name, isText ? [...(parts.get(name) ?? []), ...trips] : null);
    },
  };
}

/** DuckDB's processes of a service. */
export function childrenOf(service: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((pid) => {
      const status = textAt(`/proc/${pid}/status`);
      return (
        status.includes(`\nPPid:\t${service}\n`) &&
        !/^State:\s+[ZX]/m.test(status) &&
        textAt(`/proc/${pid}/cmdline`).includes('duckdb/child')
      );
    })
    .map(Number);
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Whether the process got the signal. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** By day. */
export function blocksIn(output: string): Map<string, string> {
  const days = new Map<string, string>();
  for (const line of output.slice(outputHeader.length).split('\n').slice(0, -1)) {
    const day = line.slice(0, line.indexOf(','));
    days.set(day, `${days.get(day) ?? ''}${line}\n`);
  }
  return days;
}
