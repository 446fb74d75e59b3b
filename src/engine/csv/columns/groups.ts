import type { Cell, Column } from '../../../model/column.js';
import { columnsShapeOf } from '../../../model/column-functions.js';
import type { ColumnsDefinition } from '../../../model/columns-definition.js';
import { compareKeysOf, type Row } from '../../../model/row.js';
import type { DaySums } from '../../day-result.js';
import { type ProblemLog, problemIn, shorten } from '../../problems.js';
import {
  type Accumulator,
  accumulatorOf,
  type CellPlace,
  type CreateAccumulator,
} from './accumulators.js';
import { createKeys, type KeyOf } from './keys.js';
import { heldText, Memory } from './memory.js';

interface Group {
  readonly key: readonly Cell[];
  readonly sums: readonly Accumulator[];
}

/** As measured: an entry of a map, a group with its arrays, and an object for each measure. */
const groupBytes = 240;
const measureBytes = 100;

/** The rows of a day by their keys, over all its files. Memory grows with the groups, not with the rows. */
export class Groups implements DaySums {
  /** Rows read. */
  records = 0;
  readonly #groups = new Map<string, Group>();
  readonly #keys: readonly KeyOf[];
  readonly #create: readonly CreateAccumulator[];
  /** Of each measure, its place among the columns; −1 for what counts rows. */
  readonly #from: readonly number[];
  readonly #memory: Memory;

  constructor(
    readonly definition: ColumnsDefinition,
    memory = new Memory(),
  ) {
    const { columns, by, measures } = definition;
    const placeOf = (name: string | null) => columns.findIndex((column) => column.name === name);
    this.#keys = createKeys(by, columns);
    this.#from = measures.map(({ column }) => placeOf(column));
    this.#create = measures.map((each) =>
      accumulatorOf(each, columns[placeOf(each.column)]?.type ?? null),
    );
    this.#memory = memory;
  }

  /** `cells` are of the declared columns, in their order. Throws if there are too many groups to hold. */
  add(cells: readonly Cell[], place: CellPlace): void {
    const { sums } = this.#groupOf(cells);
    for (let at = 0; at < sums.length; at += 1) {
      const from = this.#from[at] as number;
      (sums[at] as Accumulator).add(from === -1 ? 'a row' : (cells[from] as Cell), place);
    }
    if (this.#memory.isFull) throw new Error(this.#tooMany(place));
  }

  #groupOf(cells: readonly Cell[]): Group {
    const key = this.#keys.map((keyOf) => keyOf(cells));
    // No text is empty, and none holds NUL.
    const id = key.length === 1 ? (key[0] ?? '') : key.join('\0');
    const known = this.#groups.get(id);
    if (known !== undefined) return known;
    const group = { key, sums: this.#create.map((create) => create(this.#memory)) };
    this.#groups.set(id, group);
    this.#memory.hold(groupBytes + measureBytes * group.sums.length + 2 * heldText(id));
    return group;
  }

  #tooMany({ file, line }: CellPlace): string {
    const megabytes = Math.round(this.#memory.mostBytes / 1_048_576);
    const { size } = this.#groups;
    const groups = `${size.toLocaleString('en')} ${size === 1 ? 'group' : 'groups'}`;
    return `by line ${line} of ${file} the day has ${groups}, which with the measures take more than ${megabytes} MiB; group by fewer columns, or by columns with fewer values, or count fewer distinct ones`;
  }

  /** For sums whose final value exceeds their type; a sum that exceeded it only along the way is fine. */
  complain(log: ProblemLog): void {
    const wrong = [...this.#groups.values()].flatMap((group) =>
      group.sums.flatMap((sum, at) => (sum.overflow ? [{ group, at, place: sum.overflow }] : [])),
    );
    wrong.sort((a, b) => a.place.row - b.place.row || a.at - b.at);
    for (const { group, at, place } of wrong) {
      const column = this.definition.measures[at]?.column ?? '';
      log.add(problemIn(place.file, this.#beyond(group, at), { ...place, column }));
    }
  }

  #beyond({ key, sums }: Group, at: number): string {
    const { name, column } = this.definition.measures[at] ?? {};
    const { type } = this.definition.columns.find((each) => each.name === column) as Column;
    const rows = key.map((cell, index) => {
      const value = cell === null ? 'empty' : JSON.stringify(shorten(cell));
      return `${this.definition.by[index]?.name} ${value}`;
    });
    const of = rows.length === 0 ? '' : ` of ${rows.join(', ')}`;
    const holds =
      type.kind === 'decimal'
        ? 'a decimal has 38 digits at most'
        : 'an integer has 64 bits; a column of type decimal(19,0) gives sums of up to 38 digits';
    return `from this row on ${name}${of} is too large, and ends as ${sums[at]?.value}; ${holds}`;
  }

  /** Sorted by keys. */
  async rows(): Promise<Row[]> {
    const compare = compareKeysOf(columnsShapeOf(this.definition));
    return [...this.#groups.values()]
      .sort((a, b) => compare(a.key, b.key))
      .map(({ key, sums }) => ({ key, values: sums.map(({ value }) => value) }));
  }
}
