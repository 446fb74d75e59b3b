import type { RawFile } from '../../core/ports/raw.js';
import { usualCsv } from '../../model/columns-definition.js';
import type { RawProblem } from '../../model/raw-problem.js';
import { FileFault, problemIn } from '../problems.js';
import { RowScan, type ScanFault } from './row-scan.js';
import { cutOffLength, illFormedAt } from './utf8.js';

export interface Passed {
  /** The text that may be parsed: everything before the fault. */
  readonly bytes: Buffer;
  readonly fault: FileFault | null;
}

const nothing = Buffer.alloc(0);
const longestSignatureBytes = 3;
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

const scanMessages: Record<ScanFault, string> = {
  nul: 'a NUL byte; the file is damaged, or not UTF-8 text',
  'lone-cr': 'a line ends with CR alone (old Mac line ends); LF or CRLF is expected',
  'long-row': 'the row is longer than 1 MiB',
};

const openQuote = '; perhaps a quote in it is never closed';

/**
 * Passes only text that csv-parse reads faithfully: csv-parse itself replaces bytes that are not
 * UTF-8, accepts NUL, and takes a file with old Mac line ends for one long header.
 *
 * The result does not depend on how the file is cut into chunks.
 */
export class TextGuard {
  readonly #scan: RowScan;
  #held: Buffer = nothing;
  #begun = false;
  /** Whether nothing but byte order marks was seen: programs that write one each may leave several. */
  #atMarks = true;

  constructor(
    readonly file: Pick<RawFile, 'name' | 'form'>,
    readonly quote: string | null = usualCsv.quote,
  ) {
    this.#scan = new RowScan(quote);
  }

  /** The physical line where the row begins that was not passed whole. */
  get rowLine(): number {
    return this.#scan.rowLine;
  }

  pass(chunk: Buffer): Passed {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (!this.#begun && bytes.length < longestSignatureBytes) {
      this.#held = bytes;
      return { bytes: nothing, fault: null };
    }
    const whole = bytes.length - cutOffLength(bytes);
    this.#held = bytes.subarray(whole);
    return this.#check(bytes.subarray(0, whole));
  }

  /** What was held back, at the end of the file. */
  finish(): Passed {
    const passed = this.#check(this.#held);
    return passed.fault === null && this.#scan.endsInLoneCr
      ? { bytes: passed.bytes, fault: this.#faultOf('lone-cr') }
      : passed;
  }

  #check(bytes: Buffer): Passed {
    const foreign = this.#begun ? null : foreignFormat(bytes, this.file);
    this.#begun = true;
    if (foreign !== null) return { bytes: nothing, fault: new FileFault([foreign]) };
    return this.#checkText(this.#atMarks ? this.#withoutMarks(bytes) : bytes);
  }

  /** Of whole characters. */
  #withoutMarks(bytes: Buffer): Buffer {
    let at = 0;
    while (startsWith(bytes.subarray(at), ...byteOrderMark)) at += byteOrderMark.length;
    this.#atMarks = at === bytes.length;
    return bytes.subarray(at);
  }

  #checkText(bytes: Buffer): Passed {
    const illFormed = illFormedAt(bytes);
    const stop = this.#scan.advance(bytes, illFormed);
    if (stop !== null) {
      return { bytes: bytes.subarray(0, stop.at), fault: this.#faultOf(stop.fault) };
    }
    if (illFormed === bytes.length) return { bytes, fault: null };
    return {
      bytes: bytes.subarray(0, illFormed),
      fault: this.#notUtf8(bytes[illFormed] as number),
    };
  }

  #notUtf8(byte: number): FileFault {
    const value = `0x${byte.toString(16).toUpperCase()}`;
    const message = 'a byte that is not valid UTF-8; save the file as UTF-8';
    return new FileFault([problemIn(this.file.name, message, { line: this.#scan.line, value })]);
  }

  #faultOf(fault: ScanFault): FileFault {
    const line = fault === 'long-row' ? this.#scan.rowLine : this.#scan.line;
    const place = fault === 'nul' ? { line, value: '0x00' } : { line };
    const quote = fault === 'long-row' && this.quote !== null ? openQuote : '';
    return new FileFault([problemIn(this.file.name, `${scanMessages[fault]}${quote}`, place)]);
  }
}

/** A fault visible in the first bytes, or null. The whole file is wrong, so no line is named. */
function foreignFormat(bytes: Buffer, file: Pick<RawFile, 'name' | 'form'>): RawProblem | null {
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
    return problemIn(file.name, 'the file is UTF-16; save it as UTF-8');
  }
  const kind = compressions.find(({ signature }) => startsWith(bytes, ...signature));
  if (kind === undefined) return null;
  const { name, ending } = kind;
  return problemIn(
    file.name,
    file.form.compression === name
      ? `the file is ${name} data within ${name} data; compress it once`
      : `the file is ${name} data; name it .${file.form.format}${ending}`,
  );
}

/** No text begins like that: the zstd one is not UTF-8. */
const compressions = [
  { name: 'gzip', ending: '.gz', signature: [0x1f, 0x8b] },
  { name: 'zstd', ending: '.zst', signature: [0x28, 0xb5, 0x2f] },
] as const;

function startsWith(bytes: Buffer, ...signature: number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}
