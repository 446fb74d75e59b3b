import { describe, expect, it } from 'vitest';
import type { ShortSource } from '../../columns/job.js';
import { copied, problems, rows, typed, withDuckDb, withInt96 } from './day.js';

withDuckDb();

/** Its values as they come to an output, each with how often it is there. */
const valuesOf = (type: string): ShortSource => ({
  columns: { x: type },
  by: ['x'],
  measures: { n: 'count()' },
});

const select = (...values: readonly string[]) =>
  values.map((value) => `SELECT ${value} AS x`).join(' UNION ALL ');

async function read(type: string, ...values: readonly string[]): Promise<string[]> {
  const lines = await rows(await copied({ 'a.parquet': select(...values) }), valuesOf(type));
  return lines.map((line) => line.replace(/: [0-9]+$/, ''));
}

async function refused(type: string, ...values: readonly string[]): Promise<string[]> {
  return problems(await copied({ 'a.parquet': select(...values) }), valuesOf(type));
}

describe('Parquet: what is read as an integer', () => {
  it.each([
    'TINYINT',
    'SMALLINT',
    'INTEGER',
    'BIGINT',
    'UTINYINT',
    'USMALLINT',
    'UINTEGER',
    'UBIGINT',
  ])('%s', async (type) => {
    expect(await read('integer', `3::${type}`, `0::${type}`)).toEqual(['0', '3']);
  });

  it('takes 64 bits to their ends', async () => {
    const ends = ['(-9223372036854775808)::BIGINT', '9223372036854775807::BIGINT'];
    expect(await read('integer', ...ends)).toEqual(['-9223372036854775808', '9223372036854775807']);
    expect(await read('integer', '9223372036854775807::UBIGINT')).toEqual(['9223372036854775807']);
  });

  it('says which unsigned number is beyond them', async () => {
    expect(await refused('integer', '1::UBIGINT', '9223372036854775808::UBIGINT')).toEqual([
      'a.parquet, row 2, column "x" holds "9223372036854775808": it must be a whole number of 64 bits, such as 3 or -12',
    ]);
  });

  it('takes decimals and floats that are whole, as 3.0 of a CSV file is', async () => {
    expect(await read('integer', '3.00::DECIMAL(9,2)', '-12::DECIMAL(9,2)')).toEqual(['-12', '3']);
    expect(await read('integer', '3::DECIMAL(38,0)')).toEqual(['3']);
    expect(await read('integer', '0::DECIMAL(38,38)')).toEqual(['0']);
    expect(await read('integer', '3.0::DOUBLE', '(-0.0)::DOUBLE')).toEqual(['0', '3']);
    expect(await read('integer', '3.0::FLOAT')).toEqual(['3']);
  });

  it('says which are not, and which floats are too large for each whole number', async () => {
    const must = 'it must be a whole number of 64 bits, such as 3 or -12';
    const values = ['1.5::DOUBLE', "'nan'::DOUBLE", "'-inf'::DOUBLE", '9007199254740993::DOUBLE'];
    expect(await refused('integer', ...values)).toEqual([
      `a.parquet, row 1, column "x" holds "1.5": ${must}`,
      `a.parquet, row 2, column "x" holds "NaN": ${must}`,
      `a.parquet, row 3, column "x" holds "-Infinity": ${must}`,
      `a.parquet, row 4, column "x" holds "9007199254740992.0": ${must}`,
    ]);
    expect(
      await refused(
        'integer',
        '1.50::DECIMAL(9,2)',
        '1000000000000000000000000000000::DECIMAL(38,2)',
      ),
    ).toEqual([
      `a.parquet, row 1, column "x" holds "1.50": ${must}`,
      `a.parquet, row 2, column "x" holds "1000000000000000000000000000000.00": ${must}`,
    ]);
  });
});

