import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTempDir } from '../../../support/temp-dir.js';
import type { ShortSource } from '../../columns/job.js';
import { rawFileAt } from '../../job.js';
import { copied, dayOf, dayOver, problems, rows, withDuckDb, written } from './day.js';

withDuckDb();

const trips: ShortSource = {
  columns: { zone: 'text', fare: 'decimal(12,2)?', seconds: 'integer' },
  by: ['zone'],
  measures: { trips: 'count()', fare: 'sum(fare)', longest: 'max(seconds)' },
};

describe('Parquet: files of one day', () => {
  it('may have their columns in another order, of other types, or without one that may be empty', async () => {
    const files = await copied({
      'a.parquet': "SELECT 'x' AS zone, 1.50::DECIMAL(9,2) AS fare, 10::INTEGER AS seconds",
      'b.parquet': "SELECT 20::BIGINT AS seconds, 'x' AS zone, 2.5::DOUBLE AS fare, 1 AS other",
      'c.parquet': "SELECT 'y' AS zone, 30::USMALLINT AS seconds",
      'd.parquet': "SELECT 'y'::BLOB AS zone, NULL::FLOAT AS fare, 5.0::DOUBLE AS seconds",
    });
    expect(await rows(files, trips)).toEqual(['x: 2,4.00,20', 'y: 2,,30']);
    const day = await dayOf(files, trips);
    expect(day.kind === 'aggregated' && day.records).toBe(4);
    expect(day.kind === 'aggregated' && day.files.map(({ columns }) => columns)).toEqual([
      [],
      ['other'],
      [],
      [],
    ]);
  });

  it('are each read in their own types: none is rounded to those of another', async () => {
    const files = await copied({
      'a.parquet': "SELECT 'x' AS zone, 10::INTEGER AS seconds",
      'b.parquet': "SELECT 'x' AS zone, 1.5::DOUBLE AS seconds",
    });
    expect(await problems(files, trips)).toEqual([
      'b.parquet, row 1, column "seconds" holds "1.5": it must be a whole number of 64 bits, such as 3 or -12',
    ]);
  });

  it('may have several row groups, and none', async () => {
    const select = `SELECT 'z' || range % 3 AS zone, NULL::INTEGER AS fare, range AS seconds FROM range(10000)`;
    const files = {
      ...(await copied({ 'a.parquet': select }, ', ROW_GROUP_SIZE 2048')),
      ...(await copied({ 'b.parquet': `${select} LIMIT 0` })),
    };
    expect(await rows(files, trips)).toEqual([
      'z0: 3334,,9999',
      'z1: 3333,,9997',
      'z2: 3333,,9998',
    ]);
  });

  it('have facts that no check takes for a cut', async () => {
    const files = await copied({ 'a.parquet': "SELECT 'x' AS zone, 1 AS seconds" });
    const day = await dayOf(files, trips);
    expect(day.kind === 'aggregated' && day.files).toEqual([
      {
        ...{ name: 'a.parquet', rows: 1, columns: [], endsWithLineFeed: true, lacking: ['fare'] },
        textBytes: files['a.parquet']?.length,
      },
    ]);
  });

  it('have no columns but their own, whatever their folders and names are called', async () => {
    const { 'a.parquet': bytes = new Uint8Array() } = await copied({
      'a.parquet': "SELECT 'x' AS zone, 1 AS seconds",
    });
    const folder = join(await makeTempDir(), "fare=3 [ab]'s {?}*");
    const names = [
      'a[1].parquet',
      "seconds=7/b*'?.parquet",
      'c{d,e}.parquet',
      'zone=y/%20\\.parquet',
    ];
    const files = await Promise.all(
      names.map(async (name) => {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), bytes);
        return rawFileAt(join(folder, name), name);
      }),
    );
    expect(await dayOver(files, trips)).toMatchObject({
      kind: 'aggregated',
      rows: [{ key: ['x'], values: ['4', null, '1'] }],
    });
  });
});

it('Parquet: a file that is a pattern of another never counts as that one', async () => {
  const files = await copied({
    'a1.parquet': "SELECT 'x' AS zone, 1 AS seconds",
    'a[1].parquet': "SELECT 'y' AS zone, 2 AS seconds",
  });
  const folder = await makeTempDir();
  const raw = await Promise.all(
    Object.entries(files).map(async ([name, bytes]) => {
      await writeFile(join(folder, name), bytes);
      return rawFileAt(join(folder, name), name);
    }),
  );
  await expect(dayOver(raw, trips)).rejects.toThrow('Cannot access file');
});

