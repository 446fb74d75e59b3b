/** A day through a SELECT: what DuckDB is given of odd files, and what is believed of its answer. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DuckDb, DuckRow } from '../../../src/engine/duckdb/duckdb.js';
import { createPlainCheck } from '../../../src/engine/duckdb/plain/check-plain.js';
import type { SqlMeans } from '../../../src/engine/duckdb/sql/aggregate-sql.js';
import { writeCanonical } from '../../../src/engine/duckdb/sql/canonical-rows.js';
import { describeSql } from '../../../src/engine/duckdb/sql/describe-sql.js';
import { createSqlEngine } from '../../../src/engine/duckdb/sql/engine.js';
import { seePlain } from '../../../src/engine/duckdb/sql/see-plain.js';
import type { SqlJob } from '../../../src/engine/duckdb/sql/sql-job.js';
import { canonicalOnThread } from '../../../src/engine/threads/canonical-on-thread.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import type { Day } from '../../../src/model/day.js';
import { ProblemError } from '../../../src/model/problems.js';
import { readSqlDefinition } from '../../../src/model/read-sql-definition.js';
import type { SqlDefinition } from '../../../src/model/sql-definition.js';
import { testDuckDb } from '../../support/declared-sql.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { type Contents, writeFiles } from '../job.js';

const columns = {
  ...{ store: 'text?', pieces: 'integer?', price: 'decimal(6,2)?', open: 'boolean?' },
  ...{ since: 'date?', sold: 'timestamp?' },
};

async function definitionOf(
  sql: string,
  by: readonly string[] = [],
  of: Readonly<Record<string, string>> = columns,
): Promise<SqlDefinition> {
  const csv = { nulls: ['NA'] };
  const source = { dayKind: 'date', columns: Object.entries(of), sql, by, csv } as const;
  const read = readSqlDefinition(source);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  const described = await describeSql(testDuckDb, read.declaration, new AbortController().signal);
  if (described.kind === 'mistakes') throw new Error(JSON.stringify(described.mistakes));
  return described.definition;
}

async function aggregate(
  contents: Contents,
  definition: SqlDefinition,
  means: Partial<SqlMeans> = {},
  options: Partial<SqlJob> = {},
) {
  const rowsRoot = await makeTempDir();
  const engine = createSqlEngine({ duckdb: testDuckDb, writeCanonical, rowsRoot, ...means });
  const files = await writeFiles(contents);
  const { signal } = new AbortController();
  const day = '2026-11-23' as Day;
  const job: SqlJob = { day, definition, files, complete: false, signal, ...options };
  try {
    return await engine.aggregate(job);
  } finally {
    expect(await readdir(rowsRoot)).toEqual([]);
  }
}

const header = 'store,pieces,price,open,since,sold';
/** One text for each row. */
const everything = () =>
  definitionOf(
    "select coalesce(store, '-') store, concat_ws(' | ', pieces, price, open, since, sold) as all, count(*) n from day group by all",
    ['store', 'all'],
  );

function linesOf(result: Awaited<ReturnType<typeof aggregate>>): string[] {
  if (result.kind === 'rejected') throw new Error(JSON.stringify(result.problems));
  return result.rows.map(({ key, values }) => [...key, ...values].join('; '));
}

