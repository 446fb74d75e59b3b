/**
 * DuckDB as an outside judge of `columns`. It reads quotes and line ends, adds up, groups and sorts; which cell is a
 * number or a time is told here in SQL, over columns of text, since its own casts round and guess.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import type { RawFile } from '../../../src/core/ports/raw.js';
import type { Cell, Column, ColumnType } from '../../../src/model/column.js';
import type {
  ColumnsDefinition,
  KeyExpression,
  MeasureExpression,
} from '../../../src/model/columns-definition.js';
import type { Sheet } from './sheet.js';

export interface JudgedSheet {
  readonly file: RawFile;
  readonly sheet: Sheet;
}

export interface ColumnsJudgement {
  readonly records: number;
  /** Keys, then measures, sorted. */
  readonly rows: readonly (readonly Cell[])[];
}

export type JudgeColumns = (
  definition: ColumnsDefinition,
  files: readonly JudgedSheet[],
) => Promise<ColumnsJudgement>;

/** Throws where DuckDB, or the SQL below, finds anything wrong. */
export async function openColumnsJudge(): Promise<JudgeColumns> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return (definition, files) => judge(connection, definition, files);
}

async function judge(
  connection: DuckDBConnection,
  definition: ColumnsDefinition,
  files: readonly JudgedSheet[],
): Promise<ColumnsJudgement> {
  const { by, measures } = definition;
  const all = files.map((each) => typedRows(each, definition)).join(' UNION ALL ');
  await connection.run(`CREATE OR REPLACE TABLE day AS ${all}`);
  const keys = by.map((key) => keyIn(key, definition));
  const results = measures.map((measure) => measureIn(measure, definition));
  const texts = [...keys, ...results].map(({ sql, type }) => textOf(sql, type));
  const order = keys.map(({ sql }) => `${sql} NULLS FIRST`);
  const rows = await connection.runAndReadAll(`
    SELECT ${texts.join()} FROM day
    ${keys.length === 0 ? '' : `GROUP BY ${keys.map(({ sql }) => sql).join()}`}
    HAVING count(*) > 0 ${keys.length === 0 ? '' : `ORDER BY ${order.join()}`}`);
  const count = await connection.runAndReadAll('SELECT count(*)::INTEGER FROM day');
  return { records: count.getRowsJS()[0]?.[0] as number, rows: rows.getRowsJS() as Cell[][] };
}

/** Columns go by their places: `x0` is the first that was declared. */
function typedRows({ file, sheet }: JudgedSheet, { columns, csv }: ColumnsDefinition): string {
  const { cells, form } = sheet;
  const header = cells[0] ?? [];
  const types = header.map((_, place) => `'c${place}': 'VARCHAR'`).join();
  const newLine = form.lineEnd === '\n' ? "'\\n'" : "'\\r\\n'";
  const [delimiter, quote] = [text(form.delimiter), text(form.quote)];
  const options = `auto_detect = false, hive_partitioning = false, delim = ${delimiter}, quote = ${quote}, escape = ${quote}, header = false, new_line = ${newLine}`;
  const nulls = ['', ...csv.nulls].map(text).join();
  const typed = columns.map((column, at) => {
    const cell = `c${header.indexOf(column.name)}`;
    return `${valueIn(`CASE WHEN coalesce(${cell}, '') IN (${nulls}) THEN NULL ELSE ${cell} END`, column)} AS x${at}`;
  });
  // DuckDB's own skipping of a header fails where a mark comes before a name of two lines.
  return `SELECT ${typed.join()} FROM (SELECT * FROM
    read_csv(${text(file.path)}, ${options}, columns = {${types}}) OFFSET 1)`;
}

function valueIn(cell: string, { type, nullable }: Column): string {
  const value = `(SELECT CASE WHEN t IS NULL THEN ${nullable ? 'NULL' : "error('empty')"}
    WHEN ${soundIn(type)} THEN t ELSE error('not of its type: ' || t) END FROM (SELECT ${cell} AS t))`;
  switch (type.kind) {
    case 'text':
      return value;
    case 'integer':
      return `regexp_extract(${value}, '^-?[0-9]+')::HUGEINT`;
    case 'decimal':
      return `${value}::DECIMAL(38,${type.scale})`;
    case 'boolean':
      return `lower(${value})::BOOLEAN`;
    case 'date':
      return `${value}::DATE`;
    case 'timestamp':
      return timeIn(value);
  }
}