describe('Parquet: columns by their names', () => {
  it('reads a field of a struct by its path', async () => {
    const files = await copied({
      'a.parquet': `SELECT {'id': 7, 'home': {'zone': 'x'}} AS "user", [1, 2] AS tags
        UNION ALL SELECT {'id': 8, 'home': NULL}, NULL UNION ALL SELECT NULL, NULL`,
    });
    const source = {
      columns: { 'user.home.zone': 'text?', 'user.id': 'integer?' },
      by: ['zone: user.home.zone'],
      measures: { n: 'count()', most: 'max(user.id)' },
    };
    expect(await rows(files, source)).toEqual([': 2,8', 'x: 1,7']);
    const day = await dayOf(files, source);
    expect(day.kind === 'aggregated' && day.files[0]?.columns).toEqual(['tags']);
  });

  it('takes names for what they are: capitals, and columns of the same name as something of DuckDB', async () => {
    const names = ['x', 'X', 'filename', 'file_row_number', 'x_1', 'file_index'];
    const columns = names.map((name, at) => ({ name, data: [at, null], type: 'INT32' as const }));
    const source = {
      columns: Object.fromEntries(names.map((name) => [name, 'integer'])),
      measures: Object.fromEntries(names.map((name) => [`max_${name}`, `max(${name})`])),
    };
    const sound = columns.map((each) => ({ ...each, data: each.data.slice(0, 1) }));
    const files = {
      'a.parquet': written({ columns: sound }),
      'b.parquet': written({ columns: sound.toReversed() }),
    };
    expect(await rows(files, source)).toEqual([': 0,1,2,3,4,5']);
    const sums = {
      columns: source.columns,
      measures: Object.fromEntries(names.map((name) => [`sum_${name}`, `sum(${name})`])),
    };
    const larger = sound.map((each) => ({ ...each, data: each.data.map((at) => Number(at) * 10) }));
    const alike = {
      'a.parquet': written({ columns: sound }),
      'b.parquet': written({ columns: larger }),
    };
    expect(await rows(alike, sums)).toEqual([': 0,11,22,33,44,55']);
    const wrong = await problems({ 'a.parquet': written({ columns }) }, source);
    expect(wrong).toHaveLength(names.length);
    expect(wrong[3]).toMatch(/^a.parquet, row 2, column "file_row_number": it is empty/);
  });

  it('refuses a name that two columns have', async () => {
    const files = await copied({ 'a.parquet': `SELECT {'id': 7} AS "user", 8 AS "user.id"` });
    expect(
      await problems(files, { columns: { 'user.id': 'integer' }, measures: { n: 'count()' } }),
    ).toEqual([
      'a.parquet, column "user.id": the file has more than one column of this name or path; rename one of them',
    ]);
  });

  it('says what structs, lists and maps are declared as', async () => {
    const files = await copied({
      'a.parquet': "SELECT {'id': 7} AS s, [1] AS l, MAP {'a': 1} AS m",
    });
    const source = { columns: { s: 'text', l: 'text', m: 'text' }, measures: { n: 'count()' } };
    const several = 'of which a row may have several values; write a column with one for each row';
    expect(await problems(files, source)).toEqual([
      'a.parquet, column "s": the file has a struct of this name; declare its fields by their paths, such as "s.id"',
      `a.parquet, column "l": the file has it as a list, ${several}`,
      `a.parquet, column "m": the file has it as a map, ${several}`,
    ]);
  });

  it('says which column is lacking, and what there is', async () => {
    const files = await copied({
      'a.parquet': "SELECT 'x' AS Zone, 1 AS secs, {'fare': 1} AS costs",
      'b.parquet': 'SELECT \'x\' AS zone, 1 AS seconds, 1 AS "Fare"',
    });
    const named =
      'The setting columns of the dataset names those that each file must have, but for types with a ?';
    expect(await problems(files, trips)).toEqual([
      `a.parquet, column "zone": the file lacks this column; it has "Zone", "secs", "costs.fare"; "Zone" is probably the column "zone" with other capitals; rename it. ${named}`,
      `a.parquet, column "seconds": the file lacks this column; it has "Zone", "secs", "costs.fare". ${named}`,
      `b.parquet, column "fare": the file lacks this column; it has "zone", "seconds", "Fare"; "Fare" is probably the column "fare" with other capitals; rename it. ${named}`,
    ]);
  });

  it('tells the file of a schema that changed, and reads none of the day', async () => {
    const files = await copied({
      'a.parquet': "SELECT 'x' AS zone, 1 AS seconds",
      'b.parquet': "SELECT 'x' AS zone, '1' AS seconds",
    });
    expect(await problems(files, trips)).toEqual([
      'b.parquet, column "seconds": the file has it as BYTE_ARRAY (UTF8), which is not read as integer; declare it as text, or write it with another type',
    ]);
  });
});

