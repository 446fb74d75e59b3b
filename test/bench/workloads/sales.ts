/**
 * Days of sales: a row for each sale, of typed columns, to be added up by store and product. What a day comes to is known
 * from making it.
 */
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createRandom } from '../../../src/sample/random.js';
import type { Found } from './check-rows.js';

export const salesFormats = ['csv', 'parquet'] as const;
export type SalesFormat = (typeof salesFormats)[number];

/** As `daymark.yaml` has them. */
export const salesColumns = {
  order_id: 'integer',
  sold_at: 'timestamp',
  store: 'text',
  product: 'text',
  pieces: 'integer',
  price: 'decimal(8,2)',
} as const;

export interface SalesPlan {
  /** A date. */
  readonly day: string;
  /** At least one for each group. */
  readonly rows: number;
  readonly stores: number;
  readonly products: number;
}

export interface SalesDay extends SalesPlan {
  readonly path: string;
  readonly format: SalesFormat;
  readonly sizeBytes: number;
  /** What it comes to. */
  readonly groups: readonly Sales[];
}

/** Of one group. */
export interface Sales {
  readonly day: string;
  readonly store: string;
  readonly product: string;
  readonly orders: number;
  readonly pieces: number;
  /** With two decimals. */
  readonly paid: string;
}

/** As in an output, with its header. */
export function outputOf(groups: readonly Sales[]): string {
  const lines = groups.map(({ day, store, product, orders, pieces, paid }) =>
    [day, store, product, orders, pieces, paid].join(),
  );
  return `${['date,store,product,orders,pieces,paid', ...lines].join('\n')}\n`;
}

/** Rows of an output; headers are passed over. */
export function parseSales(text: string): Found[] {
  const lines = text.trimEnd().split('\n');
  return lines.filter((line) => !line.startsWith('date,')).map(foundIn);
}

function foundIn(line: string): Found {
  const [day, store, product, orders, pieces, paid] = line.split(',');
  const value = `${orders} orders, ${pieces} pieces, ${Number(paid).toFixed(2)} paid`;
  return [`${day}, ${store}, ${product}`, value];
}

const chunkLength = 4_194_304;
const secondsOfDay = 86_400;
const mostPieces = 9;
/** In cents, from 0.50 on. */
const [leastPrice, prices] = [50, 9_950];

export interface SalesWriter {
  /** Writes `{root}/{day}/sales.csv` or `.parquet`; its rows are in the order of their times. */
  write(root: string, plan: SalesPlan): Promise<SalesDay>;
  close(): void;
}

/** Parquet is written by DuckDB, with its own settings. */
export async function openSalesWriter(format: SalesFormat): Promise<SalesWriter> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const write = async (root: string, plan: SalesPlan): Promise<SalesDay> => {
    const folder = join(root, plan.day);
    await mkdir(folder, { recursive: true });
    const csv = join(folder, 'sales.csv');
    const groups = await writeCsv(csv, plan);
    const path = join(folder, `sales.${format}`);
    if (format === 'parquet') {
      await connection.run(`COPY (FROM ${typedCsv(csv)}) TO '${path}' (FORMAT parquet)`);
      await rm(csv);
    }
    return { ...plan, path, format, sizeBytes: (await stat(path)).size, groups };
  };
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { write, close };
}

/** Told everything, so that DuckDB need not look. */
export function typedCsv(path: string): string {
  const types = Object.entries(salesColumns).map(
    ([name, type]) => `${name}: '${type === 'integer' ? 'BIGINT' : type}'`,
  );
  return `read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"',
    escape = '"', new_line = '\\n', columns = {${types.join()}})`;
}

async function writeCsv(path: string, plan: SalesPlan): Promise<Sales[]> {
  const groups = groupsOf(plan);
  const sums = groups.map(() => ({ orders: 0, pieces: 0, cents: 0 }));
  const file = await open(path, 'wx');
  try {
    for (const chunk of chunks(plan, groups, sums)) await file.writeFile(chunk, 'latin1');
  } finally {
    await file.close();
  }
  return sums.map(({ orders, pieces, cents }, group) => {
    const paid = (cents / 100).toFixed(2);
    return { day: plan.day, ...nameOf(group, plan), orders, pieces, paid };
  });
}

/** Of each second. */
const times = Array.from({ length: secondsOfDay }, (_, second) =>
  new Date(second * 1000).toISOString().slice(11, 19),
);

/** Pieces and price. */
const ends = Array.from(
  { length: mostPieces * prices },
  (_, end) => `${piecesOf(end)},${(centsOf(end) / 100).toFixed(2)}\n`,
);

function groupsOf(plan: SalesPlan): string[] {
  return Array.from({ length: plan.stores * plan.products }, (_, group) => {
    const { store, product } = nameOf(group, plan);
    return `,${store},${product},`;
  });
}

function nameOf(group: number, { products }: SalesPlan): Pick<Sales, 'store' | 'product'> {
  const store = `store-${String(Math.floor(group / products)).padStart(2, '0')}`;
  return { store, product: `P${String(group % products).padStart(4, '0')}` };
}

function piecesOf(end: number): number {
  return 1 + (end % mostPieces);
}

function centsOf(end: number): number {
  return leastPrice + Math.floor(end / mostPieces);
}

interface Sum {
  orders: number;
  pieces: number;
  cents: number;
}

/** Each group has a row at first; those of the others are drawn. */
function* chunks(
  { day, rows }: SalesPlan,
  groups: readonly string[],
  sums: readonly Sum[],
): Generator<string> {
  const random = createRandom(`sales of ${day}`);
  let text = `${Object.keys(salesColumns).join()}\n`;
  for (let row = 0; row < rows; row += 1) {
    const group = row < groups.length ? row : random.below(groups.length);
    const end = random.below(ends.length);
    const sum = sums[group] as Sum;
    sum.orders += 1;
    sum.pieces += piecesOf(end);
    sum.cents += centsOf(end);
    const time = times[Math.floor((row * secondsOfDay) / rows)];
    text += `${row + 1},${day}T${time}${groups[group]}${ends[end]}`;
    if (text.length < chunkLength) continue;
    yield text;
    text = '';
  }
  yield text;
}
