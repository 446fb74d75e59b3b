/** How an instance of DuckDB is shut off from everything but the files of one query. */
import { DuckFailure, type DuckQuery } from './duckdb.js';
import type { DuckBounds } from './messages.js';

/** For opening an instance; DuckDB takes no lists here. */
export function configOf(bounds: DuckBounds, spillFolder: string): Record<string, string> {
  return {
    threads: String(bounds.threads),
    memory_limit: `${bounds.memoryBytes}B`,
    temp_directory: spillFolder,
    max_temp_directory_size: `${bounds.spillBytes}B`,
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
export function shuttingStatements(files: readonly string[]): string[] {
  return [
    `SET allowed_paths = [${files.map(textLiteral).join(', ')}]`,
    'SET enable_external_access = false',
    "SET TimeZone = 'UTC'",
    'SET enable_progress_bar = true',
    'SET enable_progress_bar_print = false',
  ];
}

/** After them, and before a query that somebody else wrote. */
export const lockingStatement = 'SET lock_configuration = true';

function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const loneSurrogate = /\p{Surrogate}/u;

/** DuckDB reads a text up to its first NUL, and half a surrogate pair as another character. */
export function refuseCutTexts({ files, setup = [], select }: DuckQuery): void {
  const nul = select.indexOf('\0');
  if (nul !== -1) throw new DuckFailure('query', 'the text has a NUL character', nul);
  for (const text of [...files, ...setup, select]) {
    if (text.includes('\0') || loneSurrogate.test(text))
      throw new DuckFailure('query', 'the text is not well-formed Unicode, or has a NUL character');
  }
}
