/** What is made of a raw day, told by a short hash: a day of the ledger remembers under which one it was made. */
import { createHash } from 'node:crypto';
import type { DayLayout } from './day.js';

/** 16 hexadecimal digits; the order of the columns does not count. */
export function definitionOf({ name }: DayLayout, ignoredColumns: ReadonlySet<string>): string {
  const definition = { kind: 'wide', layout: name, ignored: [...ignoredColumns].sort() };
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 16);
}
