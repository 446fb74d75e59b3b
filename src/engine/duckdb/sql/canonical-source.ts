import type { RawColumns } from '../../../model/columns-definition.js';
import { duckTypeOf } from '../plain/typed-read.js';
import { argumentsOf, quotedText, readCsv } from '../sql-text.js';
import type { WrittenFile } from './canonical-rows.js';
import type { DaySource } from './day-query.js';

/** How DuckDB reads what `writeCanonical` wrote; nothing is left for it to guess. */
export function canonicalSource(
  { path, spansLines }: WrittenFile,
  { columns }: RawColumns,
): DaySource {
  const types = columns.map(({ type }, at) => `v${at}: ${quotedText(duckTypeOf(type))}`);
  const options = {
    auto_detect: 'false',
    hive_partitioning: 'false',
    header: 'false',
    strict_mode: 'true',
    compression: quotedText('none'),
    delim: quotedText(','),
    quote: quotedText('"'),
    escape: quotedText('"'),
    nullstr: quotedText(''),
    // Else the first line end in quotes decides.
    new_line: quotedText('\\n'),
    allow_quoted_nulls: 'true',
    // Where a thread begins amid a file, it takes the next line feed for the end of a row.
    parallel: String(!spansLines),
    columns: `{${types.join()}}`,
  };
  return {
    path,
    likeness: `written, ${spansLines}`,
    selectOf: (paths) => `SELECT false AS bad, * FROM ${readCsv(paths, argumentsOf(options))}`,
  };
}
