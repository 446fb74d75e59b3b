/** Bugs in what is read of Parquet files. */
const parquet = (file) => `src/engine/duckdb/parquet/${file}`;
const types = 'test/engine/duckdb/parquet/types.test.ts';
const files = 'test/engine/duckdb/parquet/files.test.ts';
const damage = 'test/engine/duckdb/parquet/damage.test.ts';
const session = 'test/engine/duckdb/parquet/session.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const parquetMutations = [
  {
    id: 'parquet-floats-rounded',
    file: parquet('take-types.ts'),
    replace: 'return `CASE ${fast} ${slow} END`;',
    by: 'return cast;',
    why: 'a double with more digits than declared is rounded, and nobody is told',
    caughtBy: types,
  },
  {
    id: 'parquet-decimals-rounded',
    file: parquet('take-types.ts'),
    replace: 'if (excess > 0) return partly(where(endsInZeros(raw, excess), cast));',
    by: 'if (excess > 0) return partly(cast);',
    why: 'a decimal with a longer scale is rounded',
    caughtBy: types,
  },
  {
    id: 'parquet-large-doubles-as-integers',
    file: parquet('take-types.ts'),
    replace: 'abs(${raw}) <= ${mostWhole[from.bits]} AND ',
    by: '',
    why: 'identifiers that a writer rounded to a double are taken for what they were',
    caughtBy: types,
  },
  {
    id: 'parquet-times-cut',
    file: parquet('take-types.ts'),
    replace:
      "return from.kind === 'int96' || (from.kind === 'timestamp' && from.unit === 'ns' && from.utc);",
    by: 'return false;',
    why: 'DuckDB cuts nanoseconds to microseconds, and two times become one',
    caughtBy: types,
  },
  {
    id: 'parquet-nul-in-texts',
    file: parquet('take-types.ts'),
    replace: ' AND NOT contains(${text}, chr(0))',
    by: '',
    why: 'a key holds what separates keys',
    caughtBy: types,
  },
  {
    id: 'parquet-statistics-believed',
    file: parquet('source-sql.ts'),
    replace: "'statistics_propagation,filter_pushdown,row_group_pruner'",
    by: "''",
    why: 'nulls that a footer denies become numbers',
    caughtBy: damage,
  },
  {
    id: 'parquet-folders-as-columns',
    file: parquet('source-sql.ts'),
    replace: 'hive_partitioning = false',
    by: 'hive_partitioning = true',
    why: 'the name of a folder takes the place of a column',
    caughtBy: files,
  },
  {
    id: 'parquet-checksums-passed-over',
    file: parquet('pages.ts'),
    replace: 'if (page.crc !== null && (await crcOf(handle, page)) !== page.crc)',
    by: 'if (page.crc === 0 && (await crcOf(handle, page)) !== page.crc)',
    why: 'a flipped bit is read as a value although the file tells of it',
    caughtBy: damage,
  },
  {
    id: 'parquet-values-not-counted',
    file: parquet('pages.ts'),
    replace:
      'return seen === values ? null : `its pages hold ${seen} values, and the footer says ${values}`;',
    by: 'return null;',
    why: 'rows that a footer leaves out are lost without a word',
    caughtBy: damage,
  },
  {
    id: 'parquet-missing-column-with-capitals',
    file: parquet('match-columns.ts'),
    replace: "if (nullable && (same === undefined || folded(name) === '')) return null;",
    by: 'if (nullable) return null;',
    why: 'a column that is written Fare is read as empty',
    caughtBy: files,
  },
  {
    id: 'parquet-first-of-two-names',
    file: parquet('match-columns.ts'),
    replace: 'if (node === undefined || other === undefined) return node;',
    by: 'if (node === undefined || other !== null) return node;',
    why: 'of two columns that a path may mean, one is taken at random',
    caughtBy: files,
  },
  {
    id: 'parquet-rows-from-zero',
    file: parquet('explain.ts'),
    replace: 'CAST(t.file_row_number + 1 AS VARCHAR)',
    by: 'CAST(t.file_row_number AS VARCHAR)',
    why: 'an error names the row before the one that is wrong',
    caughtBy: files,
  },
  {
    id: 'parquet-day-not-compared',
    file: parquet('source-sql.ts'),
    replace: 'if (otherDay !== null) bad.push(otherDay.bad);',
    by: '',
    why: 'a file of another day counts as this one',
    caughtBy: files,
  },
  {
    id: 'parquet-likeness-without-types',
    file: parquet('look-at-parquet.ts'),
    replace: '[path, shape, element?.words]',
    by: '[path, shape]',
    why: 'a file is read with the types of another',
    caughtBy: files,
  },
  {
    id: 'parquet-read-error-fails-all-days',
    file: 'src/engine/duckdb/look-at-file.ts',
    replace: 'if (error instanceof RawReadError) return null;',
    by: '',
    why: 'one file that is gone fails all days that are read with its day',
    caughtBy: session,
  },
];
