/** Rows of the job that is done where nothing else is defined, as tests like to write them. */
import { defaultIgnoredColumns } from '../../src/config/ignored-columns.js';
import { seedDefinition, shapeOf } from '../../src/model/definition.js';
import { compareKeysOf, type OutputRow, type Row } from '../../src/model/row.js';

export const seed = seedDefinition('index', defaultIgnoredColumns);
export const shape = shapeOf(seed);

export interface Counted {
  readonly hour: number;
  readonly category: string;
  readonly items: number;
}

export function rowOf({ hour, category, items }: Counted): Row {
  return { key: [String(hour), category], values: [String(items)] };
}

export function countedOf({ key: [hour, category], values: [items] }: Row): Counted {
  return { hour: Number(hour), category: String(category), items: Number(items) };
}

/** The same with its day. */
export function countedOn({ day, ...row }: OutputRow) {
  return { day, ...countedOf(row) };
}

const compareKeys = compareKeysOf(shape);

export function compareCounted(a: Counted, b: Counted): number {
  return compareKeys(rowOf(a).key, rowOf(b).key);
}