describe('Parquet: what is read as a decimal', () => {
  it('takes decimals of every width and scale whose values fit', async () => {
    expect(await read('decimal(12,2)', '1.5::DECIMAL(4,1)')).toEqual(['1.50']);
    expect(await read('decimal(12,2)', '-1.500::DECIMAL(38,3)')).toEqual(['-1.50']);
    expect(
      await read('decimal(38,10)', '-9999999999999999999999999999.9999999999::DECIMAL(38,10)'),
    ).toEqual(['-9999999999999999999999999999.9999999999']);
    expect(await read('decimal(5,2)', '7::INTEGER', '999::INTEGER')).toEqual(['7.00', '999.00']);
  });

  it('says which have more digits', async () => {
    const must =
      'it must be a number with at most 3 digits before the point and 2 digits after it, such as 3.5';
    expect(await refused('decimal(5,2)', '1.005::DECIMAL(9,3)', '1000::DECIMAL(9,3)')).toEqual([
      `a.parquet, row 1, column "x" holds "1.005": ${must}`,
      `a.parquet, row 2, column "x" holds "1000.000": ${must}`,
    ]);
    expect(await refused('decimal(5,2)', '1000::BIGINT')).toEqual([
      `a.parquet, row 1, column "x" holds "1000": ${must}`,
    ]);
    expect(await refused('decimal(5,2)', '0.1::DOUBLE + 0.2::DOUBLE', "'nan'::DOUBLE")).toEqual([
      `a.parquet, row 1, column "x" holds "0.30000000000000004": ${must}`,
      `a.parquet, row 2, column "x" holds "NaN": ${must}`,
    ]);
  });

  it('takes a float as the decimal that its shortest text says', async () => {
    expect(await read('decimal(12,2)', '0.1::DOUBLE', '1e9::DOUBLE', '-0.0::DOUBLE')).toEqual([
      '0.00',
      '0.10',
      '1000000000.00',
    ]);
    expect(await read('decimal(12,2)', '0.1::FLOAT', '16777216::FLOAT')).toEqual([
      '0.10',
      '16777216.00',
    ]);
    expect(await read('decimal(38,17)', '0.1::DOUBLE + 0.2::DOUBLE')).toEqual([
      '0.30000000000000004',
    ]);
    expect(await read('decimal(38,10)', '1e22::DOUBLE', '1e-7::DOUBLE')).toEqual([
      '0.0000001000',
      '10000000000000000000000.0000000000',
    ]);
  });

  it('is null in a column that has no values', async () => {
    const file = typed({ type: 'INT32', logical_type: { type: 'NULL' } as never }, [null, null]);
    expect(await rows({ 'a.parquet': file }, valuesOf('decimal(9,2)?'))).toEqual([': 2']);
  });
});

describe('Parquet: what is read as a text', () => {
  it('takes STRING, ENUM, JSON, UUID, and bytes that are UTF-8', async () => {
    expect(await read('text', "'né'", "'😀'")).toEqual(['né', '😀']);
    expect(await read('text', "'b'::ENUM('a', 'b')")).toEqual(['b']);
    expect(await read('text', `'{"a": 1}'::JSON`)).toEqual(['{"a": 1}']);
    const uuid = '00112233-4455-6677-8899-aabbccddeeff';
    expect(await read('text', `'${uuid}'::UUID`)).toEqual([uuid]);
    expect(await read('text', "'né'::BLOB".replace('é', '\\xC3\\xA9'))).toEqual(['né']);
  });

  it('says which are not UTF-8, or hold NUL', async () => {
    expect(await refused('text', "'a'::BLOB", "'\\xFFa'::BLOB")).toEqual([
      'a.parquet, row 2, column "x" holds "0xFF61": it must be a text in UTF-8',
    ]);
    expect(await refused('text', "'a' || chr(0) || 'b'")).toEqual([
      'a.parquet, row 1, column "x" holds "a\\u0000b": it must be a text without NUL characters',
    ]);
  });

  it('takes an empty text for an empty cell', async () => {
    expect(await read('text?', "''", "'a'", 'NULL')).toEqual(['', 'a']);
    expect(await read('text?', "''::BLOB")).toEqual(['']);
    const empty =
      'it is empty; a ? after the type of this column, under columns of the dataset, would allow that';
    expect(await refused('text', "''", "'a'", 'NULL')).toEqual([
      `a.parquet, row 1, column "x" holds "": ${empty}`,
      `a.parquet, row 3, column "x": ${empty}`,
    ]);
  });
});

