/**
 * Follows rows, cells and quotes through the bytes of a file after its header, so that Daymark knows by itself what
 * rows there are: DuckDB passes over many faults in silence, such as text behind a quote, or a cell too many.
 */
import { longestRawRowBytes } from '../../core/raw-row.js';
import type { CsvForm } from '../../model/columns-definition.js';
import { cutOffLength, illFormedAt } from '../csv/utf8.js';

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/** What a byte is; any other is 0. */
const [delimiter, quote, lineEnd, carriage, never] = [1, 2, 3, 4, 5];

/** Where a byte stands; a carriage return is told apart on a line with nothing else. */
const [atRow, atCell, inCell, inQuotes, afterQuote, afterCr, blankCr, odd] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];

/** By where a byte stands, and what it is: other, delimiter, quote, line feed, carriage return, never. */
const steps = Uint8Array.from(
  [
    [inCell, atCell, inQuotes, atRow, blankCr, odd],
    [inCell, atCell, inQuotes, atRow, afterCr, odd],
    [inCell, atCell, odd, atRow, afterCr, odd],
    [inQuotes, inQuotes, afterQuote, inQuotes, inQuotes, odd],
    [odd, atCell, inQuotes, atRow, afterCr, odd],
    [odd, odd, odd, atRow, odd, odd],
    [odd, odd, odd, atRow, odd, odd],
  ].flatMap((row) => [...row, odd, odd]),
);

export class TextShape {
  /** Blank lines are not rows. */
  rows = 0;
  blankLines = 0;
  /** Whether a quoted cell holds a line feed. */
  spansLines = false;
  #state = atRow;
  /** Of the row at hand, so far. */
  #cells = 1;
  #rowBytes = 0;
  #held: Uint8Array = new Uint8Array();
  readonly #kinds = new Uint8Array(256);

  constructor(
    /** Cells of each row. */
    readonly width: number,
    form: Pick<CsvForm, 'delimiter' | 'quote'>,
  ) {
    this.#kinds[0] = never;
    this.#kinds[lineFeed] = lineEnd;
    this.#kinds[carriageReturn] = carriage;
    this.#kinds[form.delimiter.charCodeAt(0)] = delimiter;
    if (form.quote !== null) this.#kinds[form.quote.charCodeAt(0)] = quote;
  }

  /** Returns false, once and for all, if anything is odd; the reference refuses nearly all of that. */
  pass(chunk: Uint8Array): boolean {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const whole = bytes.length - cutOffLength(bytes);
    this.#held = Buffer.from(bytes.subarray(whole));
    return this.#check(bytes.subarray(0, whole));
  }

  /** At the end of the file. */
  finish(): boolean {
    if (!this.#check(this.#held)) return false;
    const state = this.#state;
    if (state === atRow) return true;
    return state !== inQuotes && state !== afterCr && state !== blankCr && this.#endRow(state);
  }

  #check(bytes: Uint8Array): boolean {
    return illFormedAt(bytes) === bytes.length && this.#follow(bytes);
  }

  #follow(bytes: Uint8Array): boolean {
    const kinds = this.#kinds;
    let state = this.#state;
    let rowStart = -this.#rowBytes;
    for (let at = 0; at < bytes.length; at += 1) {
      const kind = kinds[bytes[at] as number] as number;
      const next = steps[state * 8 + kind] as number;
      if (next === atCell) this.#cells += 1;
      else if (next === atRow) {
        if (at - rowStart >= longestRawRowBytes || !this.#endRow(state)) return false;
        rowStart = at + 1;
      } else if (next === odd) return false;
      else if (kind === lineEnd) this.spansLines = true;
      state = next;
    }
    this.#state = state;
    this.#rowBytes = bytes.length - rowStart;
    return this.#rowBytes < longestRawRowBytes;
  }

  /** `state` is that of its end. Returns whether the row is as wide as the header. */
  #endRow(state: number): boolean {
    const cells = this.#cells;
    this.#cells = 1;
    if (state === atRow || state === blankCr) {
      this.blankLines += 1;
      return true;
    }
    this.rows += 1;
    return cells === this.width;
  }
}
