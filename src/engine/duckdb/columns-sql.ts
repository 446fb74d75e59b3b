/**
 * Days of `columns` as one query: the groups of each day, in the output's order, and how many of their rows have a
 * cell that DuckDB must not be asked about.
 */
import type { Column } from '../../model/column.js';
import { columnsShapeOf } from '../../model/column-functions.js';
import {
  type ColumnsDefinition,
  definitionFor,
  type KeyExpression,
  type MeasureExpression,
} from '../../model/columns-definition.js';
import type { Day } from '../../model/day.js';
import type { FileForm } from '../../model/file-form.js';
import { groupedBy } from '../../model/grouped.js';
import { isBadSql, isDaySql, tellSql, valueSql } from './cell-sql.js';
import type { DuckQuery } from './duckdb.js';
import type { SoundLook } from './parquet/look-at-parquet.js';
import { parquetSetup, parquetSourceSql } from './parquet/source-sql.js';
import { typedReadOptions } from './plain/typed-read.js';
import { quotedText, readCsv } from './sql-text.js';

/**
 * How its cells are read: `text`, each one checked here; or `typed`, where all were seen to have a form that DuckDB's
 * types read as they should.
 */
export type Tier = 'text' | 'typed';

export type FileToRead = TextToRead | ParquetFile;

export interface TextToRead {
  readonly path: string;
  readonly form: FileForm;
  /** Of its header. */
  readonly names: readonly string[];
  readonly spansLines: boolean;
  readonly tier: Tier;
}

export interface ParquetFile {
  readonly path: string;
  readonly parquet: SoundLook;
}

export interface DayToRead {
  readonly day: Day;
  readonly files: readonly FileToRead[];
}

/** Rows: the day's index, bad rows, rows; then keys and measures as `tellSql` writes them. */
export function daysQuery(
  definition: ColumnsDefinition,
  days: readonly DayToRead[],
  mostRows: number,
): DuckQuery {
  const files = days.flatMap((day, at) => day.files.map((file) => ({ ...file, at, day: day.day })));
  const parquet = files.flatMap((file) =>
    'parquet' in file ? [{ path: file.path, nth: file.at, day: file.day, look: file.parquet }] : [],
  );
  const texts = files.flatMap((file) => ('parquet' in file ? [] : [file]));
  const alike = groupedBy<Source, string>(texts, likeness);
  const single = days.length === 1 ? (days[0]?.day ?? null) : null;
  const sources = [...alike.values()].map((some) => sourceSql(some, definition, single));
  if (parquet.length > 0) sources.push(parquetSourceSql(parquet, definition, single));
  return {
    files: files.map(({ path }) => path),
    ...(parquet.length > 0 && { setup: parquetSetup }),
    select: groupsSql(definition, sources.join('\nUNION ALL\n'), mostRows),
  };
}

type Source = TextToRead & { readonly at: number; readonly day: Day };

/** Files that one `read_csv` can read. */
function likeness({ names, form, spansLines, tier }: Source): string {
  return JSON.stringify([names, form.format, form.compression, spansLines, tier]);
}

/** Columns: `nth`, `bad`, and the values of the declared columns by their places, `v0` and so on. */
function sourceSql(
  files: readonly Source[],
  definition: ColumnsDefinition,
  single: Day | null,
): string {
  const { columns, dayColumn, dayKind } = definition;
  const { names, tier } = files[0] as Source;
  const textOf = (name: string) => `c${names.indexOf(name)}`;
  const isTyped = tier === 'typed';
  const values = columns.map(({ name, type }, at) => {
    const text = textOf(name);
    return `${isTyped ? text : valueSql(text, type)} AS v${at}`;
  });
  const bad = isTyped ? [] : columns.map((each, at) => isBadSql(textOf(each.name), `v${at}`, each));
  if (dayColumn !== null && names.includes(dayColumn)) {
    const declared = columns.findIndex(({ name }) => name === dayColumn);
    const value = declared === -1 ? textOf(dayColumn) : `v${declared}`;
    const text = isTyped && declared !== -1 ? null : textOf(dayColumn);
    bad.push(`NOT ${isDaySql(text, value, dayKind)}`);
  }
  const isBad = bad.filter((each) => each !== null).join(' OR ') || 'false';
  return `SELECT nth, (${isBad}) AS bad, ${columns.map((_, at) => `v${at}`).join()}
    FROM (SELECT *, ${values.join()} FROM (${readSql(files, definition, single)}))`;
}

