/** The definition `columns`: columns with types, the keys to group a day's rows by, and the measures of each group. */
import { createHash } from 'node:crypto';
import type { Column } from './column.js';
import type { LayoutName } from './day.js';
import type { FileForm } from './file-form.js';

/** The part of a date or time that is the key. */
export const keyParts = ['hour', 'weekday', 'date'] as const;

export type KeyPart = (typeof keyParts)[number];

export interface KeyExpression {
  /** Of its column in the output. */
  readonly name: string;
  readonly column: string;
  /** Null if the column itself is the key. */
  readonly part: KeyPart | null;
}

export const measureNames = ['count', 'sum', 'min', 'max', 'avg', 'distinct'] as const;

export type MeasureName = (typeof measureNames)[number];

export interface MeasureExpression {
  /** Of its column in the output. */
  readonly name: string;
  readonly measure: MeasureName;
  /** Null for `count()`, which counts rows. */
  readonly column: string | null;
  /** The scale of an `avg`; null for other functions. */
  readonly scale: number | null;
}

/** How raw text files are written. */
export interface CsvForm {
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character; null if nothing is quoted. */
  readonly quote: string | null;
  /** Texts that count as an empty cell. */
  readonly nulls: readonly string[];
}

/** Between the cells of `.tsv` files. */
export const tab = '\t';

export const usualCsv: CsvForm = { delimiter: ',', quote: '"', nulls: [''] };

/** What raw files of typed columns hold. Plain values only, because it is sent to threads. */
export interface RawColumns {
  readonly kind: 'columns' | 'sql';
  readonly dayKind: LayoutName;
  /** The columns that each raw file must have, in the declared order. */
  readonly columns: readonly Column[];
  /** A raw column, declared or not, that holds the folder's day in every row of the files that have it. */
  readonly dayColumn: string | null;
  readonly csv: CsvForm;
}

export interface ColumnsDefinition extends RawColumns {
  readonly kind: 'columns';
  /** Of the output's first column. */
  readonly dayName: string;
  readonly by: readonly KeyExpression[];
  readonly measures: readonly MeasureExpression[];
}

/** As written. Pairs, since an object would put numeric names first. */
export interface RawColumnsSource {
  readonly dayKind: LayoutName;
  readonly dayName?: string;
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly dayColumn?: string;
  readonly csv?: Partial<CsvForm>;
}

export interface ColumnsSource extends RawColumnsSource {
  readonly by: readonly string[];
  readonly measures: readonly (readonly [name: string, expression: string])[];
}

/** As it holds for a file: in `.tsv`, tabs stand between cells. */
export function definitionFor<T extends RawColumns>(
  { format }: Pick<FileForm, 'format'>,
  definition: T,
): T {
  if (format !== 'tsv') return definition;
  return { ...definition, csv: { ...definition.csv, delimiter: tab } };
}

/** 16 hexadecimal digits; differs if the same raw files could give other bytes or other errors. */
export function columnsHashOf(definition: ColumnsDefinition): string {
  const { kind, dayKind, dayName, columns, dayColumn, by, measures, csv } = definition;
  return hashOfParts([
    ...[kind, dayKind, dayName, dayColumn],
    columns.map((column) => JSON.stringify(columnParts(column))).sort(),
    by.map(({ name, column, part }) => [name, column, part]),
    measures.map(({ name, measure, column, scale }) => [name, measure, column, scale]),
    csvParts(csv),
  ]);
}

export function hashOfParts(said: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}

export function columnParts({ name, type, nullable }: Column): readonly unknown[] {
  return [name, typeParts(type), nullable];
}

export function csvParts({ delimiter, quote, nulls }: CsvForm): readonly unknown[] {
  return [delimiter, quote, [...new Set(['', ...nulls])].sort()];
}

function typeParts(type: Column['type']): readonly (string | number)[] {
  return type.kind === 'decimal' ? [type.kind, type.precision, type.scale] : [type.kind];
}
