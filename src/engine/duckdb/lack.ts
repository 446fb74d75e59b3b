import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Null where DuckDB can be loaded, as far as that can be told without loading it; otherwise why it cannot, for people. */
export function duckDbLack(): string | null {
  const platform = `${process.platform}-${process.arch}`;
  const binaries = ['', '-musl'].map((libc) => `@duckdb/node-bindings-${platform}${libc}`);
  if (resolves('@duckdb/node-api') && binaries.some((name) => resolves(`${name}/duckdb.node`)))
    return null;
  return (
    `DuckDB is not installed here: the optional package @duckdb/node-api, or its binary for ${platform}, is missing. ` +
    'CSV and TSV files are read without it, by the engine csv; Parquet files and datasets with sql need it. ' +
    'Install with optional dependencies (npm ci, without --omit=optional).'
  );
}

function resolves(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