/** A cast to TIMESTAMP would drop the offset without a word; microseconds are as fine as DuckDB's times are. */
function timeIn(value: string): string {
  const colon = `regexp_replace(${value}, '([+-][0-9]{2})([0-9]{2})$', '\\1:\\2')`;
  const zoned = `regexp_replace(${colon}, '(:[0-9]{2}([.][0-9]+)?)$', '\\1Z')`;
  const isZoned = `regexp_matches(${colon}, '[+-][0-9]{2}(:[0-9]{2})?$')`;
  return `make_timestamp(epoch_us((CASE WHEN ${isZoned} THEN ${colon} ELSE ${zoned} END)::TIMESTAMPTZ))`;
}

function soundIn(type: ColumnType): string {
  const patterns: Record<ColumnType['kind'], string> = {
    text: '(.|\\r|\\n)+',
    integer: '-?[0-9]+([.]0+)?',
    decimal: type.kind === 'decimal' ? `-?[0-9]+([.][0-9]{0,${type.scale}}0*)?` : 'no other type',
    boolean: 'true|True|TRUE|false|False|FALSE',
    date: '[0-9]{4}-[0-9]{2}-[0-9]{2}',
    timestamp: '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}.*',
  };
  return `regexp_full_match(t, ${text(patterns[type.kind])})`;
}

interface Sql {
  readonly sql: string;
  readonly type: ColumnType;
}

const integer: ColumnType = { kind: 'integer' };

function columnIn(name: string, { columns }: ColumnsDefinition): Sql {
  const at = columns.findIndex((column) => column.name === name);
  return { sql: `x${at}`, type: (columns[at] as Column).type };
}

function keyIn({ column, part }: KeyExpression, definition: ColumnsDefinition): Sql {
  const { sql, type } = columnIn(column, definition);
  if (part === null) return { sql, type };
  if (part === 'date') return { sql: `${sql}::DATE`, type: { kind: 'date' } };
  return { sql: part === 'hour' ? `hour(${sql})` : `isodow(${sql})`, type: integer };
}

function measureIn(
  { measure, column, scale }: MeasureExpression,
  definition: ColumnsDefinition,
): Sql {
  if (column === null) return { sql: 'count(*)', type: integer };
  const { sql, type } = columnIn(column, definition);
  switch (measure) {
    case 'count':
      return { sql: `count(${sql})`, type: integer };
    case 'distinct':
      return { sql: `count(DISTINCT ${sql})`, type: integer };
    case 'avg':
      return { sql: averageIn(sql, type, scale ?? 0), type: { kind: 'text' } };
    default:
      return { sql: `${measure}(${sql})`, type };
  }
}

/** In whole numbers of the smallest unit, half away from zero; DuckDB's `avg` is a double. */
function averageIn(x: string, type: ColumnType, to: number): string {
  const from = type.kind === 'decimal' ? type.scale : 0;
  const units = `sum(replace(${x}::VARCHAR, '.', '')::HUGEINT)`;
  const [more, less] = [
    `1${'0'.repeat(to)}::HUGEINT`,
    `count(${x})::HUGEINT * 1${'0'.repeat(from)}`,
  ];
  const rounded = `((2 * abs(${units}) * ${more} + ${less}) // (2 * ${less}))`;
  const digits = `lpad(${rounded}::VARCHAR, greatest(${to + 1}, length(${rounded}::VARCHAR))::INTEGER, '0')`;
  const point = to === 0 ? digits : `${digits}[:-${to + 1}] || '.' || ${digits}[-${to}:]`;
  return `CASE WHEN ${units} < 0 AND ${rounded} > 0 THEN '-' ELSE '' END || ${point}`;
}

function textOf(sql: string, { kind }: ColumnType): string {
  if (kind !== 'timestamp') return `(${sql})::VARCHAR`;
  const whole = `strftime(${sql}, '%Y-%m-%dT%H:%M:%S.%f')`;
  return `regexp_replace(${whole}, '[.]?0*$', '') || 'Z'`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
