/** The totals of rows, for each measure that can be added up. */
import type { OutputShape } from './column.js';
import type { Row } from './row.js';
import { formatTotal, Sum, type Total } from './total.js';

export type Totals = Readonly<Record<string, Total>>;

/** Adds up rows, one by one. */
export class TotalsMeter {
  readonly #sums: readonly { readonly name: string; readonly at: number; readonly sum: Sum }[];

  constructor({ measures }: Pick<OutputShape, 'measures'>) {
    this.#sums = measures.flatMap(({ name, additive }, at) =>
      additive ? [{ name, at, sum: new Sum() }] : [],
    );
  }

  add({ values }: Pick<Row, 'values'>): void {
    for (const { at, sum } of this.#sums) sum.add(values[at] ?? 0);
  }

  /** Adds what another meter of the same measures has come to. */
  join(totals: Totals): void {
    for (const { name, sum } of this.#sums) sum.add(totals[name] ?? 0);
  }

  get totals(): Totals {
    return Object.fromEntries(this.#sums.map(({ name, sum }) => [name, sum.total]));
  }
}

/** Of no rows. */
export function noTotals(shape: Pick<OutputShape, 'measures'>): Totals {
  return new TotalsMeter(shape).totals;
}

/** Name by name. */
export function sumTotals(all: Iterable<Totals>): Totals {
  const sums = new Map<string, Sum>();
  for (const totals of all) {
    for (const [name, total] of Object.entries(totals)) {
      const sum = sums.get(name) ?? new Sum();
      sum.add(total);
      sums.set(name, sum);
    }
  }
  return Object.fromEntries([...sums].map(([name, sum]) => [name, sum.total]));
}

/** `items_count 1,204`, or for several measures `trips 3, fare 12.5`. */
export function formatTotals(totals: Totals): string {
  const each = Object.entries(totals).map(([name, total]) => `${name} ${formatTotal(total)}`);
  return each.join(', ');
}

/** For use below a title with the measure's name: a single measure gives only the number. */
export function formatFigures(totals: Totals): string {
  const [only, ...others] = Object.values(totals);
  return only !== undefined && others.length === 0 ? formatTotal(only) : formatTotals(totals);
}

/** The measure that tables and charts show; null if none can be added up. */
export function measureOf(all: readonly (Totals | undefined | null)[]): string | null {
  for (const totals of all) for (const name in totals) return name;
  return null;
}