describe('what the reference reads is what the SELECT sees', () => {
  it('in every form of every type', async () => {
    const rows = [
      'a,3.0,7,True,2026-11-23,2026-11-23T09:12:00+01:00',
      'b,-007,-0.50,FALSE,0001-01-01,2026-11-23 09:12:00.500000Z',
      'c,9223372036854775807,9999.99,false,9999-12-31,0001-01-01 00:00:00.000001',
      'd,NA,,NA,,',
    ];
    const found = await aggregate(
      { 'a.csv': `${header}\n${rows.join('\n')}\n` },
      await everything(),
    );
    expect(linesOf(found)).toEqual([
      'a; 3 | 7.00 | true | 2026-11-23 | 2026-11-23 08:12:00; 1',
      'b; -7 | -0.50 | false | 0001-01-01 | 2026-11-23 09:12:00.5; 1',
      'c; 9223372036854775807 | 9999.99 | false | 9999-12-31 | 0001-01-01 00:00:00.000001; 1',
      'd; ; 1',
    ]);
  });

  it('in texts with quotes, line ends of all kinds, blanks and signs', async () => {
    const texts = [
      'a\nb',
      'a\r\nb',
      'a\rb',
      'say "hi"',
      ' x ',
      '\\n',
      "it's",
      '🧺',
      '#',
      ',,',
      '""',
    ];
    const written = texts.map((text) => `"${text.replaceAll('"', '""')}"`).join('\n');
    const definition = await definitionOf('select t, count(*) n from day group by t', ['t'], {
      t: 'text?',
    });
    const found = await aggregate({ 'a.csv': `t\n${written}\n\n` }, definition);
    if (found.kind === 'rejected') throw new Error(JSON.stringify(found.problems));
    expect(found.rows.map(({ key }) => key[0])).toEqual(texts.toSorted());
    expect(found.records).toBe(texts.length);
  });

  it('in rows of nothing but empty cells, of files with other columns, compressed or empty', async () => {
    const definition = await definitionOf(
      'select a, b, count(*) n from day group by all',
      ['a', 'b'],
      {
        a: 'integer?',
        b: 'text?',
      },
    );
    const contents = { '1.csv': 'b,x,a\n,,\nq,1,2\n', '2.csv.gz': 'a,b\n2,q\n', '3.csv': '' };
    const found = await aggregate(contents, definition);
    expect(linesOf(found)).toEqual(['; ; 1', '2; q; 2']);
    expect(found).toMatchObject({
      records: 3,
      files: [
        { name: '1.csv', rows: 2, columns: ['x'] },
        { name: '2.csv.gz', rows: 1 },
        { name: '3.csv', rows: 0, textBytes: 0 },
      ],
    });
  });

  it('in a column of its own, where an empty cell is a row', async () => {
    const sql = 'select t, count(*) n from day group by t';
    const definition = await definitionOf(sql, ['t'], { t: 'text?' });
    expect(linesOf(await aggregate({ 'a.csv': 't\n""\nx\n""\n' }, definition))).toEqual([
      ...['; 2', 'x; 1'],
    ]);
  });

  it('on a thread, too, with its errors', async () => {
    const pool = new ThreadPool({ size: 1 });
    onTestFinished(() => pool.close());
    const means = { writeCanonical: canonicalOnThread(pool) };
    const definition = await definitionOf('select sum(pieces) n from day');
    const sound = { 'a.csv': `${header}\na,3.0,,,,\n`, 'b.csv': `${header}\na,4,,,,\n` };
    expect(linesOf(await aggregate(sound, definition, means))).toEqual(['7']);
    const bad = { 'a.csv': `${header}\na,3.5,,,,\n`, 'b.csv': `${header}\na,four,,,,\n` };
    expect(await aggregate(bad, definition, means)).toMatchObject({
      kind: 'rejected',
      problems: [
        { file: 'a.csv', line: 2, column: 'pieces', value: '3.5' },
        { file: 'b.csv', line: 2, column: 'pieces', value: 'four' },
      ],
    });
  });

  it('but for times that DuckDB would cut', async () => {
    const rows = ['a,,,,,2026-11-23T09:12:00.123456Z', 'a,,,,,2026-11-23T09:12:00.1234567Z'];
    const definition = await definitionOf('select count(*) n from day');
    const found = await aggregate({ 'a.csv': `${header}\n${rows.join('\n')}\n` }, definition);
    expect(found).toMatchObject({
      kind: 'rejected',
      problemCount: 1,
      problems: [{ file: 'a.csv', line: 3, column: 'sold', value: '2026-11-23T09:12:00.1234567Z' }],
    });
  });

  it('is a file with nothing in it refused, unless the day is complete', async () => {
    const definition = await definitionOf('select count(*) n from day');
    expect(await aggregate({ 'a.csv': '' }, definition)).toMatchObject({ kind: 'rejected' });
    const complete = await aggregate({ 'a.csv': '' }, definition, {}, { complete: true });
    expect(linesOf(complete)).toEqual(['0']);
  });
});

describe('DuckDB reads itself', () => {
  const definition = () =>
    definitionOf('select store, sum(pieces) n from day group by all', ['store']);
  const plain = `${header}\na,1,,,,\nb,2,,,,\n`;

  async function aggregateSeen(contents: Contents, folder?: string) {
    const pool = new ThreadPool({ size: 1 });
    onTestFinished(() => pool.close());
    const given: string[] = [];
    const means: Partial<SqlMeans> = {
      see: seePlain(createPlainCheck(pool)),
      writeCanonical: (task, signals) => {
        given.push(...task.files.map(({ name }) => name));
        return writeCanonical(task, signals);
      },
    };
    const files = await writeFiles(contents, folder);
    const found = await aggregate(contents, await definition(), means, { files });
    return { given, found };
  }

  it('plain files, and only the others are written for it', async () => {
    const contents = {
      ...{ '1.csv': plain, '2.csv.gz': plain, '3.csv': `${header}\n"a",3,,,,\n`, '4.csv': '' },
      '5.csv': 'pieces,store,price,open,since,sold,x\r\n4,"c",,,,,\r\n',
    };
    const { given, found } = await aggregateSeen(contents);
    expect(given).toEqual(['3.csv', '4.csv', '5.csv']);
    expect(linesOf(found)).toEqual(['a; 5', 'b; 4', 'c; 4']);
    expect(found).toMatchObject({
      records: 6,
      files: [{ rows: 2 }, { rows: 2 }, { rows: 1 }, { rows: 0 }, { rows: 1, columns: ['x'] }],
    });
  });

  it('files of the same types under other names, each by its own header', async () => {
    const other = plain.replace('price,open', 'open,price');
    const swapped = { '1.csv': 'a,b\n1,2\n', '2.csv': 'b,a\n1,2\n' };
    const sql = await definitionOf('select a, b, 1 as n from day', ['a', 'b'], {
      a: 'integer',
      b: 'integer',
    });
    const pool = new ThreadPool({ size: 1 });
    onTestFinished(() => pool.close());
    const see = seePlain(createPlainCheck(pool));
    expect(linesOf(await aggregate(swapped, sql, { see }))).toEqual(['1; 2; 1', '2; 1; 1']);
    const { given, found } = await aggregateSeen({ '1.csv': plain, '2.csv': other });
    expect(given).toEqual([]);
    expect(linesOf(found)).toEqual(['a; 2', 'b; 4']);
  });

  it('no file whose path it would take for a pattern', async () => {
    const { given, found } = await aggregateSeen({ '1.csv': plain }, 'of [ab]?*');
    expect(given).toEqual(['1.csv']);
    expect(linesOf(found)).toEqual(['a; 1', 'b; 2']);
  });

  it('rows that were written below a folder with such a name', async () => {
    const rowsRoot = join(await makeTempDir(), 'of [ab]?*');
    await mkdir(rowsRoot);
    expect(linesOf(await aggregate({ '1.csv': plain }, await definition(), { rowsRoot }))).toEqual([
      ...['a; 1', 'b; 2'],
    ]);
    expect(await readdir(rowsRoot)).toEqual([]);
  });
});

