/** The form of keys and measures: `zone`, `hour: hour(picked_up)`, `avg("tip, net", 2)`. Their meaning is defined in `parse-columns.ts`. */
import { Misread } from './misread.js';

export interface Word {
  readonly text: string;
  readonly at: number;
}

export interface Expression {
  /** The text before the colon. */
  readonly name: Word | null;
  /** Null for a single word, which is then the only argument. */
  readonly call: Word | null;
  readonly args: readonly Word[];
}

interface Token extends Word {
  readonly kind: 'word' | 'sign' | 'end';
}

/** A name with spaces or punctuation is quoted; a quote in it is doubled. */
const token = /\s*(?:"((?:[^"]|"")*)"|([^\s()",:]+)|([(),:]))/y;

/** Throws Misread. */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  const isNamed =
    tokens[0]?.kind === 'word' && tokens[1]?.text === ':' && tokens[1].kind === 'sign';
  const name = isNamed ? (tokens[0] as Token) : null;
  const read = new Tokens(isNamed ? tokens.slice(2) : tokens);
  const first = read.word('a column or a function');
  const isCall = read.has('(');
  const args = isCall ? argumentsOf(read) : [first];
  read.end();
  return { name, call: isCall ? first : null, args };
}

function argumentsOf(read: Tokens): Word[] {
  const args: Word[] = [];
  if (read.has(')')) return args;
  do args.push(read.word(args.length === 0 ? 'a column or )' : 'an argument'));
  while (read.has(','));
  if (!read.has(')')) read.fail(', or )');
  return args;
}

class Tokens {
  #next = 0;

  constructor(readonly all: readonly Token[]) {}

  word(expected: string): Word {
    if (this.#token.kind !== 'word') this.fail(expected);
    this.#next += 1;
    return this.all[this.#next - 1] as Token;
  }

  has(sign: string): boolean {
    const isThere = this.#token.kind === 'sign' && this.#token.text === sign;
    if (isThere) this.#next += 1;
    return isThere;
  }

  end(): void {
    const { kind, text, at } = this.#token;
    if (kind === 'end') return;
    const message = `${JSON.stringify(text)} is unexpected; a name with spaces or punctuation must be quoted`;
    throw new Misread(at, message);
  }

  fail(expected: string): never {
    const { kind, text, at } = this.#token;
    const found = kind === 'end' ? 'the text ends' : `${JSON.stringify(text)} stands`;
    throw new Misread(at, `${found} where ${expected} is expected`);
  }

  get #token(): Token {
    return this.all[this.#next] as Token;
  }
}

/** The last one is the end. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const from = token.lastIndex;
    const [all, quoted, bare, sign] = token.exec(text) ?? [];
    if (all === undefined) throw new Misread(text.indexOf('"', from), 'this quote is never closed');
    const at = from + all.length - all.trimStart().length;
    const word = quoted?.replaceAll('""', '"') ?? bare;
    tokens.push({ kind: word === undefined ? 'sign' : 'word', text: word ?? sign ?? '', at });
  }
  return [...tokens, { kind: 'end', text: '', at: end }];
}