describe('Parquet: cells that are wrong', () => {
  it('are told by file and row, the first 20, and counted to the last', async () => {
    const select = (from: number) =>
      `SELECT CASE WHEN range % 100 = 7 THEN NULL ELSE 'x' END AS zone, 1 AS seconds, 'nan'::DOUBLE AS fare FROM range(${from})`;
    const files = await copied(
      { 'a.parquet': select(10), 'b.parquet': select(5000) },
      ', ROW_GROUP_SIZE 2048',
    );
    const day = await dayOf(files, trips);
    if (day.kind === 'aggregated') throw new Error('the day was accepted');
    expect(day.problemCount).toBe(10 + 1 + 5000 + 50);
    expect(day.problems).toHaveLength(20);
    expect(day.problems.map(({ file, line, column }) => `${file[0]}${line}${column}`)).toEqual([
      ...['a1fare', 'a2fare', 'a3fare', 'a4fare', 'a5fare', 'a6fare', 'a7fare', 'a8zone', 'a8fare'],
      ...['a9fare', 'a10fare', 'b1fare', 'b2fare', 'b3fare', 'b4fare', 'b5fare', 'b6fare'],
      ...['b7fare', 'b8zone', 'b8fare'],
    ]);
  });

  it('stop the reading of a day at the file in which they are 10,000', async () => {
    const select = "SELECT 'x' AS zone, NULL::INTEGER AS seconds FROM range(10001)";
    const files = await copied({ 'a.parquet': select, 'b.parquet': select });
    expect(await dayOf(files, trips)).toMatchObject({
      problemCount: 10_001,
      stoppedAt: { file: 'a.parquet', line: 1 },
    });
  });

  it.each([
    ["'2026-11-23'", "'2026-11-24'", '2026-11-24'],
    ["DATE '2026-11-23'", "DATE '2026-11-24'", '2026-11-24'],
    ["'2026-11-23'::BLOB", "'2026-11-24'::BLOB", '2026-11-24'],
  ])('are days other than that of the folder: %s', async (sound, other, shown) => {
    const select = (day: string) => `SELECT 'x' AS zone, 1 AS seconds, ${day} AS at`;
    const source = { ...trips, dayColumn: 'at' };
    const files = await copied({ 'a.parquet': select(sound) });
    expect(await rows(files, source)).toHaveLength(1);
    const wrong = await copied({
      'a.parquet': `${select(sound)} UNION ALL ${select(other)} UNION ALL ${select('NULL')}`,
    });
    const must = 'it must be 2026-11-23, the day of its folder';
    expect(await problems(wrong, source)).toEqual([
      `a.parquet, row 2, column "at" holds "${shown}": ${must}`,
      `a.parquet, row 3, column "at": ${must}`,
    ]);
  });

  it.each(['3', "'3'", '3.0::DOUBLE', '3.00::DECIMAL(9,2)', "'3.0'", '3::UBIGINT'])(
    'are days of another number: %s is 3',
    async (value) => {
      const source: ShortSource = {
        columns: { dow: 'integer?' },
        measures: { n: 'count()' },
        dayKind: 'index',
        dayColumn: 'day',
      };
      const select = (day: string) => `SELECT 1 AS dow, ${day} AS day`;
      expect(await rows(await copied({ 'a.parquet': select(value) }), source)).toEqual([': 1']);
      const other = await copied({ 'a.parquet': select(value.replace('3', '4')) });
      expect((await problems(other, source))[0]).toMatch(/it must be 3, the day of its folder$/);
    },
  );

  it('are days of a declared column, before they are anything else', async () => {
    const source: ShortSource = {
      columns: { at: 'date' },
      measures: { n: 'count()' },
      dayColumn: 'at',
    };
    const files = await copied({
      'a.parquet': "SELECT DATE '2026-11-24' AS at UNION ALL SELECT NULL",
    });
    const must = 'it must be 2026-11-23, the day of its folder';
    expect(await problems(files, source)).toEqual([
      `a.parquet, row 1, column "at" holds "2026-11-24": ${must}`,
      `a.parquet, row 2, column "at": ${must}`,
    ]);
  });
});
