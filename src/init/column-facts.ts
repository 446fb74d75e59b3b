/** What was seen of one column: judged by the readers of cells that a run has. */
import { isDay } from '../engine/csv/cells.js';
import { cellReaderOf } from '../model/cell-of.js';
import type { ColumnType } from '../model/column.js';
import type { Day, LayoutName } from '../model/day.js';
import { mostDigits } from '../model/exact.js';

type TypedKind = Exclude<ColumnType['kind'], 'text'>;

/** The first that takes all cells is the type. */
const typedKinds: readonly TypedKind[] = ['integer', 'decimal', 'boolean', 'date', 'timestamp'];

/** Texts by which programs write that there is nothing. */
const nullTexts: ReadonlySet<string> = new Set([
  ...['NA', 'N/A', 'n/a', 'na', '#N/A', '<NA>', 'NULL', 'Null', 'null', '(null)', '\\N', '\\\\N'],
  ...['None', 'none', 'nil', 'NaN', 'nan', 'NAN', 'NaT', '-', '--', '?', '.', '#NULL!', 'missing'],
]);

const decimal = /^-?0*([0-9]+)(?:\.([0-9]+))?$/;

/** More different cells tell no more. */
const mostDistinct = 10_000;

export interface TypedColumn {
  readonly type: ColumnType;
  readonly nullable: boolean;
}

export class ColumnFacts {
  /** Files that have it. */
  files = 0;
  cells = 0;
  empty = 0;
  /** Cells that hold the day of their file. */
  days = 0;
  /** How often texts stand there that may stand for nothing. */
  readonly nulls = new Map<string, number>();
  /** All others, up to a number. */
  readonly distinct = new Set<string>();
  least = Number.POSITIVE_INFINITY;
  most = Number.NEGATIVE_INFINITY;
  /** Whether each whole number is larger than the one before. */
  ascends = true;
  hasLeadingZeros = false;
  /** Different cells that are numbers, and some that are none. */
  numbers = 0;
  readonly odd: string[] = [];
  #last = Number.NEGATIVE_INFINITY;
  #digits = 0;
  #scale = 0;
  readonly #fits = new Set<TypedKind>(typedKinds);

  constructor(readonly name: string) {}

  add(text: string, day: Day, dayKind: LayoutName): void {
    this.cells += 1;
    if (text === '') this.empty += 1;
    else if (nullTexts.has(text)) this.nulls.set(text, (this.nulls.get(text) ?? 0) + 1);
    else this.#addValue(text, day, dayKind);
  }

  #addValue(text: string, day: Day, dayKind: LayoutName): void {
    if (isDay(text, day, dayKind)) this.days += 1;
    if (this.ascends) this.#climb(Number(text));
    if (this.distinct.has(text)) return;
    if (this.distinct.size < mostDistinct) this.distinct.add(text);
    for (const kind of this.#fits) if (!fits(kind, text)) this.#fits.delete(kind);
    this.#measure(text);
  }

  #climb(value: number): void {
    this.ascends = value > this.#last;
    this.#last = value;
  }

  #measure(text: string): void {
    const [, whole, fraction = ''] = decimal.exec(text) ?? [];
    if (whole === undefined) {
      if (this.odd.length < 3) this.odd.push(text);
      return;
    }
    this.numbers += 1;
    this.#digits = Math.max(this.#digits, whole.length);
    this.#scale = Math.max(this.#scale, fraction === '0' ? 0 : fraction.length);
    this.hasLeadingZeros ||= /^-?0[0-9]/.test(text);
    const value = Number(text);
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
  }

  /** Cells that are something. */
  get values(): number {
    const nulls = [...this.nulls.values()].reduce((sum, count) => sum + count, 0);
    return this.cells - this.empty - nulls;
  }

  get isMany(): boolean {
    return this.distinct.size === mostDistinct;
  }

  /** Null where its cells are of no type but text, or where there are none. */
  get typed(): ColumnType | null {
    if (this.distinct.size === 0 || this.hasLeadingZeros) return null;
    const [kind] = this.#fits;
    return kind === undefined ? null : this.#typeOf(kind);
  }

  /** Whether the text would be of its type. */
  takes(text: string): boolean {
    const [kind] = this.#fits;
    return kind !== undefined && fits(kind, text);
  }

  #typeOf(kind: TypedKind): ColumnType | null {
    if (kind !== 'decimal') return { kind };
    const needed = this.#digits + this.#scale;
    if (needed > mostDigits) return null;
    // Room before the point costs nothing; digits behind it are in the output.
    const precision = [18, 28].find((each) => each >= needed + 3) ?? mostDigits;
    return { kind, precision, scale: this.#scale };
  }

  /** Where `nulls` stand for nothing. */
  columnWith(nulls: ReadonlySet<string>): TypedColumn {
    const hasOther = [...this.nulls.keys()].some((text) => !nulls.has(text));
    const hasNull = [...this.nulls.keys()].some((text) => nulls.has(text));
    const type = hasOther ? null : this.typed;
    const isNothing = this.distinct.size === 0 && !hasOther;
    const nullable = this.empty > 0 || hasNull || isNothing;
    return { type: type ?? { kind: 'text' }, nullable };
  }
}

function fits(kind: TypedKind, text: string): boolean {
  if (kind === 'decimal') return decimal.test(text);
  // `3.0` is how a whole number went through a float; `3.00` is an amount that happens to be whole.
  if (kind === 'integer' && /\.00+$/.test(text)) return false;
  return cellReaderOf({ kind })(text) !== null;
}
