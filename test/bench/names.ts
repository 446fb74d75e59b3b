/** How everyone is called in tables, results and charts. */

export const names = {
  cat: 'cat > /dev/null',
  wc: 'wc -l',
  scan: 'Daymark: scan, bare engine',
  http: 'Daymark: scan, over HTTP',
  csv: 'Daymark: csv, bare engine',
  duckDb: 'DuckDB',
  duckDbUnpivot: 'DuckDB, unpivot first',
  polars: 'Polars',
  polarsUnpivot: 'Polars, unpivot first',
  pandas: 'pandas',
  pandasUnpivot: 'pandas, unpivot first',
  pyspark: 'PySpark',
  pysparkUnpivot: 'PySpark, unpivot first',
} as const;

/** Those who make a day of sales. */
export const salesNames = {
  columns: 'Daymark: columns, over HTTP',
  sql: 'Daymark: sql, over HTTP',
  duckDb: 'DuckDB, its query alone',
  polars: 'Polars',
  pandas: 'pandas',
  pyspark: 'PySpark',
  dbt: 'dbt-duckdb, microbatch',
} as const;

export const httpNames = {
  bare: 'bare Fastify route',
  bareRedis: 'bare Fastify route with a Redis GET',
  checkpoint: 'GET /v1/checkpoint',
  days: 'GET /v1/days (7 days)',
  run: 'POST /v1/runs?wait=60, nothing to do',
} as const;

/** Beside the growth with history. */
export const plainStatsName = 'the same `lstat`s in C, two threads';
