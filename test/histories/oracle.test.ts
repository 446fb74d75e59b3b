/** The oracle of the histories before an outside judge. */
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { RawFile } from '../../src/core/ports/raw.js';
import type { ColumnsDefinition } from '../../src/model/columns-definition.js';
import { openColumnsJudge } from '../engine/columns/duckdb.js';
import { writeSheet } from '../engine/columns/sheet.js';
import { writeFiles } from '../engine/job.js';
import { runs } from '../engine/runs.js';
import { type Calendar, calendars } from './calendar.js';
import { type Made, madeOf } from './oracle.js';
import { cellsOf } from './output-shape.js';
import { type Sheet, sheetOf, table, textOf } from './raw-table.js';
import { byColumns, definitionOf, productsIn, type Spec, spec } from './spec.js';

const [, calendar] = calendars as [Calendar, Calendar];
const day = '2028-02-29';
const facts = { calendar, delimiter: ',' };

const landing = fc
  .array(table, { minLength: 1, maxLength: 2 })
  .map((tables) => tables.map((of, at) => sheetOf(of, `${at}.csv`, calendar, day)));

async function written(sheets: readonly Sheet[]): Promise<readonly RawFile[]> {
  return writeFiles(Object.fromEntries(sheets.map((each) => [each.name, textOf(each, ',')])));
}

/** Without the day. */
const rowsOf = (made: Made & { readonly kind: 'good' }) =>
  made.lines.map((line) => cellsOf(line).slice(1));

const form = { delimiter: ',', quote: '"', lineEnd: '\n', lastLineEnd: true, mark: false };
const sheetForm = { ...form, quoteAll: false, blankLines: null };

test('it agrees with DuckDB on typed columns: which days are good, and what they come to', {
  timeout: 1_200_000,
}, async () => {
  const judge = await openColumnsJudge();
  const typed = spec.filter(({ kind }) => kind === 'columns');
  const seen = { good: 0, bad: 0 };
  const property = fc.asyncProperty(typed, landing, async (of, sheets) => {
    const files = await written(sheets);
    const judged = sheets.map(({ columns, rows }, at) => ({
      file: files[at] as RawFile,
      sheet: writeSheet([columns, ...rows], sheetForm),
    }));
    const made = madeOf(of, facts, day, sheets);
    const definition = definitionOf(of, calendar, ',') as ColumnsDefinition;
    seen[made.kind] += 1;
    if (made.kind === 'bad') {
      // That two files say the same is nothing that DuckDB would mind.
      if (!made.told.includes('the same bytes'))
        await expect(judge(definition, judged)).rejects.toThrow(/not of its type|empty/);
      return;
    }
    const { records, rows } = await judge(definition, judged);
    expect({ records: made.records, rows: rowsOf(made) }).toEqual({ records, rows });
  });
  await fc.assert(property, runs(120, 3000));
  expect(seen.good).toBeGreaterThan(seen.bad);
  expect(seen.bad).toBeGreaterThan(10);
});

test('it agrees with DuckDB on columns that are products', { timeout: 1_200_000 }, async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  const wide = spec.filter(({ kind }) => kind === 'wide');
  let good = 0;
  const property = fc.asyncProperty(wide, landing, async (of, sheets) => {
    const made = madeOf(of, facts, day, sheets);
    if (made.kind === 'bad') return;
    good += 1;
    const sql = countsIn(of, sheets, await written(sheets));
    const rows = sql === null ? [] : (await connection.runAndReadAll(sql)).getRowsJS();
    expect(rowsOf(made)).toEqual(rows);
  });
  await fc.assert(property, runs(120, 3000));
  expect(good).toBeGreaterThan(60);
});

/** Null where no file has a product. */
function countsIn(of: Spec, sheets: readonly Sheet[], files: readonly RawFile[]): string | null {
  if (of.kind !== 'wide') return null;
  const by = of.by.map((name) => `regexp_extract(${byColumns[name].column}, '^-?[0-9]+')::INTEGER`);
  const selects = sheets.flatMap(({ columns }, at) =>
    productsIn(of, calendar, columns).map(
      (product) => `SELECT ${[...by, `'${product}'`].map((key, place) => `${key} AS k${place}`)},
        CASE WHEN coalesce(${product}, '') = '' THEN 0
          WHEN regexp_full_match(${product}, '[0-9]+([.]0+)?')
          THEN regexp_extract(${product}, '^[0-9]+')::INTEGER ELSE error('no count') END AS n
        FROM read_csv('${files[at]?.path}', all_varchar = true, header = true, delim = ',')`,
    ),
  );
  if (selects.length === 0) return null;
  const keys = [...by, ''].map((_, place) => `k${place}`);
  return `SELECT ${keys.map((key) => `${key}::VARCHAR`)}, sum(n)::VARCHAR
    FROM (${selects.join(' UNION ALL ')}) WHERE n > 0 GROUP BY ${keys} ORDER BY ${keys}`;
}
