/** Reads a `columns` definition: either the definition, or everything that is wrong with it. */
import {
  csvMistakes,
  type DefinitionMistake,
  dayColumnMistakes,
  listMistakes,
  nameMistakes,
  type OutputName,
} from './check-columns.js';
import type { Column } from './column.js';
import { parseColumnType } from './column-type.js';
import {
  type ColumnsDefinition,
  type ColumnsSource,
  type KeyExpression,
  type MeasureExpression,
  type RawColumns,
  type RawColumnsSource,
  usualCsv,
} from './columns-definition.js';
import { usualDayNames } from './day.js';
import { Misread } from './misread.js';
import { type KnownColumns, parseKey, parseMeasure } from './parse-columns.js';

export type ReadDefinition =
  | { readonly kind: 'definition'; readonly definition: ColumnsDefinition }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly DefinitionMistake[] };

export function readColumnsDefinition(source: ColumnsSource): ReadDefinition {
  const mistakes: DefinitionMistake[] = [];
  const attempt = <T>(path: DefinitionMistake['path'], read: () => T): T | null =>
    attemptTo(read, path, mistakes);
  const known = readColumnTypes(source, mistakes);
  const by = source.by.map((text, index) => attempt(['by', index], () => parseKey(text, known)));
  const measures = source.measures.map(([name, text]) =>
    attempt(['measures', name], () => parseMeasure(name, text, known)),
  );
  const definition = definitionOf(
    source,
    present([...known.values()]),
    present(by),
    present(measures),
  );
  mistakes.push(
    ...listMistakes(source),
    ...nameMistakes(definition.dayName, outputNames(source, by)),
  );
  mistakes.push(...dayColumnMistakes(definition, known), ...csvMistakes(definition.csv));
  return mistakes.length > 0 ? { kind: 'mistakes', mistakes } : { kind: 'definition', definition };
}

function definitionOf(
  source: ColumnsSource,
  columns: readonly Column[],
  by: readonly KeyExpression[],
  measures: readonly MeasureExpression[],
): ColumnsDefinition {
  return { kind: 'columns', ...rawColumnsOf(source, columns), by, measures };
}

/** By name; null for a column whose type is misread. */
export function readColumnTypes(
  { columns }: Pick<RawColumnsSource, 'columns'>,
  mistakes: DefinitionMistake[],
): KnownColumns {
  const known = new Map<string, Column | null>();
  for (const [name, type] of columns) {
    known.set(
      name,
      attemptTo(() => columnOf(name, type, known), ['columns', name], mistakes),
    );
  }
  return known;
}

export function rawColumnsOf(
  { dayKind, dayName, dayColumn, csv }: Omit<RawColumnsSource, 'columns'>,
  columns: readonly Column[],
): Omit<RawColumns, 'kind'> & Pick<ColumnsDefinition, 'dayName'> {
  return {
    dayKind,
    dayName: dayName ?? usualDayNames[dayKind],
    columns,
    dayColumn: dayColumn ?? null,
    csv: { ...usualCsv, ...csv },
  };
}

function attemptTo<T>(
  read: () => T,
  path: DefinitionMistake['path'],
  mistakes: DefinitionMistake[],
): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Misread)) throw error;
    mistakes.push({ path, at: error.at, message: error.message });
    return null;
  }
}

function columnOf(name: string, type: string, known: KnownColumns): Column {
  if (name.trim() === '') throw new Misread(0, 'a column must have a name');
  if (known.has(name)) throw new Misread(0, `the column ${JSON.stringify(name)} is declared twice`);
  return { name, ...parseColumnType(type) };
}

export function present<T>(all: readonly (T | null)[]): T[] {
  return all.filter((each) => each !== null);
}

function outputNames(
  { measures }: ColumnsSource,
  by: readonly (KeyExpression | null)[],
): OutputName[] {
  const keys = by.flatMap((key, index) =>
    key === null ? [] : [{ name: key.name, what: 'a key', path: ['by', index] }],
  );
  return [
    ...keys,
    ...measures.map(([name]) => ({ name, what: 'a measure', path: ['measures', name] })),
  ];
}