describe('of what comes back', () => {
  const sound = { 'a.csv': `${header}\na,1,,,,\nb,2,,,,\n` };
  const changing = (
    change: (rows: readonly DuckRow[]) => readonly DuckRow[],
  ): Pick<DuckDb, 'rows'> => ({
    rows: async (...asked) => change(await testDuckDb.rows(...asked)),
  });

  it.each<[string, (rows: readonly DuckRow[]) => readonly DuckRow[]]>([
    [
      'fewer rows of the day',
      (rows) => rows.map(([about = null, ...cells]) => [about && '1 0', ...cells]),
    ],
    ['no count', (rows) => rows.filter(([about]) => about === null)],
    ['two counts', (rows) => [...rows, ...rows]],
    [
      'a count that is none',
      (rows) => rows.map(([about = null, ...cells]) => [about && 'x', ...cells]),
    ],
  ])('%s is not believed', async (_, change) => {
    const definition = await definitionOf('select store, sum(pieces) n from day group by all', [
      'store',
    ]);
    const means = { duckdb: changing(change) };
    await expect(aggregate(sound, definition, means)).rejects.toThrow(ProblemError);
  });

  it('the order is ours', async () => {
    const definition = await definitionOf('select pieces, 1 as n from day order by pieces desc', [
      'pieces',
    ]);
    const contents = {
      'a.csv': `${header}\n${[10, 9, '', -1, -10].map((each) => `a,${each},,,,`).join('\n')}\n`,
    };
    expect(linesOf(await aggregate(contents, definition))).toEqual([
      '; 1',
      '-10; 1',
      '-1; 1',
      '9; 1',
      '10; 1',
    ]);
  });

  it('no more rows are taken than there may be', async () => {
    const definition = await definitionOf('select pieces, 1 as n from day', ['pieces']);
    expect(linesOf(await aggregate(sound, definition, { mostRows: 2 }))).toHaveLength(2);
    expect(await aggregate(sound, definition, { mostRows: 1 })).toMatchObject({
      kind: 'rejected',
      problems: [
        {
          message:
            'the result of sql has more rows than 1, the most that are taken; group by fewer columns, or by columns with fewer values',
        },
      ],
    });
  });

  it('what was written for it is bounded', async () => {
    const definition = await definitionOf('select count(*) n from day');
    const aggregating = aggregate(sound, definition, { mostRowsBytes: 10 });
    await expect(aggregating).rejects.toThrow('take more room than they may have; a.csv holds');
  });

  it('a comment at the end of the SELECT is none of ours', async () => {
    const definition = await definitionOf('select count(*) n from day -- of all stores');
    expect(linesOf(await aggregate(sound, definition))).toEqual(['2']);
  });

  it('a cancelled SELECT without end ends', async () => {
    const endless =
      'with recursive r as (select 1 i union all select i + 1 from r where i > 0) select count(*) n from r';
    const definition = await definitionOf(endless);
    const stopping = new AbortController();
    const aggregating = aggregate(sound, definition, {}, { signal: stopping.signal });
    setTimeout(() => stopping.abort(new Error('cancelled')), 1_500);
    await expect(aggregating).rejects.toThrow('cancelled');
  });

  it.each([
    "select content as n from read_text('/etc/passwd')",
    "select count(*) n from '/etc/passwd'",
    'select count(*) n from duckdb_settings()',
  ])('%s, had it come so far, is refused', async (sql) => {
    const definition = await definitionOf('select count(*) n from day');
    const aggregating = aggregate(sound, { ...definition, sql });
    await expect(aggregating).rejects.toThrow(/^sql: /);
  });
});
