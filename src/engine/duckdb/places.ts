import { DuckFailure } from './duckdb.js';

export function mistakeAt(text: string, message: string, byte: number): DuckFailure {
  return new DuckFailure('query', message, placeIn(text, byte));
}

/** The place in `text` of a byte of its UTF-8; null where it has no such byte. */
export function placeIn(text: string, byte: number): number | null {
  const bytes = Buffer.from(text);
  return byte <= bytes.length ? bytes.toString('utf8', 0, byte).length : null;
}