/** Columns: `nth`, `day`, and the cells of the file by their places, `c0` and so on. */
function readSql(
  files: readonly Source[],
  definition: ColumnsDefinition,
  single: Day | null,
): string {
  const paths = files.map(({ path }) => path);
  const read = readCsv(paths, optionsSql(files[0] as Source, definition));
  if (single !== null) return `SELECT 0 AS nth, ${quotedText(single)} AS day, * FROM ${read}`;
  const days = files.map(({ path, at, day }) => `(${quotedText(path)}, ${at}, ${quotedText(day)})`);
  return `SELECT nth, day, read.* FROM ${read} AS read
    JOIN (VALUES ${days.join()}) AS own(path, nth, day) ON filename = path`;
}

/** As text, all columns are undeclared. */
function optionsSql(
  { names, form, spansLines, tier }: Source,
  definition: ColumnsDefinition,
): string {
  const { columns, csv } = definitionFor(form, definition);
  const typed = { columns: tier === 'typed' ? columns : [], csv };
  const options = typedReadOptions({ names, compression: form.compression }, typed);
  // Where a thread begins amid a file, it takes the next line feed for the end of a row.
  return `${options}, parallel = ${!spansLines}`;
}

function groupsSql(definition: ColumnsDefinition, rows: string, mostRows: number): string {
  const { by, measures, columns } = definition;
  const shape = columnsShapeOf(definition);
  const names = by.map((_, at) => `k${at}`);
  const keys = by.map((key, at) => `${keySql(key, columns)} AS k${at}`);
  const results = measures.map((each, at) => `${measureSql(each, columns)} AS m${at}`);
  const told = [
    ...['nth', 'bad', 'n'].map((name) => `CAST(${name} AS VARCHAR)`),
    ...shape.keys.map(({ type }, at) => tellSql(`k${at}`, type)),
    ...measures.map(({ measure }, at) =>
      // Of an average, its sum and its count are told in one.
      measure === 'avg' ? `m${at}` : tellSql(`m${at}`, (shape.measures[at] as Column).type),
    ),
  ];
  const order = ['nth', ...names].map((name) => `${name} NULLS FIRST`);
  return `SELECT ${told.join()} FROM (
    SELECT nth, count_if(bad) AS bad, count(*) AS n, ${[...names, ...results].join()}
    FROM (SELECT ${['*', ...keys].join()} FROM (${rows}))
    GROUP BY ${['nth', ...names].join()})
  ORDER BY ${order.join()} LIMIT ${mostRows + 1}`;
}

function placeOf(name: string | null, columns: readonly Column[]): number {
  return columns.findIndex((column) => column.name === name);
}

function keySql({ column, part }: KeyExpression, columns: readonly Column[]): string {
  const value = `v${placeOf(column, columns)}`;
  switch (part) {
    case 'hour':
      return `hour(${value})`;
    case 'weekday':
      return `isodow(${value})`;
    case 'date':
      return `CAST(${value} AS DATE)`;
    case null:
      return value;
  }
}

function measureSql({ measure, column }: MeasureExpression, columns: readonly Column[]): string {
  if (column === null) return 'count(*)';
  const place = placeOf(column, columns);
  const value = `v${place}`;
  switch (measure) {
    case 'distinct':
      return `count(DISTINCT ${value})`;
    case 'avg':
      return `concat(${tellSql(`sum(${value})`, (columns[place] as Column).type)}, '/', count(${value}))`;
    default:
      return `${measure}(${value})`;
  }
}
