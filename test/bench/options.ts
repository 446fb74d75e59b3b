import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

/** What runs where nothing is named. */
export const usualParts = ['days', 'large', 'growth', 'http', 'columns', 'backfill'] as const;
/** What docs/PERFORMANCE.md is made of. */
export const pageParts = [...usualParts, 'memory'] as const;
export const partNames = [...pageParts, 'scale', 'datasets'] as const;
export type PartName = (typeof partNames)[number];

export interface BenchOptions {
  readonly quick: boolean;
  readonly parts: readonly PartName[];
  /** Where raw days and outputs are made. */
  readonly dir: string;
  readonly python: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: BenchOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly sentence: string };

export const help = `Measures Daymark beside others, side by side in one run.

Usage: npm run bench -- [options]

  --quick           smaller work and fewer rounds: some three minutes
  --only PART       one of these; may be given more than once (all but the last three)
                      days    one day aggregated: engines, over HTTP, DuckDB, Polars, pandas, PySpark, wc -l
                      large   one day of 5 GB over HTTP, with the service's peak memory
                      growth  a one-day run and each GET, as history grows to 3,650 days
                      http    requests a second, beside bare Fastify routes
                      columns one day of 10,000,000 rows of typed columns, as CSV and as Parquet: columns and sql over HTTP,
                              DuckDB, Polars, pandas, PySpark, dbt-duckdb: some twenty minutes
                      backfill
                              3,650 small days in one run, beside a run of one
                      memory  of the service and DuckDB, over 500 runs: some five minutes
                      scale   what the control plane itself needs, from 10 to 100,000 days: some five minutes
                      datasets
                              the same for 1, 10 and 50 datasets of 400 days in one process
  --without-python  leave Polars, pandas, PySpark and dbt out
  --dir FOLDER      where to put raw days and outputs (${tmpdir()}); the full run needs about 7 GB
  --help            this text

Results go to .bench/results (with --quick: .bench/quick), one file for each part. After a full run,
npm run bench:docs takes them over into docs/performance, writes docs/PERFORMANCE.md again, and the tables of
docs/SCALE.md.
`;

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [...usualParts] },
        dir: { type: 'string', default: tmpdir() },
        'without-python': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const unknown = values.only.find((name) => !partNames.some((part) => part === name));
    if (unknown !== undefined) {
      return mistake(`--only is one of ${partNames.join(', ')}, not "${unknown}".`);
    }
    const parts = partNames.filter((part) => values.only.includes(part));
    const { quick, dir } = values;
    return { kind: 'options', options: { quick, parts, dir, python: !values['without-python'] } };
  } catch (error) {
    // parseArgs speaks in sentences; its other errors would be ours.
    if (!(error instanceof TypeError)) throw error;
    return mistake(error.message);
  }
}

function mistake(sentence: string): ParsedOptions {
  return { kind: 'mistake', sentence };
}
