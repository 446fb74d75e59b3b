/**
 * The form of a key in a cursor. Texts, such as the names of columns, may take up to a mebibyte, and cursors go into URLs, whose length
 * is bounded: a long name is cut, and a hash of the whole distinguishes it from others that begin the same way.
 */
import { createHash } from 'node:crypto';
import { type Cell, compareCellsOf, type OutputShape } from '../model/column.js';
import { compareTexts } from '../model/text-order.js';

/** Two of them, each character in six bytes, take 4 KiB of a URL. */
const longestWhole = 256;

export function cursorCell(cell: Cell): Cell {
  if (cell === null || cell.length <= longestWhole) return cell;
  return `${beginning(cell)}#${createHash('sha256').update(cell).digest('hex')}`;
}

/**
 * Whether the row of `key` comes no later than the one that `told` is of. Among texts that begin alike a cut one
 * has no place: they count as later, so that a row may be returned twice but is never left out.
 */
export function isNotBehind(
  { keys }: Pick<OutputShape, 'keys'>,
  key: readonly Cell[],
  told: readonly Cell[],
): boolean {
  for (const [index, { type }] of keys.entries()) {
    const [cell, name] = [key[index] as Cell, told[index] as Cell];
    if (cursorCell(cell) === name) continue;
    if (cell === null || name === null) return cell === null;
    const isCut = name.length > longestWhole;
    return isCut ? compareTexts(cell, beginning(name)) < 0 : compareCellsOf(type)(cell, name) < 0;
  }
  return true;
}

/** Never half of a surrogate pair, which would have another place in the order. */
function beginning(name: string): string {
  return name.slice(0, longestWhole).replace(/[\ud800-\udbff]$/, '');
}
