/** Sums of rows in memory, by the value of one of their keys. */
import type { Cell, CompareCells, OutputShape } from '../model/column.js';
import type { Day } from '../model/day.js';
import type { Row } from '../model/row.js';
import { compareTotals, type Total } from '../model/total.js';
import { TotalsMeter } from '../model/totals.js';
import type { GroupSum } from './control-plane.js';

interface Group {
  /** Null: all days together. */
  readonly day: Day | null;
  readonly value: Cell;
  rows: number;
  readonly meter: TotalsMeter;
}

export class Groups {
  readonly #shape: OutputShape;
  readonly #groups = new Map<string, Group>();

  constructor(shape: OutputShape) {
    this.#shape = shape;
  }

  get size(): number {
    return this.#groups.size;
  }

  add(day: Day | null, value: Cell, row: Row): void {
    const group = this.#groupOf(day, value);
    group.rows += 1;
    group.meter.add(row);
  }

  join(others: Groups): void {
    for (const { day, value, rows, meter } of others.#groups.values()) {
      const group = this.#groupOf(day, value);
      group.rows += rows;
      group.meter.join(meter.totals);
    }
  }

  /** The largest first, by a measure or (null) by rows; ties in the order of their values. */
  sorted(measure: string | null, compare: CompareCells): readonly GroupSum[] {
    return [...this.#groups.values()]
      .map(({ day, value, rows, meter }) => ({ day, value, rows, totals: meter.totals }))
      .map((sum) => ({ sum, by: measure === null ? sum.rows : (sum.totals[measure] ?? 0) }))
      .sort((a, b) => compareSizes(b.by, a.by) || compare(a.sum.value, b.sum.value))
      .map(({ sum }) => sum);
  }

  #groupOf(day: Day | null, value: Cell): Group {
    // No text of a cell is empty, and no day holds a NUL.
    const name = `${day ?? ''}\0${value ?? ''}`;
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = { day, value, rows: 0, meter: new TotalsMeter(this.#shape) };
    this.#groups.set(name, group);
    return group;
  }
}

/** Numbers are almost always enough, and are compared a hundred times faster. */
function compareSizes(a: Total, b: Total): number {
  return Number(a) - Number(b) || compareTotals(a, b);
}
