import type { ColumnType } from '../../../model/column.js';
import type { CsvForm, RawColumns } from '../../../model/columns-definition.js';
import type { Compression } from '../../../model/file-form.js';
import { argumentsOf, listOf, quotedText } from '../sql-text.js';

/** What a file must be known by, beside that it is plain. */
export interface TypedFile {
  /** Of its header. */
  readonly names: readonly string[];
  readonly compression: Compression;
}

export function duckTypeOf(type: ColumnType): string {
  return type.kind === 'decimal' ? `DECIMAL(${type.precision},${type.scale})` : types[type.kind];
}

const types: Record<Exclude<ColumnType['kind'], 'decimal'>, string> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/**
 * The options of `read_csv`, after the path, with which plain files are read as the reference reads them. Columns are
 * named by their places, `c0` and so on; those that are not declared are VARCHAR. Nothing is left for DuckDB to guess but the
 * line ends: with `new_line` and `strict_mode`, 1.5.6 finds no row in a file with CRLF.
 */
export function typedReadOptions(
  { names, compression }: TypedFile,
  { columns, csv }: Pick<RawColumns, 'columns' | 'csv'>,
): string {
  const declared = new Map(columns.map(({ name, type }) => [name, type]));
  const fields = names.map((name, place) => {
    const type = declared.get(name);
    return `c${place}: ${quotedText(type === undefined ? 'VARCHAR' : duckTypeOf(type))}`;
  });
  const quote = quotedText(csv.quote ?? '');
  const options = {
    auto_detect: 'false',
    hive_partitioning: 'false',
    header: 'true',
    strict_mode: 'true',
    compression: quotedText(compression),
    delim: quotedText(csv.delimiter),
    quote,
    escape: quote,
    comment: "''",
    nullstr: listOf(nullsOf(csv)),
    columns: `{${fields.join()}}`,
  };
  return argumentsOf(options);
}

/** Without those that no plain cell can be: DuckDB refuses some of them. */
function nullsOf({ nulls, delimiter, quote }: CsvForm): string[] {
  const isPlain = (text: string) => !text.includes(delimiter) && !text.includes(quote ?? '\0');
  return [...new Set(['', ...nulls])].filter(isPlain);
}
