/** Reads what the DuckDB process writes. None of it is believed before it was checked. */
import { z } from 'zod';
import type { DuckRow } from './duckdb.js';
import type { FromDuck } from './messages.js';

const count = z.int().nonnegative();
const column = z.strictObject({ name: z.string(), type: z.string() });
const failure = z.strictObject({
  kind: z.enum(['query', 'data', 'refused', 'memory']),
  message: z.string(),
  at: count.nullable(),
});

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('progress'), id: count, share: z.number().min(0).max(1) }),
  z.strictObject({
    kind: z.literal('rows'),
    id: count,
    // Too many for a schema.
    rows: z.custom<readonly DuckRow[]>(areRows),
  }),
  z.strictObject({ kind: z.literal('end'), id: count, rows: count, rssBytes: count }),
  z.strictObject({
    kind: z.literal('columns'),
    id: count,
    columns: z.array(column),
    rssBytes: count,
  }),
  z.strictObject({ kind: z.literal('failed'), id: count, failure, rssBytes: count }),
  z.strictObject({ kind: z.literal('broken'), message: z.string() }),
]);

/** Null if the line is not one of the messages. */
export function readMessage(line: string): FromDuck | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Some at least, each as wide as the others. */
function areRows(value: unknown): boolean {
  if (!Array.isArray(value) || !Array.isArray(value[0])) return false;
  const width = value[0].length;
  return value.every(
    (row: unknown) => Array.isArray(row) && row.length === width && row.every(isCell),
  );
}

function isCell(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