describe('Parquet: what is read as a date or a time', () => {
  it('takes dates of the years 1 to 9999', async () => {
    expect(await read('date', "DATE '0001-01-01'", "DATE '9999-12-31'")).toEqual([
      '0001-01-01',
      '9999-12-31',
    ]);
    expect(await refused('date', "DATE '10000-01-01'", "DATE 'infinity'")).toEqual([
      'a.parquet, row 1, column "x" holds "10000-01-01": it must be a date that exists, such as 2026-11-23',
      'a.parquet, row 2, column "x" holds "infinity": it must be a date that exists, such as 2026-11-23',
    ]);
  });

  it('takes times of every unit, in UTC where no zone is said', async () => {
    const at = '2026-11-23 09:12:00.123';
    const want = ['2026-11-23T09:12:00.123Z'];
    for (const type of ['TIMESTAMP', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP_S']) {
      expect(await read('timestamp', `'${at}'::${type}`), type).toEqual(
        type === 'TIMESTAMP_S' ? ['2026-11-23T09:12:00Z'] : want,
      );
    }
    expect(await read('timestamp', `'${at}+01:00'::TIMESTAMPTZ`)).toEqual([
      '2026-11-23T08:12:00.123Z',
    ]);
    expect(await read('timestamp', "'2026-11-23 09:12:00.123456789'::TIMESTAMP_NS")).toEqual([
      '2026-11-23T09:12:00.123456789Z',
    ]);
  });

  const nanosInUtc = {
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
  } as const;

  it('takes nanoseconds in UTC, and INT96, where they are whole microseconds', async () => {
    const sound = typed(nanosInUtc, [1_000n, null, -1_000n]);
    const want = [': 1', '1969-12-31T23:59:59.999999Z: 1', '1970-01-01T00:00:00.000001Z: 1'];
    expect(await rows({ 'a.parquet': sound }, valuesOf('timestamp?'))).toEqual(want);
    const old = withInt96([2_000n, null, 86_399_999_999_000n], [2_440_588, null, 5_373_484]);
    expect(await rows({ 'a.parquet': old }, valuesOf('timestamp?'))).toEqual([
      ...[': 1', '1970-01-01T00:00:00.000002Z: 1', '9999-12-31T23:59:59.999999Z: 1'],
    ]);
  });

  it('says which of them are finer, since DuckDB would cut them', async () => {
    const fine =
      'it is finer than a microsecond, which is not read from INT96, or from nanoseconds adjusted to UTC; write the column in microseconds, or in nanoseconds without a zone';
    const nanos = typed(nanosInUtc, [1_000n, null, 1_001n, -1n]);
    expect(await problems({ 'a.parquet': nanos }, valuesOf('timestamp?'))).toEqual([
      `a.parquet, row 3, column "x" holds "1970-01-01T00:00:00.000001001Z": ${fine}`,
      `a.parquet, row 4, column "x" holds "1969-12-31T23:59:59.999999999Z": ${fine}`,
    ]);
    const old = withInt96([2_001n], [2_440_588]);
    expect(await problems({ 'a.parquet': old }, valuesOf('timestamp'))).toEqual([
      `a.parquet, row 1, column "x" holds "1970-01-01T00:00:00.000002001Z": ${fine}`,
    ]);
  });

  it('says which are beyond the years 1 to 9999', async () => {
    expect(await refused('timestamp', "TIMESTAMP '10000-01-01'", "TIMESTAMP '-infinity'")).toEqual([
      'a.parquet, row 1, column "x" holds "10000-01-01 00:00:00": it must be a time in ISO 8601, such as 2026-11-23T09:12:00Z or 2026-11-23 09:12:00.5+01:00',
      'a.parquet, row 2, column "x" holds "-infinity": it must be a time in ISO 8601, such as 2026-11-23T09:12:00Z or 2026-11-23 09:12:00.5+01:00',
    ]);
    const nanos = {
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS' },
    } as const;
    const file = typed(nanos, [0n, 2n ** 63n - 1n, -(2n ** 63n)]);
    expect(await problems({ 'a.parquet': file }, valuesOf('timestamp'))).toHaveLength(2);
  });
});

describe('Parquet: types that are not read', () => {
  it.each([
    [
      'text',
      '1::INTEGER',
      'INT32 (INT_32)',
      'text',
      'declare it as integer, or as a decimal with room for it',
    ],
    [
      'integer',
      "'1'",
      'BYTE_ARRAY (UTF8)',
      'integer',
      'declare it as text, or write it with another type',
    ],
    ['integer?', 'true', 'BOOLEAN', 'integer?', 'declare it as boolean'],
    [
      'boolean',
      '1::INTEGER',
      'INT32 (INT_32)',
      'boolean',
      'declare it as integer, or as a decimal with room for it',
    ],
    ['date', "TIMESTAMP '2026-01-01'", 'INT64 (TIMESTAMP, us)', 'date', 'declare it as timestamp'],
    ['timestamp', "DATE '2026-01-01'", 'INT32 (DATE)', 'timestamp', 'declare it as date'],
    ['timestamp', "TIME '10:00'", 'INT64 (TIME)', 'timestamp', 'write it with another type'],
    [
      'text',
      '1.5::DOUBLE',
      'DOUBLE',
      'text',
      'declare it as a decimal with as many digits as its numbers have, such as decimal(12,2)',
    ],
    ['date', '1.5::DECIMAL(9,2)', 'INT32 (DECIMAL(9,2))', 'date', 'declare it as decimal(9,2)'],
    [
      'text',
      'INTERVAL 1 DAY',
      'FIXED_LEN_BYTE_ARRAY(12) (INTERVAL)',
      'text',
      'write it with another type',
    ],
  ])('as %s: %s', async (type, value, words, declared, advice) => {
    expect(await refused(type, value)).toEqual([
      `a.parquet, column "x": the file has it as ${words}, which is not read as ${declared}; ${advice}`,
    ]);
  });

  it('says so of half floats, bytes of a fixed length, and decimals of more than 38 digits', async () => {
    const told = async (file: Uint8Array) =>
      problems({ 'a.parquet': file }, valuesOf('decimal(38,2)'));
    const half = typed(
      { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, logical_type: { type: 'FLOAT16' } } as never,
      [1.5],
    );
    expect(await told(half)).toEqual([
      'a.parquet, column "x": the file has it as FIXED_LEN_BYTE_ARRAY(2) (FLOAT16), which is not read as decimal(38,2); write it with another type',
    ]);
    const bytes = typed({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2 }, [new Uint8Array(2)]);
    expect((await told(bytes))[0]).toContain('FIXED_LEN_BYTE_ARRAY(2), which is not read');
    const wide = typed(
      {
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 17,
        converted_type: 'DECIMAL',
        precision: 40,
        scale: 2,
      },
      [1n],
    );
    expect((await told(wide))[0]).toContain('(DECIMAL(40,2)), which is not read');
  });
});
