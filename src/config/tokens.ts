/**
 * Tokens as they are configured: several of each kind, so that one can be replaced while the other still works, each
 * with a name for the log.
 */
import type { Conflict } from './setting.js';

export interface NamedToken {
  /** For people and the log. */
  readonly name: string;
  /** The secret itself: never log it. */
  readonly token: string;
}

/** The length that a random token needs to make guessing hopeless. */
export const minTokenChars = 16;

export type TokenKind = 'read' | 'operate';

/** The text before the first colon of an entry is its name if it looks like one. */
const namedEntry = /^([A-Za-z0-9_.-]{1,64}):(.*)$/;

/** Each is `token` or `name:token`. One without a name is called by its kind and position, such as `operate-2`. */
export function parseTokens(kind: TokenKind, entries: readonly string[]): readonly NamedToken[] {
  return entries.map((entry, index) => {
    const [, name = `${kind}-${index + 1}`, token = entry] = namedEntry.exec(entry) ?? [];
    return { name, token };
  });
}

export interface TokenSets {
  readonly read: readonly NamedToken[];
  readonly operate: readonly NamedToken[];
}

/** Sentences about what is wrong with them; none repeats a token. */
export function tokenConflicts({ read, operate }: TokenSets): Conflict[] {
  const both = 'DAYMARK_READ_TOKEN and DAYMARK_OPERATE_TOKEN';
  const all = [...read, ...operate];
  return [
    [
      read.length > 0 && operate.length === 0,
      'DAYMARK_READ_TOKEN is set without DAYMARK_OPERATE_TOKEN, so nobody could start a run. Set both.',
    ],
    [
      read.some(({ token }) => operate.some((other) => other.token === token)),
      `${both} are the same, or share a token; use different ones.`,
    ],
    [
      [read, operate].some((tokens) => hasTwice(tokens.map(({ token }) => token))),
      `${both} hold a token twice; give it once.`,
    ],
    [
      hasTwice(all.map(({ name }) => name)),
      `${both} give one name to two tokens; the log could not tell them apart.`,
    ],
    [
      all.some(({ token }) => token === ''),
      `${both} hold a name without a token; write name:token.`,
    ],
    [
      all.some(({ token }) => /[^\x21-\x7e]/.test(token)),
      `${both} cannot hold white space or characters beyond ASCII.`,
    ],
  ];
}

function hasTwice(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}
