/**
 * DuckDB as an outside judge of sound raw files. It is trusted with reading quotes and line ends, with exact
 * sums and with sorting; not with types: its own casts turn 1.5 into 2 and 1e3 into 1000 without a word. So
 * all cells are read as text, and SQL says strictly what is a number.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import type { RawFile } from '../../src/core/ports/raw.js';
import type { Range } from '../../src/model/column.js';
import type { WideDefinition } from '../../src/model/definition.js';
import { makeTempDir } from '../support/temp-dir.js';

/** What must be told of a file, because DuckDB would guess it otherwise. */
export interface JudgedFile {
  readonly file: RawFile;
  readonly columns: number;
  readonly lineEnd: string;
}

export interface Judgement {
  readonly orders: number;
  /** The rows of the day as DuckDB itself writes them to a CSV file. */
  readonly csv: Buffer;
}

export type JudgedDefinition = Pick<WideDefinition, 'by' | 'dayColumn' | 'ignore'>;

export type Judge = (
  definition: JudgedDefinition,
  day: string,
  files: readonly JudgedFile[],
) => Promise<Judgement>;

/** Throws where DuckDB, or the SQL below, finds anything wrong. */
export async function openJudge(): Promise<Judge> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  const written = join(await makeTempDir(), 'rows.csv');
  return (definition, day, files) => judgeDay(connection, definition, day, files, written);
}

async function judgeDay(
  connection: DuckDBConnection,
  definition: JudgedDefinition,
  day: string,
  files: readonly JudgedFile[],
  written: string,
): Promise<Judgement> {
  const headers = await Promise.all(files.map((each) => headerOf(connection, each)));
  const selects = files.map((each, index) => countsIn(each, headers[index] ?? [], day, definition));
  const by = definition.by.map((_, at) => `by${at}, `).join('');
  await connection.run(`
    CREATE OR REPLACE TABLE counts AS ${selects.map(({ counts }) => counts).join(' UNION ALL ')};
    CREATE OR REPLACE TABLE sums AS
      SELECT ${by}category, sum(items) AS items FROM counts WHERE items > 0 GROUP BY ALL;
    COPY (SELECT ${text(day)}, ${by}category, items FROM sums ORDER BY ${by}category)
      TO ${text(written)} (FORMAT csv, HEADER false, DELIMITER ',');`);
  const orders = selects.map((each) => each.orders).join(' + ');
  const [row] = await rowsOf(connection, `SELECT ${orders}`);
  return { orders: Number(row?.[0]), csv: await readFile(written) };
}

async function headerOf(connection: DuckDBConnection, file: JudgedFile): Promise<string[]> {
  const [names] = await rowsOf(connection, `SELECT * FROM ${table(file)} LIMIT 1`);
  return names as string[];
}

/** Columns go by their places, since to DuckDB the names `X` and `x` are one. */
function countsIn(
  file: JudgedFile,
  names: readonly string[],
  day: string,
  { by, dayColumn, ignore }: JudgedDefinition,
) {
  const others = new Set([...ignore, ...by.map(({ column }) => column), dayColumn]);
  const places = [...names.keys()].filter((place) => !others.has(names[place] ?? ''));
  const dayPlace = dayColumn === null ? -1 : names.indexOf(dayColumn);
  const told = by.map((each, at) => `${byIn(`c${names.indexOf(each.column)}`, each)} AS by${at}, `);
  const keys = by.map((_, at) => `by${at}, `).join('');
  const checked =
    dayPlace === -1 ? 'true' : `regexp_full_match(c${dayPlace}, ${text(`${day}([.]0+)?`)})`;
  // DuckDB's own skipping of a header fails where a mark comes before a name of two lines.
  const orders = `(SELECT * FROM ${table(file)} OFFSET 1)`;
  const rows = `(SELECT ${told.join('')}* FROM ${orders}
    WHERE CASE WHEN ${checked} THEN true ELSE error('another day') END)`;
  const categories = places.map((place) => `(${text(`c${place}`)}, ${text(names[place] ?? '')})`);
  const counts =
    places.length === 0
      ? `SELECT ${keys}'' AS category, 0::HUGEINT AS items FROM ${rows} WHERE false`
      : `SELECT ${keys}category, ${countIn('cell')} AS items
          FROM (UNPIVOT ${rows} ON ${places.map((place) => `c${place}`).join()}
            INTO NAME place VALUE cell)
          JOIN (VALUES ${categories.join()}) AS names(place, category) USING (place)`;
  return { counts, orders: `(SELECT count(*) FROM ${rows})` };
}

function table({ file, columns, lineEnd }: JudgedFile): string {
  const types = Array.from({ length: columns }, (_, place) => `'c${place}': 'VARCHAR'`);
  const form = `auto_detect = false, hive_partitioning = false, delim = ',', quote = '"', escape = '"', header = false`;
  const newLine = lineEnd === '\n' ? "'\\n'" : "'\\r\\n'";
  return `read_csv(${text(file.path)}, ${form}, new_line = ${newLine}, columns = {${types.join()}})`;
}

function byIn(cell: string, { least, most }: Range): string {
  const number = `regexp_extract(${cell}, '^-?[0-9]+')::INTEGER`;
  return `CASE WHEN regexp_full_match(${cell}, '-?[0-9]{1,4}([.]0+)?') AND ${number} BETWEEN ${least} AND ${most}
    THEN ${number} ELSE error('out of range: ' || coalesce(${cell}, 'NULL')) END`;
}

/** An empty cell is NULL, which UNPIVOT leaves out. */
function countIn(cell: string): string {
  return `CASE WHEN regexp_full_match(${cell}, '[0-9]+([.]0+)?')
    THEN regexp_extract(${cell}, '^[0-9]+')::HUGEINT ELSE error('no count: ' || ${cell}) END`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

async function rowsOf(connection: DuckDBConnection, sql: string) {
  return (await connection.runAndReadAll(sql)).getRowsJS();
}
