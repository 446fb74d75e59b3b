import { longestRawRowBytes } from '../../core/raw-row.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export type ScanFault = 'nul' | 'lone-cr' | 'long-row';

/**
 * Follows physical lines, rows and quotes through the bytes of a CSV file, as far as its quotes are valid: csv-parse
 * ends the file at the first invalid one, so counts after it do not matter.
 */
export class RowScan {
  /** Of the next byte, 1-based. Lines end with LF, in quotes too. */
  line = 1;
  /** Where the row of the next byte begins. */
  rowLine = 1;
  #quoted = false;
  #afterCr = false;
  #rowBytes = 0;
  readonly #quote: number;

  /** Without a quote, every line end ends a row. */
  constructor(quote: string | null = '"') {
    this.#quote = quote?.charCodeAt(0) ?? -1;
  }

  /** Scans bytes 0 to `end`; stops at the first that must not be there. */
  advance(
    bytes: Uint8Array,
    end: number,
  ): { readonly at: number; readonly fault: ScanFault } | null {
    let rowStart = -this.#rowBytes;
    for (let at = 0; at < end; at += 1) {
      const byte = bytes[at] as number;
      const fault = this.#faultOf(byte, at - rowStart);
      if (fault !== null) return { at, fault };
      if (this.#step(byte)) rowStart = at + 1;
    }
    this.#rowBytes = end - rowStart;
    return null;
  }

  /** Whether the file ends in a CR that no LF follows. */
  get endsInLoneCr(): boolean {
    return this.#afterCr;
  }

  #faultOf(byte: number, rowBytes: number): ScanFault | null {
    if (this.#afterCr && byte !== lineFeed) return 'lone-cr';
    if (byte === 0) return 'nul';
    return rowBytes >= longestRawRowBytes ? 'long-row' : null;
  }

  /** Returns whether `byte` ends a row. */
  #step(byte: number): boolean {
    this.#afterCr = false;
    if (byte === this.#quote) this.#quoted = !this.#quoted;
    else if (byte === carriageReturn) this.#afterCr = !this.#quoted;
    else if (byte === lineFeed) {
      this.line += 1;
      if (!this.#quoted) this.rowLine = this.line;
      return !this.#quoted;
    }
    return false;
  }
}
