/** One name of a path template: which names match, and which parts of a day they hold. */

/** `index` is a whole day that is a number; the others are the parts of a date. */
export type DayPart = 'index' | 'yyyy' | 'MM' | 'dd';

export type DayParts = Readonly<Partial<Record<DayPart, string>>>;

export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly anyCase: boolean }
  | { readonly kind: 'part'; readonly part: DayPart }
  /** `*`: any characters, or none. */
  | { readonly kind: 'any' }
  /** `?`: one character. */
  | { readonly kind: 'one' };

export type Pattern = readonly Token[];

export interface Segment {
  /** As it is written. */
  readonly source: string;
  /** A name must match one of them. */
  readonly patterns: readonly Pattern[];
}

/** Every way to read the name that gives a different day; empty if the name does not match. */
export function readName({ patterns }: Segment, name: string): DayParts[] {
  const found = new Map<string, DayParts>();
  for (const pattern of patterns) readBy(pattern, name, found);
  return [...found.values()];
}

/** No state is visited twice, so that several `*` cannot make it slow. */
function readBy(pattern: Pattern, name: string, found: Map<string, DayParts>): void {
  const seen = pattern.filter(({ kind }) => kind === 'any').length > 1 ? new Set<string>() : null;
  const visit = (index: number, at: number, parts: DayParts) => {
    const token = pattern[index];
    if (token === undefined) {
      if (at === name.length) found.set(JSON.stringify(parts), parts);
      return;
    }
    if (seen !== null) {
      const state = `${index} ${at} ${JSON.stringify(parts)}`;
      if (seen.has(state)) return;
      seen.add(state);
    }
    for (const end of endsOf(token, name, at)) {
      const more = token.kind === 'part' ? { [token.part]: name.slice(at, end) } : {};
      visit(index + 1, end, { ...parts, ...more });
    }
  };
  visit(0, 0, {});
}

/** The positions where a match of the token that begins at `at` can end. */
function endsOf(token: Token, name: string, at: number): number[] {
  switch (token.kind) {
    case 'text': {
      const end = at + token.text.length;
      return isSameText(name.slice(at, end), token) ? [end] : [];
    }
    case 'part':
      return endOfPart(token.part, name, at);
    case 'any':
      return Array.from({ length: name.length - at + 1 }, (_, length) => at + length);
    case 'one': {
      const code = name.codePointAt(at);
      return code === undefined ? [] : [at + (code > 0xffff ? 2 : 1)];
    }
  }
}

function isSameText(found: string, { text, anyCase }: Token & { kind: 'text' }): boolean {
  return found === text || (anyCase && found.toLowerCase() === text.toLowerCase());
}

const shapes: Readonly<Record<DayPart, RegExp>> = {
  // With all its digits: 12 is not day 1 followed by a 2.
  index: /(?<![0-9])(?:0|[1-9][0-9]*)(?![0-9])/y,
  yyyy: /[0-9]{4}/y,
  MM: /0[1-9]|1[0-2]/y,
  dd: /0[1-9]|[12][0-9]|3[01]/y,
};

function endOfPart(part: DayPart, name: string, at: number): number[] {
  const shape = shapes[part];
  shape.lastIndex = at;
  const [found] = shape.exec(name) ?? [];
  return found === undefined ? [] : [at + found.length];
}

/** The only names that match and hold these parts; null if wildcards allow others. */
export function namesWith({ patterns }: Segment, parts: DayParts): string[] | null {
  if (!patterns.every((pattern) => pattern.every(isPlain))) return null;
  return patterns.map((pattern) => write(pattern, parts));
}

function isPlain(token: Token): boolean {
  return token.kind === 'part' || (token.kind === 'text' && !token.anyCase);
}

/** A name that matches, with nothing for `*` and `x` for `?`. */
export function write(pattern: Pattern, parts: DayParts): string {
  const texts = pattern.map((token) => {
    if (token.kind === 'text') return token.text;
    if (token.kind === 'part') return parts[token.part] ?? '';
    return token.kind === 'one' ? 'x' : '';
  });
  return texts.join('');
}
