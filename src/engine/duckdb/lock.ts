/** How an instance of DuckDB is shut off from everything but the files of one query. */
import { DuckFailure, type DuckQuery } from './duckdb.js';
import type { DuckBounds } from './messages.js';
import { mistakeAt, placeIn } from './places.js';
import { quotedText } from './sql-text.js';

/** For opening an instance; DuckDB takes no lists here. */
export function configOf(
  { threads, memoryBytes }: DuckBounds,
  spillFolder: string,
): Record<string, string> {
  return {
    threads: String(threads),
    memory_limit: `${memoryBytes}B`,
    temp_directory: spillFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    // A query reads its files once.
    enable_external_file_cache: 'false',
    errors_as_json: 'true',
  };
}

/**
 * Before our own statements. DuckDB follows links as it takes in allowed paths: then a link's target may be read.
 * The order matters: paths can be allowed only while everything still is.
 */
export function shuttingStatements(
  files: readonly string[],
  { spillBytes }: Pick<DuckBounds, 'spillBytes'>,
): string[] {
  return [
    // Told as an instance is opened, 1.5.6 shows this bound and does not keep to it.
    `SET max_temp_directory_size = '${spillBytes}B'`,
    `SET allowed_paths = [${files.map(quotedText).join(', ')}]`,
    'SET enable_external_access = false',
    "SET TimeZone = 'UTC'",
    'SET enable_progress_bar = true',
    'SET enable_progress_bar_print = false',
  ];
}

/** After them, and before a query that somebody else wrote. */
export const lockingStatement = 'SET lock_configuration = true';

const loneSurrogate = /\p{Surrogate}/u;

/** Of the table functions, those that read only what is allowed and change nothing. */
const tableFunctions = new Set([
  ...['range', 'generate_series', 'unnest', 'repeat', 'repeat_row', 'json_each', 'json_tree'],
  ...['histogram', 'histogram_values', 'read_csv', 'read_csv_auto', 'read_text', 'read_blob'],
  ...['read_json', 'read_json_auto', 'read_json_objects', 'read_json_objects_auto'],
  ...['read_ndjson', 'read_ndjson_auto', 'read_ndjson_objects', 'read_parquet', 'parquet_scan'],
  ...['parquet_schema', 'parquet_metadata', 'parquet_file_metadata', 'parquet_kv_metadata', 'glob'],
]);

/** A query that gives, as JSON, how DuckDB understands the text. Nothing of it is looked up or run. */
export function parsingQuery(text: string): string {
  return `SELECT json_serialize_sql(${quotedText(text)})::VARCHAR`;
}

/** As far as it is looked at. Positions are in bytes of UTF-8. */
interface Parsed {
  readonly error?: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly unknown[];
}

/** `json` is what `parsingQuery` gave. Throws a DuckFailure unless it is one SELECT that calls nothing that is shut off. */
export function refuseOthers(json: string, text: string): void {
  const parsed = JSON.parse(json) as Parsed;
  const { error, error_type: type, error_message: message = '', statements = [] } = parsed;
  if (error && type === 'parser')
    throw mistakeAt(text, message, Number(parsed.position ?? Number.NaN));
  if (error) throw new DuckFailure('query', `one SELECT is needed, and this is another statement`);
  const [statement, ...more] = statements;
  if (statement === undefined) throw new DuckFailure('query', 'there is no statement');
  if (more.length > 0)
    throw new DuckFailure('query', `one SELECT is needed, and there are ${statements.length}`);
  walk(statement, text);
}

function walk(node: unknown, text: string): void {
  if (typeof node !== 'object' || node === null) return;
  const { type, function: called, query_location: at } = node as Record<string, unknown>;
  if (type === 'SHOW_REF') {
    throw new DuckFailure('query', 'one SELECT is needed, and this describes one', null);
  }
  if (type === 'TABLE_FUNCTION') {
    const { function_name: name } = called as { readonly function_name: string };
    if (!tableFunctions.has(name.toLowerCase())) {
      throw new DuckFailure(
        'refused',
        `the function ${name} cannot be used here`,
        placeIn(text, Number(at)),
      );
    }
  }
  for (const child of Object.values(node)) walk(child, text);
}

/** DuckDB reads a text up to its first NUL, and half a surrogate pair as another character. */
export function refuseCutTexts({ files, setup = [], select }: DuckQuery): void {
  const nul = select.indexOf('\0');
  if (nul !== -1) throw new DuckFailure('query', 'the text has a NUL character', nul);
  for (const text of [...files, ...setup, select]) {
    if (text.includes('\0') || loneSurrogate.test(text))
      throw new DuckFailure('query', 'the text is not well-formed Unicode, or has a NUL character');
  }
}
