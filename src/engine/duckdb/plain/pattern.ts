/**
 * Patterns of bytes, written as a part of regular expressions: `[a-z]`, `( | )`, `?`, `*`, `{2}`, `{1,6}`, and `\` before
 * a byte that means itself. Each character stands for the byte of its code, 0 to 255.
 */
export type Pattern =
  | { readonly kind: 'byte'; readonly of: ReadonlySet<number> }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Pattern[] }
  | {
      readonly kind: 'repeat';
      readonly part: Pattern;
      readonly least: number;
      /** Infinity for any number. */
      readonly most: number;
    };

/** As a pattern that matches nothing but `text`, in UTF-8. */
export function literal(text: string): string {
  return Buffer.from(text).toString('latin1').replace(/./gs, '\\$&');
}

/** `text` comes from this program: a mistake in it is not looked for. */
export function parsePattern(text: string): Pattern {
  return new PatternReader(text).choice();
}

class PatternReader {
  #at = 0;

  constructor(readonly text: string) {}

  choice(): Pattern {
    const parts = [this.#sequence()];
    while (this.#takes('|')) parts.push(this.#sequence());
    return { kind: 'choice', parts };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#at < this.text.length && !'|)'.includes(this.text[this.#at] as string))
      parts.push(this.#repeated(this.#one()));
    return { kind: 'sequence', parts };
  }

  #one(): Pattern {
    if (this.#takes('(')) {
      const inner = this.choice();
      this.#at += 1;
      return inner;
    }
    if (this.#takes('[')) return this.#range();
    this.#takes('\\');
    return { kind: 'byte', of: new Set([this.#byte()]) };
  }

  #range(): Pattern {
    const of = new Set<number>();
    while (!this.#takes(']')) {
      const first = this.#byte();
      const last = this.#takes('-') ? this.#byte() : first;
      for (let byte = first; byte <= last; byte += 1) of.add(byte);
    }
    return { kind: 'byte', of };
  }

  #repeated(part: Pattern): Pattern {
    if (this.#takes('?')) return { kind: 'repeat', part, least: 0, most: 1 };
    if (this.#takes('*')) return { kind: 'repeat', part, least: 0, most: Number.POSITIVE_INFINITY };
    if (!this.#takes('{')) return part;
    const end = this.text.indexOf('}', this.#at);
    const [least = 0, most = least] = this.text.slice(this.#at, end).split(',').map(Number);
    this.#at = end + 1;
    return { kind: 'repeat', part, least, most };
  }

  #byte(): number {
    this.#at += 1;
    return this.text.charCodeAt(this.#at - 1);
  }

  #takes(sign: string): boolean {
    if (this.text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }
}
