/**
 * What a cursor says of a category. Names of columns may take up to a mebibyte, and cursors go into URLs, whose length
 * is bounded: a long name is cut, and a hash of all of it tells it from others that begin alike.
 */
import { createHash } from 'node:crypto';
import { compareTexts } from '../model/text-order.js';

/** Two of them, each character in six bytes, take 4 KiB of a URL. */
const longestWhole = 256;

export function cursorName(category: string): string {
  if (category.length <= longestWhole) return category;
  return `${beginning(category)}#${createHash('sha256').update(category).digest('hex')}`;
}

/**
 * Whether `category` comes no later than the one that `name` is of. Among names that begin alike a cut one has no
 * place: they count as later, so that a row is rather told twice than left out.
 */
export function isNotBehind(category: string, name: string): boolean {
  if (cursorName(category) === name) return true;
  const isCut = name.length > longestWhole;
  return compareTexts(category, isCut ? beginning(name) : name) < 0;
}

/** Never half of a surrogate pair, which would have another place in the order. */
function beginning(name: string): string {
  return name.slice(0, longestWhole).replace(/[\ud800-\udbff]$/, '');
}
