import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { threads } from '../facts.js';
import type { RawDayFile } from '../workloads/raw-day.js';
import type { Attempt, Contestant } from './contestant.js';

/**
 * `sums-first` adds up each hour's columns and turns the 24 rows on their side; `unpivot-first` makes a row
 * of every cell before it adds up, as is commonly written.
 */
export type QueryForm = 'sums-first' | 'unpivot-first';

/** DuckDB in this process: its query alone, with the types of all columns given, so that it need not look. */
export function duckDb(name: string, form: QueryForm): Contestant {
  return {
    name,
    enter: async (day) => {
      const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
      const connection = await instance.connect();
      const sql = queries[form](readCsv(day));
      return {
        attempt: () => query(connection, sql),
        leave: async () => {
          connection.closeSync();
          instance.closeSync();
        },
      };
    },
  };
}

async function query(connection: DuckDBConnection, sql: string): Promise<Attempt> {
  const startedAt = performance.now();
  const reader = await connection.runAndReadAll(sql);
  const ms = performance.now() - startedAt;
  const rows = reader.getRows().map(([hour, category, items]) => ({
    hour: Number(hour),
    category: String(category),
    items: Number(items),
  }));
  return { ms, jobMs: null, rows };
}

const noCategories = 'order_id, order_dow, days_since_prior_order';

const queries: Record<QueryForm, (source: string) => string> = {
  'sums-first': (source) => `
    SELECT * FROM (
      UNPIVOT (
        SELECT order_hour_of_day, sum(COLUMNS(* EXCLUDE (${noCategories}, order_hour_of_day)))
        FROM ${source} GROUP BY order_hour_of_day
      ) ON COLUMNS(* EXCLUDE order_hour_of_day) INTO NAME category VALUE items
    ) WHERE items > 0`,
  'unpivot-first': (source) => `
    SELECT order_hour_of_day, category, sum(items) AS total FROM (
      UNPIVOT (SELECT * EXCLUDE (${noCategories}) FROM ${source})
      ON COLUMNS(* EXCLUDE order_hour_of_day) INTO NAME category VALUE items
    ) GROUP BY ALL HAVING total > 0`,
};

function readCsv({ path, columns }: RawDayFile): string {
  const types = columns.map(
    (name) => `'${name}': '${name === 'order_id' ? 'INTEGER' : 'SMALLINT'}'`,
  );
  return `read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"',
    escape = '"', new_line = '\\n', columns = {${types.join(', ')}})`;
}
