/** How one name of a path template is written: text, `*`, `?`, `{a,b}`, `{day}`, `{day:yyyyMMdd}`; `\` escapes a character. */
import type { DayLayout } from './day.js';
import type { DayPart, Pattern, Segment, Token } from './path-segment.js';

/** `at` counts from 0 at the start of the name. */
export type Tell = (message: string, at: number) => void;

const lexemes =
  /\\(?<escaped>.)|\{day(?::(?<format>[^{}]*))?\}|(?<sign>\*+|[?{},[\\])|(?<text>[^\\?*{},[]+)/gsu;

/** An open `{`, or the whole name: the complete alternatives, and the one being read. */
interface Frame {
  readonly at: number;
  readonly done: Pattern[];
  open: Pattern[];
}

/** More than anyone would write on purpose. */
const mostPatterns = 256;

export function parseSegment(source: string, layout: DayLayout, tell: Tell): Segment {
  const frames: [Frame, ...Frame[]] = [newFrame(0)];
  for (const match of source.matchAll(lexemes)) {
    const { index: at, groups = {} } = match;
    if (opensOrCloses(groups['sign'], at, frames, source, tell)) continue;
    const tellHere = (message: string) => tell(message, at);
    extend(frames, [tokensOf(groups, layout, frames.length > 1, tellHere)], tellHere);
  }
  for (const { at } of frames.slice(1)) tell(notClosed, at);
  return { source, patterns: frames[0].open.map(merged) };
}

/** Whether the character belongs to alternatives. Elsewhere a comma is text. */
function opensOrCloses(
  sign: string | undefined,
  at: number,
  frames: Frame[],
  source: string,
  tell: Tell,
): boolean {
  if (sign === '{') {
    frames.push(newFrame(at));
    return true;
  }
  if (frames.length === 1 || (sign !== ',' && sign !== '}')) return false;
  const frame = frames.at(-1) as Frame;
  if (sign === ',') {
    frame.done.push(...frame.open);
    frame.open = [[]];
    return true;
  }
  frames.pop();
  if (frame.done.length === 0) tell(unknownName(source.slice(frame.at, at + 1)), frame.at);
  extend(frames, [...frame.done, ...frame.open], (message) => tell(message, frame.at));
  return true;
}

function newFrame(at: number): Frame {
  return { at, done: [], open: [[]] };
}

function extend(
  frames: readonly Frame[],
  patterns: readonly Pattern[],
  tell: (message: string) => void,
): void {
  const frame = frames.at(-1) as Frame;
  const all = frame.open.flatMap((start) => patterns.map((end) => [...start, ...end]));
  if (all.length > mostPatterns) tell('These alternatives have too many combinations.');
  frame.open = all.slice(0, mostPatterns);
}

const notClosed =
  'This { is not closed before the name ends; alternatives cannot contain /. For a literal brace write \\{.';

function unknownName(text: string): string {
  return `${text} is not known: write {day} for the day, {a,b} for alternatives, and \\{ for a literal brace.`;
}

function textToken(text: string): Token {
  return { kind: 'text', text, anyCase: false };
}

function tokensOf(
  { escaped, text = escaped, sign, format }: Readonly<Record<string, string>>,
  layout: DayLayout,
  isNested: boolean,
  tell: (message: string) => void,
): Pattern {
  if (text !== undefined) return [textToken(text)];
  if (sign === undefined) {
    if (isNested) tell('The day cannot be inside alternatives.');
    return dayTokens(format, layout, tell);
  }
  const mistake = sign.length > 1 ? `${sign} is not known: ${oneStar}` : misplaced[sign];
  if (mistake !== undefined) tell(mistake);
  if (sign.startsWith('*')) return [{ kind: 'any' }];
  return sign === '?' ? [{ kind: 'one' }] : [textToken(sign)];
}

const oneStar = 'a * matches part of one name; write each folder on the way.';

const misplaced: Readonly<Record<string, string>> = {
  '[': '[ is not known: write {a,b} for alternatives, and \\[ for a literal bracket.',
  '}': 'This } closes nothing; for a literal brace write \\}.',
  '\\': 'There is nothing after this \\.',
};

function dayTokens(
  format: string | undefined,
  { name }: DayLayout,
  tell: (message: string) => void,
): Pattern {
  if (name === 'index') {
    if (format !== undefined)
      tell(`{day:${format}} is for dates; if days are numbers, write {day}.`);
    return [{ kind: 'part', part: 'index' }];
  }
  const written = format ?? 'yyyy-MM-dd';
  if (!/^(?:yyyy|MM|dd|[^A-Za-z0-9])+$/.test(written)) {
    tell(
      `{day:${written}} is not known: a date is written with yyyy, MM and dd, such as {day:yyyyMMdd}.`,
    );
    return [];
  }
  const pieces = written.match(/yyyy|MM|dd|[^A-Za-z0-9]+/g) ?? [];
  return pieces.map((piece) => (isPart(piece) ? { kind: 'part', part: piece } : textToken(piece)));
}

function isPart(piece: string): piece is DayPart {
  return piece === 'yyyy' || piece === 'MM' || piece === 'dd';
}

/** Merges adjacent texts. */
function merged(pattern: Pattern): Pattern {
  const tokens: Token[] = [];
  for (const token of pattern) {
    const last = tokens.at(-1);
    if (last?.kind === 'text' && token.kind === 'text') {
      tokens[tokens.length - 1] = textToken(last.text + token.text);
    } else tokens.push(token);
  }
  return tokens;
}
