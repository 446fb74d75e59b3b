/** The accumulator of one measure in one group. All are exact and independent of the order of rows. */

import {
  type Cell,
  type ColumnType,
  type CompareCells,
  compareCellsOf,
} from '../../../model/column.js';
import { measureRules } from '../../../model/column-functions.js';
import type { MeasureExpression } from '../../../model/columns-definition.js';
import { averageOf, digitsOf, least64, most64, mostUnits, numberOf } from '../../../model/exact.js';
import { heldText, type Memory } from './memory.js';

/** Where a cell stands. */
export interface CellPlace {
  readonly file: string;
  readonly line: number;
  /** How many rows of the day there were up to this one. */
  readonly row: number;
}

export interface Overflow extends CellPlace {
  readonly value: string;
}

export interface Accumulator {
  add(cell: Cell, place: CellPlace): void;
  readonly value: Cell;
  /** The cell at which the result exceeded its type; null while it is within. */
  readonly overflow?: Overflow | null;
}

export type CreateAccumulator = (memory: Memory) => Accumulator;

/** `type` is that of the raw column, null for `count()`. */
export function accumulatorOf(
  { measure, scale }: MeasureExpression,
  type: ColumnType | null,
): CreateAccumulator {
  const rawScale = type?.kind === 'decimal' ? type.scale : 0;
  switch (measure) {
    case 'count':
      return () => new Count();
    case 'sum':
      return () => new Sum(rawScale, type?.kind === 'decimal' ? decimalRange : integerRange);
    case 'avg':
      return () => new Average(rawScale, scale ?? 0);
    case 'distinct':
      return (memory) => new Distinct(memory);
    case 'min':
    case 'max': {
      const compare = compareCellsOf(measureRules[measure].typeOf(type ?? { kind: 'integer' }, 0));
      return (memory) => new Extreme(measure === 'min' ? compare : (a, b) => compare(b, a), memory);
    }
  }
}

class Count implements Accumulator {
  #count = 0;

  add(cell: Cell): void {
    if (cell !== null) this.#count += 1;
  }

  get value(): Cell {
    return String(this.#count);
  }
}

interface Range {
  readonly least: bigint;
  readonly most: bigint;
}

const integerRange: Range = { least: least64, most: most64 };
const decimalRange: Range = { least: -mostUnits, most: mostUnits };

function isWithin(units: bigint, range: Range | null): boolean {
  return range === null || (units >= range.least && units <= range.most);
}

/** Up to this many digits, with a sign, are exact as a number. */
const exactDigits = 15;

/** A number while that is exact; after that, always a bigint. */
class Sum implements Accumulator {
  overflow: Overflow | null = null;
  #small: number | null = null;
  #large: bigint | null = null;

  constructor(
    readonly scale: number,
    /** Null for any number. */
    readonly range: Range | null,
  ) {}

  add(cell: Cell, place: CellPlace): void {
    if (cell === null) return;
    const digits = digitsOf(cell, this.scale);
    if (this.#large === null && digits.length <= exactDigits) {
      const sum = (this.#small ?? 0) + Number(digits);
      if (Number.isSafeInteger(sum)) {
        this.#small = sum;
        return;
      }
    }
    this.#addLarge(BigInt(digits), cell, place);
  }

  #addLarge(units: bigint, value: string, { file, line, row }: CellPlace): void {
    this.#large = (this.#large ?? BigInt(this.#small ?? 0)) + units;
    if (isWithin(this.#large, this.range)) this.overflow = null;
    else this.overflow ??= { file, line, row, value };
  }

  /** Null if nothing was added. */
  get units(): bigint | null {
    return this.#large ?? (this.#small === null ? null : BigInt(this.#small));
  }

  get value(): Cell {
    const { units } = this;
    return units === null ? null : numberOf(units, this.scale);
  }
}

class Average implements Accumulator {
  readonly #sum: Sum;
  #count = 0;

  constructor(
    readonly from: number,
    readonly to: number,
  ) {
    this.#sum = new Sum(from, null);
  }

  add(cell: Cell, place: CellPlace): void {
    if (cell === null) return;
    this.#count += 1;
    this.#sum.add(cell, place);
  }

  get value(): Cell {
    const { units } = this.#sum;
    return units === null
      ? null
      : numberOf(averageOf(units, this.#count, this.from, this.to), this.to);
  }
}

class Extreme implements Accumulator {
  value: Cell = null;

  constructor(
    readonly compare: CompareCells,
    readonly memory: Memory,
  ) {}

  add(cell: Cell): void {
    if (cell === null || (this.value !== null && this.compare(cell, this.value) >= 0)) return;
    this.memory.hold(heldText(cell) - (this.value === null ? 0 : heldText(this.value)));
    this.value = cell;
  }
}

const memberBytes = 40;

class Distinct implements Accumulator {
  readonly #cells = new Set<string>();

  constructor(readonly memory: Memory) {}

  add(cell: Cell): void {
    if (cell === null || this.#cells.has(cell)) return;
    this.#cells.add(cell);
    this.memory.hold(memberBytes + heldText(cell));
  }

  get value(): Cell {
    return String(this.#cells.size);
  }
}
