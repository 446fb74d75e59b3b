/**
 * The values of JSON where they stand in a text. Not by `JSON.parse`, which rounds numbers and keeps the last of two
 * fields of one name; it is used for what is neither: strings with escapes, and objects that nobody asked for.
 */

export class NotJson extends Error {
  constructor(
    /** In the text. */
    readonly at: number,
    message: string,
    /** Whether the line ends too early. */
    readonly isCut = false,
  ) {
    super(message);
  }
}

export type ValueKind = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array';

/** Between quotes and escapes: no control character, quote or backslash. */
const stringForm = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[ !#-[\]-\uffff]*)*"/y;
const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** As Python writes them. */
const notANumber = /-?(?:NaN|Infinity)/y;
const literals: Readonly<Record<string, readonly [text: string, kind: ValueKind]>> = {
  ...{ t: ['true', 'boolean'], f: ['false', 'boolean'], n: ['null', 'null'] },
};
const bracket = /["{}[\]\n]/g;

const codes = { tab: 0x09, cr: 0x0d, blank: 0x20, lineFeed: 0x0a } as const;

/** V8 keeps the whole text alive for a part of it that is at least this long. */
const sharedLength = 13;

/** A line end is no blank: a value ends in the line in which it begins. */
export class JsonText {
  /** Of the next sign. */
  at = 0;
  /** Where the last string or value begins; it ends at `at`. */
  from = 0;

  constructor(readonly text: string) {}

  /** The next sign that is no blank; empty at the end of the line. */
  peek(): string {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== codes.blank && code !== codes.tab && code !== codes.cr) {
        return code === codes.lineFeed ? '' : this.text.charAt(this.at);
      }
      this.at += 1;
    }
  }

  /** Throws NotJson where another sign is next. */
  take(sign: string): void {
    if (this.peek() !== sign) throw this.unexpected(sign);
    this.at += 1;
  }

  unexpected(expected: string): NotJson {
    const isCut = this.peek() === '';
    const found = isCut ? 'the line ends' : `there is ${JSON.stringify(this.peek())}`;
    return new NotJson(this.at, `${found} where ${expected} is expected`, isCut);
  }

  /** Passes a string. Throws NotJson. */
  string(): void {
    this.from = this.at;
    if (!this.#passes(stringForm)) throw this.#badString();
  }

  /** Passes a value, and the blanks in front of it. Objects and arrays are passed whole. Throws NotJson. */
  value(): ValueKind {
    const sign = this.peek();
    this.from = this.at;
    if (sign === '"') {
      this.string();
      return 'string';
    }
    if (sign === '{' || sign === '[') return this.#nested(sign);
    const [literal = '', kind] = literals[sign] ?? [];
    if (kind !== undefined && this.text.startsWith(literal, this.at)) {
      this.at += literal.length;
      return kind;
    }
    if (!this.#passes(numberForm)) throw this.#noValue();
    return 'number';
  }

  /** What was passed last, as it is written. */
  get source(): string {
    return this.text.slice(this.from, this.at);
  }

  #passes(form: RegExp): boolean {
    form.lastIndex = this.at;
    if (!form.test(this.text)) return false;
    this.at = form.lastIndex;
    return true;
  }

  #noValue(): NotJson {
    notANumber.lastIndex = this.at;
    const [found] = notANumber.exec(this.text) ?? [];
    if (found === undefined) return this.unexpected('a value');
    return new NotJson(this.at, `${found} is no value of JSON; null stands for what is unknown`);
  }

  #badString(): NotJson {
    const end = this.text.indexOf('\n', this.at);
    const line = this.text.slice(this.at + 1, end === -1 ? undefined : end);
    const isClosed = /^(?:[^"\\]|\\.)*"/.test(line);
    return isClosed
      ? new NotJson(this.at, 'the string has a control character, or a \\ that escapes nothing')
      : new NotJson(this.at, 'the string is never closed', true);
  }

  /** Finds the end by counting brackets; whether it is JSON is then told by `JSON.parse`. */
  #nested(sign: '{' | '['): ValueKind {
    const start = this.at;
    this.#passBrackets(start);
    this.from = start;
    try {
      JSON.parse(this.source);
    } catch {
      const what = sign === '{' ? 'object' : 'array';
      throw new NotJson(start, `the ${what} that begins here is not JSON`);
    }
    return sign === '{' ? 'object' : 'array';
  }

  #passBrackets(start: number): void {
    let depth = 0;
    do {
      bracket.lastIndex = this.at;
      const [sign] = bracket.exec(this.text) ?? ['\n'];
      if (sign === '\n')
        throw new NotJson(start, 'what begins here is not closed in its line', true);
      this.at = bracket.lastIndex;
      if (sign === '"') {
        this.at -= 1;
        this.string();
      } else depth += sign === '{' || sign === '[' ? 1 : -1;
    } while (depth > 0);
  }
}

/** The text of a string as it is written, with its quotes. It may have lone surrogates and NUL in it. */
export function textOf(source: string): string {
  if (source.length < sharedLength && !source.includes('\\')) return source.slice(1, -1);
  return JSON.parse(source) as string;
}

const exponentForm = /^(-?)([0-9]+)(?:\.([0-9]+))?[eE]([+-]?[0-9]+)$/;
const mostShift = 1000;

/** A number in digits alone, exactly: `1.5e3` is 1500. Null where it would have more than a thousand of them. */
export function digitsOf(source: string): string | null {
  const own = source.length < sharedLength ? source : (JSON.parse(`"${source}"`) as string);
  const [, sign = '', whole = '', fraction = '', power] = exponentForm.exec(own) ?? [];
  if (power === undefined) return own;
  const digits = `${whole}${fraction}`;
  if (/^0+$/.test(digits)) return '0';
  const shift = Number(power);
  if (Math.abs(shift) > mostShift) return null;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  const padded = digits.padEnd(point, '0');
  const decimals = padded.slice(point);
  return `${sign}${padded.slice(0, point)}${decimals === '' ? '' : `.${decimals}`}`;
}
