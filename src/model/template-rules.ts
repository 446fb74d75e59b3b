/** What a path template must contain, and which files it may name. */
import type { DayLayout } from './day.js';
import { fileFormOf, formEnding, unreadBy } from './file-form.js';
import type { Pattern, Segment, Token } from './path-segment.js';

/** A sentence, and its position in the text, from 0. */
export interface Mistake {
  readonly message: string;
  readonly at: number;
}

export interface PlacedSegment extends Segment {
  readonly at: number;
}

/** Of the names below the root. */
export function mistakesIn(
  text: string,
  segments: readonly PlacedSegment[],
  layout: DayLayout,
  isWide: boolean,
): Mistake[] {
  const mistakes = [...daysIn(text, segments, layout), ...segments.flatMap(namesThatNeverFit)];
  const last = segments.at(-1);
  return last === undefined || mistakes.length > 0 ? mistakes : fileMistakes(text, last, isWide);
}

function daysIn(text: string, segments: readonly PlacedSegment[], { name }: DayLayout): Mistake[] {
  const seen = new Set<string>();
  for (const { patterns, at } of segments) {
    for (const token of patterns[0] ?? []) {
      if (token.kind !== 'part') continue;
      if (seen.has(token.part)) return mistake(toldTwice, at);
      seen.add(token.part);
    }
  }
  if (seen.size === 0) {
    return mistake(`It has no day; put {day} where the day is, such as ${example(text)}.`, 0);
  }
  const needed = name === 'index' ? ['index'] : ['yyyy', 'MM', 'dd'];
  const missing = needed.filter((part) => !seen.has(part)).join(' and ');
  return missing === '' ? [] : mistake(`Its date is incomplete: ${missing} is missing.`, 0);
}

const toldTwice = 'The day, or a part of it, appears twice; one {day} is enough.';

function mistake(message: string, at: number): Mistake[] {
  return [{ message, at }];
}

function example(text: string): string {
  const names = text
    .split('/')
    .filter((name) => /^[^*?{]+$/.test(name) && !/\.[a-z]+$/i.test(name));
  return `${text.startsWith('/') ? '/' : ''}${[...names, '{day}', '*.csv'].join('/')}`;
}

function namesThatNeverFit({ patterns, source, at }: PlacedSegment): Mistake[] {
  if (patterns.every(([first]) => /^[._]/.test(textOf(first)))) {
    return mistake(`Names that begin with . or _ are always ignored: ${source} finds nothing.`, at);
  }
  return patterns.some(hasDigitBesideIndex)
    ? mistake('There is a digit directly next to {day}, so the two cannot be told apart.', at)
    : [];
}

function hasDigitBesideIndex(pattern: Pattern): boolean {
  return pattern.some((token, index) => {
    if (token.kind !== 'part' || token.part !== 'index') return false;
    return /[0-9]$/.test(textOf(pattern[index - 1])) || /^[0-9]/.test(textOf(pattern[index + 1]));
  });
}

function textOf(token: Token | undefined): string {
  return token?.kind === 'text' ? token.text : '';
}

// ---------------------------------------------------------------- the files

function fileMistakes(
  text: string,
  { patterns, source, at }: PlacedSegment,
  isWide: boolean,
): Mistake[] {
  const found = patterns.map((pattern) =>
    formEnding.exec(textOf(pattern.at(-1)))?.[0].toLowerCase(),
  );
  if (text.endsWith('/') || found.includes(undefined)) {
    const message = `Its last name, ${source}, must end with the extension of the files`;
    const isFolder = text.endsWith('/') || /\{day[^.]*$/.test(source);
    const example = isFolder ? `${text.replace(/\/*$/, '/')}*.csv{,.gz}` : '*.csv{,.gz}';
    return mistake(`${message}, such as ${example}.`, at);
  }
  const endings = found.filter((each) => each !== undefined);
  const never = endings.find((each) => fileFormOf(each) === null);
  if (never !== undefined) {
    return mistake(`Files that end with ${never} cannot be read: Parquet compresses itself.`, at);
  }
  const [other] = isWide ? unreadBy('wide', endings) : [];
  return other === undefined
    ? []
    : mistake(
        `Files that end with ${other} are not for wide, which reads .csv, compressed or not.`,
        at,
      );
}

/** With extensions in upper or lower case: some systems write `ORDERS.CSV`. */
export function withEndings({ source, patterns }: Segment): Segment {
  return { source, patterns: patterns.map(withEnding) };
}

function withEnding(pattern: Pattern): Pattern {
  const text = textOf(pattern.at(-1));
  const end = formEnding.exec(text)?.[0] ?? '';
  const start = text.slice(0, text.length - end.length);
  return [
    ...pattern.slice(0, -1),
    ...(start === '' ? [] : [{ kind: 'text' as const, text: start, anyCase: false }]),
    { kind: 'text', text: end, anyCase: true },
  ];
}

/** The extensions of files, each once: `.csv` and `.csv.gz`. */
export function endingsOf({ segments }: { readonly segments: readonly Segment[] }): string[] {
  const patterns = segments.at(-1)?.patterns ?? [];
  return [...new Set(patterns.map((pattern) => textOf(pattern.at(-1)).toLowerCase()))];
}
