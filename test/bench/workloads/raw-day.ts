import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Counted } from '../../support/counted.js';
import { benchDay, type PoolRow, type RowPool } from './rows.js';

export interface RawDayFile {
  /** The raw root, which holds this one day. */
  readonly root: string;
  readonly path: string;
  readonly columns: readonly string[];
  readonly orders: number;
  readonly sizeBytes: number;
  /** What the day adds up to, known from making it: no contestant is asked. */
  readonly expected: readonly Counted[];
}

const chunkLength = 4_194_304;

/** A prime that does not divide the pool's size: each row is used once before any comes again. */
const stride = 7_919;

/** Writes `{root}/0/orders_0.csv` from rows of the pool, in an order of their own, with rising order ids. */
export async function writeRawDay(
  root: string,
  pool: RowPool,
  orders: number,
): Promise<RawDayFile> {
  const path = join(root, benchDay, `orders_${benchDay}.csv`);
  await mkdir(join(root, benchDay), { recursive: true });
  const uses = new Uint32Array(pool.rows.length);
  const file = await open(path, 'wx');
  try {
    for (const chunk of chunks(pool, orders, uses)) await file.writeFile(chunk, 'latin1');
    const { size } = await file.stat();
    const columns = pool.header.split(',');
    return { root, path, columns, orders, sizeBytes: size, expected: sumsOf(pool, uses) };
  } finally {
    await file.close();
  }
}

/** Orders that make a file of about `sizeBytes`. */
export function ordersFor(pool: RowPool, sizeBytes: number): number {
  const idLength = 8;
  const poolBytes = pool.rows.reduce((sum, { text }) => sum + text.length + idLength, 0);
  return Math.ceil((sizeBytes / poolBytes) * pool.rows.length);
}

function* chunks(pool: RowPool, orders: number, uses: Uint32Array): Generator<string> {
  let text = `${pool.header}\n`;
  for (let order = 1; order <= orders; order += 1) {
    const index = (order * stride) % pool.rows.length;
    uses[index] = (uses[index] ?? 0) + 1;
    text += order + (pool.rows[index] as PoolRow).text;
    if (text.length >= chunkLength) {
      yield text;
      text = '';
    }
  }
  yield text;
}

function sumsOf({ categories, rows }: RowPool, uses: Uint32Array): Counted[] {
  const sums = Array.from({ length: 24 }, () => new Float64Array(categories.length));
  for (const [index, { hour, counts }] of rows.entries()) {
    const used = uses[index] as number;
    const hourSums = sums[hour] as Float64Array;
    for (const [column, count] of counts.entries()) {
      hourSums[column] = (hourSums[column] as number) + used * count;
    }
  }
  return sums.flatMap((hourSums, hour) =>
    [...hourSums].flatMap((items, column) =>
      items > 0 ? [{ hour, category: categories[column] as string, items }] : [],
    ),
  );
}
