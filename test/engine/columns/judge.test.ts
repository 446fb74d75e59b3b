/** The reference of `columns` before an outside judge, on definitions and days at random. */
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import {
  type AggregateColumns,
  aggregateColumns,
} from '../../../src/engine/csv/columns/aggregate-columns.js';
import { columnsOnThread } from '../../../src/engine/threads/columns-on-thread.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import { writeFiles } from '../job.js';
import { runs } from '../runs.js';
import { type JudgedSheet, openColumnsJudge } from './duckdb.js';
import { columnsJob, definitionOf } from './job.js';
import { type Sheet, withCell, writeSheet } from './sheet.js';
import {
  badCellFor,
  type SoundColumnsDay,
  type SoundColumnsFile,
  soundColumnsDay,
  soundDayText,
} from './sound-columns.js';

const day = { day: soundDayText };

async function written(files: readonly SoundColumnsFile[]): Promise<JudgedSheet[]> {
  const contents = files.map(({ name, sheet }) => [name, sheet.text]);
  const raw = await writeFiles(Object.fromEntries(contents));
  return files.map(({ sheet }, at) => ({ file: raw[at] as JudgedSheet['file'], sheet }));
}

async function told(
  aggregate: AggregateColumns,
  { definition }: SoundColumnsDay,
  files: readonly JudgedSheet[],
) {
  const found = await aggregate(
    columnsJob(
      files.map(({ file }) => file),
      definition,
      day,
    ),
  );
  if (found.kind === 'rejected') return found;
  const { records, rows } = found;
  return { records, rows: rows.map(({ key, values }) => [...key, ...values]) };
}

test('the reference, here and on a thread, agrees with DuckDB', {
  timeout: 1_200_000,
}, async () => {
  const judge = await openColumnsJudge();
  const pool = new ThreadPool({ size: 1 });
  onTestFinished(() => pool.close());
  const onThread = columnsOnThread(pool);
  const seen = { records: 0, rows: 0 };
  await fc.assert(
    fc.asyncProperty(soundColumnsDay, async (sound) => {
      const files = await written(sound.files);
      const expected = await judge(sound.definition, files);
      expect(await told(aggregateColumns, sound, files)).toEqual(expected);
      expect(await told(onThread, sound, files)).toEqual(expected);
      seen.records += expected.records;
      seen.rows += expected.rows.length;
    }),
    runs(300, 3000),
  );
  // On days without rows, anyone agrees with anyone; and where each row is a group, nothing is added up.
  expect(seen.rows).toBeGreaterThan(300);
  expect(seen.records).toBeGreaterThan(2 * seen.rows);
});

/** Another cell in the place of one that has rules, where there is any; and what is to be said of it. */
function damaged(
  { definition, files }: SoundColumnsDay,
  [at, row, column, choice]: readonly number[],
) {
  const file = files[(at as number) % files.length] as SoundColumnsFile;
  const { cells } = file.sheet;
  const names = cells[0] as readonly string[];
  const place = (column as number) % names.length;
  const name = names[place] as string;
  const declared = definition.columns.find((each) => each.name === name);
  const value =
    name === definition.dayColumn
      ? '2026-11-24'
      : declared
        ? badCellFor(declared, choice as number)
        : null;
  if (cells.length === 1 || value === null) return null;
  const rowAt = 1 + ((row as number) % (cells.length - 1));
  const sheet = withCell(file.sheet, rowAt, place, value);
  const problem = { file: file.name, line: sheet.lines[rowAt], column: name, value };
  return { files: files.map((each) => (each === file ? { ...file, sheet } : each)), problem };
}

test('a damaged cell is told with its file, line, column and value', {
  timeout: 1_200_000,
}, async () => {
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(
      soundColumnsDay,
      fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      async (sound, where) => {
        const damage = damaged(sound, where);
        if (damage === null) return;
        tried += 1;
        const files = await written(damage.files);
        const message = expect.stringMatching(/^it (must be|is empty)/);
        const expected = {
          kind: 'rejected',
          problems: [{ ...damage.problem, message }],
          problemCount: 1,
        };
        expect(await told(aggregateColumns, sound, files)).toEqual(expected);
      },
    ),
    runs(300, 3000),
  );
  expect(tried).toBeGreaterThan(50);
});

test.each([
  ['a whole number of 1.5', 'integer', '1.5'],
  ['a decimal with a digit too many', 'decimal(5,2)', '1.005'],
  ['a decimal of 1e3', 'decimal(5,2)', '1e3'],
  ['a day that does not exist', 'date', '2026-02-30'],
  ['an empty cell', 'integer', ''],
])('the judge is no pushover: it objects to %s', async (_, type, cell) => {
  const judge = await openColumnsJudge();
  const form = { delimiter: ',', quote: '"', lineEnd: '\n', lastLineEnd: true, mark: false };
  const sheet: Sheet = writeSheet(
    [
      ['x', 'y'],
      [cell, '1'],
    ],
    { ...form, quoteAll: false, blankLines: null },
  );
  const definition = definitionOf({ columns: { x: type }, by: ['x'], measures: { n: 'count()' } });
  await expect(judge(definition, await written([{ name: 'a.csv', sheet }]))).rejects.toThrow(
    /not of its type|empty|out of range/,
  );
});
