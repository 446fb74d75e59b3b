/** One dataset of a file while it is read, and what its parts have in common. */

import { type LayoutName, layoutNames } from '../model/day.js';
import type { SqlDeclaration } from '../model/sql-definition.js';
import type { DatasetSource } from './dataset-shape.js';
import type { YamlEntry, YamlPath } from './yaml-text.js';

export interface Reading {
  readonly name: string;
  readonly source: Partial<DatasetSource>;
  /** Absolute. */
  readonly file: string;
  /** Whether there is a value, valid or not. */
  has(key: string): boolean;
  /** Paths are within the dataset. */
  entries(path: YamlPath): readonly YamlEntry[];
  isFlow(path: YamlPath): boolean;
  tell(path: YamlPath, message: string, at?: number | null): void;
  /** Called with a `sql` that is well-formed as far as the file tells, whatever else is wrong. */
  onSql(declaration: SqlDeclaration): void;
}

export const writtenIn = (source: Partial<DatasetSource>) =>
  source as Readonly<Record<string, unknown>>;

/** If the kind of day is unknown, reports only what is wrong for every kind. */
export function forEachKind<T>({ source: { day } }: Reading, read: (kind: LayoutName) => T): T[] {
  return (day === undefined ? layoutNames : [day]).map(read);
}

export function fewest<T extends { readonly mistakes: readonly unknown[] }>(
  all: readonly T[],
): T | null {
  return all.toSorted((a, b) => a.mistakes.length - b.mistakes.length)[0] ?? null;
}
