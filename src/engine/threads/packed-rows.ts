/**
 * Rows on their way from a thread. As objects, a million of them would block the receiver for a second; as long texts
 * they are copied at once, and split piece by piece.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cell } from '../../model/column.js';
import type { Row } from '../../model/row.js';

/** No cell holds it, since raw text must not. */
const separator = '\0';
const packedLength = 1_000_000;

export function packRows(rows: readonly Row[]): string[] {
  const packed: string[] = [];
  let cells: Cell[] = [];
  let length = 0;
  for (const { key, values } of rows) {
    for (const cell of [...key, ...values]) {
      cells.push(cell);
      length += 1 + (cell?.length ?? 0);
    }
    if (length < packedLength) continue;
    packed.push(cells.join(separator));
    [cells, length] = [[], 0];
  }
  return length === 0 ? packed : [...packed, cells.join(separator)];
}

/** Rows with `keys` cells that name them, and `values` others. */
export async function unpackRows(
  packed: readonly string[],
  keys: number,
  values: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const text of packed) {
    const cells = text.split(separator).map((cell) => (cell === '' ? null : cell));
    for (let at = 0; at < cells.length; at += keys + values) {
      const valuesAt = at + keys;
      rows.push({
        key: cells.slice(at, valuesAt),
        values: cells.slice(valuesAt, valuesAt + values),
      });
    }
    await nextTurn();
  }
  return rows;
}
