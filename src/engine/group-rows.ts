/**
 * The groups of a day of `columns`, as another program added them up: nothing of them is believed before it was
 * checked. Numbers come in their smallest unit, times without their Z, an average as its sum and its count.
 */
import type { Cell, Column, ColumnType } from '../model/column.js';
import { columnsShapeOf, measureRules } from '../model/column-functions.js';
import type { ColumnsDefinition, MeasureExpression } from '../model/columns-definition.js';
import { averageOf, least64, most64, numberOf } from '../model/exact.js';
import { readCell } from '../model/read-cell.js';
import { compareKeysOf, type Row } from '../model/row.js';

/** A sum beyond what its type holds, or beyond what the program adds up. */
export interface Overflow {
  readonly measure: string;
}

export type FoundRows =
  | { readonly kind: 'rows'; readonly rows: readonly Row[]; readonly records: number }
  | ({ readonly kind: 'overflow' } & Overflow);

const overflow = Symbol('overflow');

type ReadKey = (text: string) => Cell;
type ReadMeasure = (text: string) => Cell | typeof overflow;

export class GroupRows {
  readonly #rows: Row[] = [];
  #records = 0;
  #overflow: Overflow | null = null;
  readonly #keys: readonly ReadKey[];
  readonly #measures: readonly ReadMeasure[];
  readonly #compare: ReturnType<typeof compareKeysOf>;

  /** `malformed` makes the error for what no sound program says. */
  constructor(
    readonly definition: ColumnsDefinition,
    readonly malformed: () => Error,
  ) {
    const shape = columnsShapeOf(definition);
    this.#keys = shape.keys.map((each) => this.#cellReader(each));
    this.#compare = compareKeysOf(shape);
    this.#measures = definition.measures.map((each) => this.#measureReader(each));
  }

  /** One group: how many rows it has, its keys, its measures; an empty text is an empty cell. In the output's order. */
  take([lines = '', ...cells]: readonly string[]): void {
    const keys = this.#keys;
    const isWhole = cells.length === keys.length + this.#measures.length;
    if (!isWhole || !/^[1-9][0-9]{0,14}$/.test(lines)) throw this.malformed();
    const key = keys.map((read, at) => read(cells[at] as string));
    const values = this.#measures.map((read, at) => read(cells[keys.length + at] as string));
    const beyond = values.indexOf(overflow);
    if (beyond !== -1) this.#overflow ??= { measure: this.definition.measures[beyond]?.name ?? '' };
    const last = this.#rows.at(-1);
    if (last !== undefined && this.#compare(last.key, key) >= 0) throw this.malformed();
    this.#rows.push({ key, values: values as Cell[] });
    this.#records += Number(lines);
  }

  get found(): FoundRows {
    if (this.#overflow !== null) return { kind: 'overflow', ...this.#overflow };
    return { kind: 'rows', rows: this.#rows, records: this.#records };
  }

  #cellReader(column: Column): ReadKey {
    const spell = spellerOf(column.type);
    return (text) => {
      const cell = readCell(column, text === '' ? text : spell(text));
      if (cell === undefined) throw this.malformed();
      return cell;
    };
  }

  #measureReader({ name, measure, column, scale }: MeasureExpression): ReadMeasure {
    const raw = this.definition.columns.find((each) => each.name === column);
    const type = raw?.type ?? { kind: 'integer' };
    const rawScale = type.kind === 'decimal' ? type.scale : 0;
    if (measure === 'sum') return (text) => this.#sumIn(text, rawScale, type.kind === 'integer');
    if (measure === 'avg') return (text) => this.#averageIn(text, rawScale, scale ?? 0);
    const result = { name, nullable: true, type: measureRules[measure].typeOf(type, 0) };
    return this.#cellReader(result);
  }

  #sumIn(text: string, scale: number, is64: boolean): Cell | typeof overflow {
    if (text === '') return null;
    const units = this.#unitsIn(text);
    if (units === overflow) return overflow;
    return is64 && (units < least64 || units > most64) ? overflow : numberOf(units, scale);
  }

  #averageIn(text: string, from: number, to: number): Cell | typeof overflow {
    const [sum = '', count = ''] = text.split('/');
    if (!/^(?:0|[1-9][0-9]{0,14})$/.test(count) || (sum === '') !== (count === '0'))
      throw this.malformed();
    if (sum === '') return null;
    const units = this.#unitsIn(sum);
    return units === overflow ? overflow : numberOf(averageOf(units, Number(count), from, to), to);
  }

  #unitsIn(text: string): bigint | typeof overflow {
    if (text === '!') return overflow;
    if (!/^-?[0-9]{1,38}$/.test(text)) throw this.malformed();
    return BigInt(text);
  }
}

/** Of what a program says, the canonical text; anything else if it says nothing of the type. */
function spellerOf(type: ColumnType): (text: string) => string {
  if (type.kind === 'timestamp') return (text) => `${text}Z`;
  if (type.kind !== 'decimal') return (text) => text;
  return (text) => (/^-?[0-9]{1,40}$/.test(text) ? numberOf(BigInt(text), type.scale) : text);
}
