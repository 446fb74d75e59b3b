import { generateDay } from '../../../src/sample/generate-day.js';
import { createRandom } from '../../../src/sample/random.js';

/**
 * `sparse` is shaped like real orders: 134 categories, 94 of 100 cells are 0. In `dense` days every cell is
 * a random number up to 999.
 */
export type Shape = 'sparse' | 'dense';

/** Rows to make days of: everything but the order id, which is counted on. */
export interface RowPool {
  readonly header: string;
  readonly categories: readonly string[];
  readonly rows: readonly PoolRow[];
}

export interface PoolRow {
  readonly hour: number;
  readonly counts: readonly number[];
  /** From the comma after the order id to the line feed. */
  readonly text: string;
}

const poolSize = 20_000;
const leadingColumns = 4;

/** The day of every row. */
export const benchDay = '0';

export function createRowPool(shape: Shape): RowPool {
  const text = [...generateDay({ day: benchDay, seed: 1, orders: poolSize })].join('');
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const random = createRandom('dense cells');
  return {
    header,
    categories: header.split(',').slice(leadingColumns),
    rows: lines.map((line) => {
      const [, day, hour, gap, ...cells] = line.split(',');
      const counts = cells.map((cell) => (shape === 'sparse' ? Number(cell) : random.below(1_000)));
      const row = [day, hour, gap, ...counts].join(',');
      return { hour: Number(hour), counts, text: `,${row}\n` };
    }),
  };
}
